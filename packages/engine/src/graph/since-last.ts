import { float64s, int32s } from "../number-arrays.ts";
import type { Graph } from "./graph.ts";
import { NEVER } from "./least-delay.ts";
import { createTimeHeap } from "./time-heap.ts";

/** The nearest earlier step of a kind, seen from every step. A way has at least one edge, so a source may see another one, or itself. */
export interface SinceLast {
  /** Least seconds from a source to entering the step; NEVER when none leads there within the limit. */
  readonly seconds: Float64Array;
  /** That source; of several equally near ones the one that stands first in `sources`. Only where `seconds` is given. */
  readonly from: Int32Array;
  /** The step before, on the way from it. */
  readonly before: Int32Array;
}

/**
 * Least seconds since the last of the sources, over all ways that nothing holds for an unknown time: a contact who has to answer,
 * a date or a drip ends a way. Each step but the sources is passed once, in order of time, so steps beyond the limit cost nothing.
 */
export function sinceLast(graph: Graph, sources: readonly number[], limitSeconds: number): SinceLast {
  const { size, firstEdge, edgeTarget, edgeDelay, edgeOpenEnded } = graph;
  const seconds = float64s(size).fill(NEVER);
  const from = int32s(size);
  const before = int32s(size);
  const isSource = new Uint8Array(size);
  for (const source of sources) isSource[source] = 1;
  const heap = createTimeHeap();
  const now: number[] = [];
  const enter = (node: number, by: number, source: number, at: number) => {
    if (seconds[node] !== NEVER) return;
    seconds[node] = at;
    from[node] = source;
    before[node] = by;
    if (isSource[node] === 0) now.push(node);
  };
  const leave = (node: number, source: number, rank: number, at: number) => {
    const last = firstEdge[node + 1] as number;
    for (let edge = firstEdge[node] as number; edge < last; edge++) {
      const delay = edgeDelay[edge] as number;
      if (edgeOpenEnded[edge] === 1 || at + delay > limitSeconds) continue;
      if (delay === 0) enter(edgeTarget[edge] as number, node, source, at);
      else heap.push(edge, at + delay, rank);
    }
  };
  const spread = (source: number, rank: number, at: number) => {
    for (let node = now.pop(); node !== undefined; node = now.pop()) leave(node, source, rank, at);
  };
  for (let rank = 0; rank < sources.length; rank++) {
    const source = sources[rank] as number;
    leave(source, source, rank, 0);
    spread(source, rank, 0);
  }
  const tails = heap.size() === 0 ? null : tailsOf(graph);
  for (let next = heap.pop(); next !== undefined && tails !== null; next = heap.pop()) {
    const { item: edge, time, rank } = next;
    const source = sources[rank] as number;
    enter(edgeTarget[edge] as number, tails[edge] as number, source, time);
    spread(source, rank, time);
  }
  return { seconds, from, before };
}

/** The step that each edge leaves. */
function tailsOf({ size, firstEdge, edgeTarget }: Graph): Int32Array {
  const tails = int32s(edgeTarget.length);
  for (let node = 0; node < size; node++) tails.fill(node, firstEdge[node], firstEdge[node + 1]);
  return tails;
}
