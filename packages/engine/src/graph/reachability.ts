import { int32s } from "../number-arrays.ts";
import type { Analysis } from "../view.ts";
import type { Graph } from "./graph.ts";

/** Which steps a run can reach, and the shortest way (fewest steps) to each: the one tree that all witness paths come from. */
export interface Reachability {
  /** 1 for every step that a run can reach over edges of all kinds, goal jumps included. */
  readonly reached: Uint8Array;
  readonly count: number;
  /** The reached steps, each behind the one before it on its way. */
  readonly order: Int32Array;
  /** The step before, on the shortest way; -1 where the way starts. */
  readonly before: Int32Array;
  /** The edge taken from `before`; -1 where the way starts. */
  readonly edge: Int32Array;
  /** Where a way starts: index of the trigger, or NO_TRIGGER, or BY_GOAL. */
  readonly start: Int32Array;
}

/** Enrolled from outside, or the document does not say by what. */
export const NO_TRIGGER = -1;
/** Nothing leads there but a goal jump. */
export const BY_GOAL = -2;

export const reachability: Analysis<Reachability> = (view) => shortestWays(view.graph);

export function shortestWays(graph: Graph): Reachability {
  const { size, firstEdge, edgeTarget, entries, goals } = graph;
  const reached = new Uint8Array(size);
  const before = int32s(size).fill(-1);
  const edgeTaken = int32s(size).fill(-1);
  const start = int32s(size).fill(NO_TRIGGER);
  const queue = int32s(size);
  let head = 0;
  let tail = 0;
  const enter = (step: number, by: number) => {
    if (reached[step] === 1) return;
    reached[step] = 1;
    start[step] = by;
    queue[tail++] = step;
  };
  const spread = () => {
    while (head < tail) {
      const node = queue[head++] as number;
      const last = firstEdge[node + 1] as number;
      for (let edge = firstEdge[node] as number; edge < last; edge++) {
        const target = edgeTarget[edge] as number;
        if (reached[target] === 1) continue;
        reached[target] = 1;
        before[target] = node;
        edgeTaken[target] = edge;
        queue[tail++] = target;
      }
    }
  };
  for (let at = 0; at < entries.length; at += 2) enter(entries[at] as number, entries[at + 1] as number);
  spread();
  for (const goal of goals) enter(goal, BY_GOAL);
  spread();
  return { reached, count: tail, order: queue.subarray(0, tail), before, edge: edgeTaken, start };
}
