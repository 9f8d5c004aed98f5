import { int32s } from "../number-arrays.ts";
import type { Analysis } from "../view.ts";
import { incoming } from "./incoming.ts";

/** The steps that every run must pass before it reaches a step, whatever trigger, branch or goal jump it takes. */
export interface Dominators {
  /** The nearest such step; -1 when there is none (an entry, a goal, or where ways from several entries meet) or nothing reaches it. */
  readonly immediate: Int32Array;
  /** Does every way to `step` pass `before`? A step dominates itself. False for a step that nothing reaches. O(1). */
  readonly dominates: (before: number, step: number) => boolean;
  /** Numbers the steps so that each comes behind those that dominate it, with all that it dominates next to it; -1: not reached. */
  readonly order: Int32Array;
}

/**
 * Lengauer and Tarjan's algorithm, simple version, O(edges · log steps), without recursion. A virtual root (number `size`) stands
 * in front of all entries and goals.
 */
export const dominators: Analysis<Dominators> = (view) => {
  const { graph } = view;
  const { size, firstEdge, edgeTarget, entries, goals } = graph;
  const into = view.derive(incoming);
  const root = size;
  const starts: number[] = [];
  for (let at = 0; at < entries.length; at += 2) starts.push(entries[at] as number);
  starts.push(...goals);
  const isStart = new Uint8Array(size);
  for (const start of starts) isStart[start] = 1;

  // Depth-first numbers; `vertex[number]` is the step.
  const number = int32s(size + 1).fill(-1);
  const vertex = int32s(size + 1);
  const parent = int32s(size + 1).fill(-1);
  const nextEdge = int32s(size + 1);
  const path = int32s(size + 1);
  let count = 0;
  number[root] = count;
  vertex[count++] = root;
  for (const start of starts) {
    if (number[start] !== -1) continue;
    let top = 0;
    const visit = (node: number, from: number) => {
      number[node] = count;
      vertex[count++] = node;
      parent[node] = from;
      nextEdge[node] = firstEdge[node] as number;
      path[top++] = node;
    };
    visit(start, root);
    while (top > 0) {
      const node = path[top - 1] as number;
      const edge = nextEdge[node] as number;
      if (edge === (firstEdge[node + 1] as number)) {
        top--;
        continue;
      }
      nextEdge[node] = edge + 1;
      const target = edgeTarget[edge] as number;
      if (number[target] === -1) visit(target, node);
    }
  }

  const semi = int32s(size + 1); // by step: number of its semidominator
  semi.set(number);
  const ancestor = int32s(size + 1).fill(-1);
  const label = int32s(size + 1);
  for (let node = 0; node <= size; node++) label[node] = node;
  const immediate = int32s(size + 1).fill(-1);
  const bucketHead = int32s(size + 1).fill(-1);
  const bucketNext = int32s(size + 1).fill(-1);
  const chain = int32s(size + 1);
  const evaluate = (node: number): number => {
    if (ancestor[node] === -1) return node;
    let length = 0;
    for (let at = node; ancestor[ancestor[at] as number] !== -1; at = ancestor[at] as number) chain[length++] = at;
    while (length > 0) {
      const at = chain[--length] as number;
      const above = ancestor[at] as number;
      const best = label[above] as number;
      if ((semi[best] as number) < (semi[label[at] as number] as number)) label[at] = best;
      ancestor[at] = ancestor[above] as number;
    }
    return label[node] as number;
  };
  for (let at = count - 1; at > 0; at--) {
    const node = vertex[at] as number;
    if (isStart[node] === 1) semi[node] = 0;
    const last = into.first[node + 1] as number;
    for (let row = into.first[node] as number; row < last; row++) {
      const source = into.source[row] as number;
      if (number[source] === -1) continue;
      const best = semi[evaluate(source)] as number;
      if (best < (semi[node] as number)) semi[node] = best;
    }
    const holder = vertex[semi[node] as number] as number;
    bucketNext[node] = bucketHead[holder] as number;
    bucketHead[holder] = node;
    const above = parent[node] as number;
    ancestor[node] = above;
    for (let waiting = bucketHead[above] as number; waiting !== -1; waiting = bucketNext[waiting] as number) {
      const best = evaluate(waiting);
      immediate[waiting] = (semi[best] as number) < (semi[waiting] as number) ? best : above;
    }
    bucketHead[above] = -1;
  }
  for (let at = 1; at < count; at++) {
    const node = vertex[at] as number;
    const dominator = immediate[node] as number;
    if (dominator !== vertex[semi[node] as number]) immediate[node] = immediate[dominator] as number;
  }
  for (let node = 0; node < size; node++) if (immediate[node] === root) immediate[node] = -1;
  const { first, last } = intervals(immediate, vertex, count, size);
  return {
    immediate: immediate.subarray(0, size),
    order: first,
    dominates: (before, step) =>
      number[step] !== -1 &&
      number[before] !== -1 &&
      (first[before] as number) <= (first[step] as number) &&
      (last[step] as number) <= (last[before] as number),
  };
};

/** Entry and exit times of a walk over the dominator tree: one step dominates another when its interval holds the other's. */
function intervals(immediate: Int32Array, vertex: Int32Array, count: number, size: number) {
  const below = int32s(size).fill(1);
  // Depth-first numbers grow down the dominator tree, so going backwards meets children first.
  for (let at = count - 1; at > 0; at--) {
    const node = vertex[at] as number;
    const above = immediate[node] as number;
    if (above !== -1) below[above] = (below[above] as number) + (below[node] as number);
  }
  const first = int32s(size).fill(-1);
  const last = int32s(size).fill(-1);
  const free = int32s(size);
  let clock = 0;
  for (let at = 1; at < count; at++) {
    const node = vertex[at] as number;
    const above = immediate[node] as number;
    const start = above === -1 ? clock : (free[above] as number);
    first[node] = start;
    last[node] = start + (below[node] as number) - 1;
    free[node] = start + 1;
    if (above === -1) clock += below[node] as number;
    else free[above] = start + (below[node] as number);
  }
  return { first, last };
}
