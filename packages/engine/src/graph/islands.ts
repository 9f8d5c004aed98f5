import type { Analysis, View } from "../view.ts";
import { reachability } from "./reachability.ts";

/** Steps that nothing reaches, in pieces that hang together. */
export interface Island {
  /** In document order. */
  readonly steps: readonly number[];
  /** Those that no step of the island leads to; when all are led to (a circle), the one with the smallest id. */
  readonly heads: readonly number[];
}

export const islands: Analysis<readonly Island[]> = (view) => {
  const { size, firstEdge, edgeTarget, cut } = view.graph;
  const { reached, count } = view.derive(reachability);
  if (count === size) return [];
  const parent = Int32Array.from({ length: size }, (_, at) => at);
  const find = (node: number): number => {
    let at = node;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at] as number] as number;
      at = parent[at] as number;
    }
    return at;
  };
  const ledTo = new Uint8Array(size);
  const join = (from: number, to: number) => {
    if (reached[from] === 1 || reached[to] === 1) return;
    if (from !== to) ledTo[to] = 1;
    const a = find(from);
    const b = find(to);
    // The smaller root stays, so that an island is named by its first step.
    if (a < b) parent[b] = a;
    else parent[a] = b;
  };
  for (let node = 0; node < size; node++) {
    if (reached[node] === 1) continue;
    const last = firstEdge[node + 1] as number;
    for (let edge = firstEdge[node] as number; edge < last; edge++) join(node, edgeTarget[edge] as number);
  }
  for (let at = 0; at < cut.length; at += 2) join(cut[at] as number, cut[at + 1] as number);
  const byRoot = new Map<number, number[]>();
  for (let node = 0; node < size; node++) {
    if (reached[node] === 1) continue;
    const root = find(node);
    const list = byRoot.get(root);
    if (list === undefined) byRoot.set(root, [node]);
    else list.push(node);
  }
  return [...byRoot.values()].map((steps) => {
    const heads = steps.filter((node) => ledTo[node] === 0);
    return { steps, heads: heads.length === 0 ? [smallestId(view, steps)] : heads };
  });
};

/** A circle has no first step; by its id the same one stands for it in whatever order the document lists them. */
function smallestId(view: View, steps: readonly number[]): number {
  const idOf = (node: number) => view.workflow.steps[node]?.id ?? "";
  return steps.reduce((best, node) => (idOf(node) < idOf(best) ? node : best));
}
