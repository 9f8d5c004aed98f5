import { int32s } from "../number-arrays.ts";
import type { Analysis } from "../view.ts";
import type { Graph } from "./graph.ts";

/** Strongly connected components: steps that lead to each other, so a run can go round among them. */
export interface Components {
  readonly count: number;
  /** Component of each step. Numbers are in reverse topological order: an edge never leads to a higher number. */
  readonly of: Int32Array;
  /** Steps by component: those of component c are `members[first[c] … first[c + 1]]`. */
  readonly members: Int32Array;
  readonly first: Int32Array;
  /** 1 for components that hold a cycle: more than one step, or a step that leads to itself. */
  readonly cyclic: Uint8Array;
  readonly cyclicCount: number;
}

/** A graph of whatever kind: row `node` of the edges is `firstEdge[node] … firstEdge[node + 1]`. */
export type Edges = Pick<Graph, "size" | "firstEdge" | "edgeTarget">;

export const components: Analysis<Components> = (view) => stronglyConnected(view.graph, null);

/**
 * Tarjan's algorithm without recursion, in O(steps + edges). `keep`, when given, says per edge (1) whether it counts.
 */
export function stronglyConnected(graph: Edges, keep: Uint8Array | null): Components {
  const { size, firstEdge, edgeTarget } = graph;
  const of = int32s(size).fill(-1);
  const members = int32s(size);
  const low = int32s(size);
  const order = int32s(size); // 1-based; 0: not visited
  const nextEdge = int32s(size);
  const path = int32s(size);
  const open = int32s(size);
  const first = int32s(size + 1);
  const cyclic = new Uint8Array(size);
  let clock = 0;
  let openTop = 0;
  let count = 0;
  let placed = 0;
  let cyclicCount = 0;
  for (let root = 0; root < size; root++) {
    if (order[root] !== 0) continue;
    let top = 0;
    path[top++] = root;
    open[openTop++] = root;
    order[root] = low[root] = ++clock;
    nextEdge[root] = firstEdge[root] as number;
    while (top > 0) {
      const node = path[top - 1] as number;
      const edge = nextEdge[node] as number;
      if (edge < (firstEdge[node + 1] as number)) {
        nextEdge[node] = edge + 1;
        if (keep !== null && keep[edge] === 0) continue;
        const target = edgeTarget[edge] as number;
        if (order[target] === 0) {
          path[top++] = target;
          open[openTop++] = target;
          order[target] = low[target] = ++clock;
          nextEdge[target] = firstEdge[target] as number;
        } else if (of[target] === -1) {
          if ((order[target] as number) < (low[node] as number)) low[node] = order[target] as number;
        }
        continue;
      }
      top--;
      if (top > 0) {
        const parent = path[top - 1] as number;
        if ((low[node] as number) < (low[parent] as number)) low[parent] = low[node] as number;
      }
      if (low[node] !== order[node]) continue;
      first[count] = placed;
      let member: number;
      do {
        member = open[--openTop] as number;
        of[member] = count;
        members[placed++] = member;
      } while (member !== node);
      const holdsCycle = placed - (first[count] as number) > 1 || leadsToItself(graph, node, keep);
      cyclic[count] = holdsCycle ? 1 : 0;
      if (holdsCycle) cyclicCount++;
      count++;
    }
  }
  first[count] = placed;
  return { count, of, members, first: first.subarray(0, count + 1), cyclic: cyclic.subarray(0, count), cyclicCount };
}

function leadsToItself(graph: Edges, node: number, keep: Uint8Array | null): boolean {
  const last = graph.firstEdge[node + 1] as number;
  for (let edge = graph.firstEdge[node] as number; edge < last; edge++) {
    if (graph.edgeTarget[edge] === node && (keep === null || keep[edge] === 1)) return true;
  }
  return false;
}
