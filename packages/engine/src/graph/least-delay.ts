import { float64s } from "../number-arrays.ts";
import type { Graph } from "./graph.ts";
import { createTimeHeap } from "./time-heap.ts";

/** Not reached within the limit. */
export const NEVER = Number.POSITIVE_INFINITY;

/**
 * Least seconds from entering any of the sources to entering each step, over all paths: set waits and timeouts count in full,
 * open-ended waits count nothing (they may end at once). Steps farther than `limitSeconds` are NEVER. Dijkstra in which edges
 * without delay bypass the heap, so long chains of quick steps cost O(1) each.
 */
export function leastDelay(graph: Graph, sources: Iterable<number>, limitSeconds = NEVER): Float64Array {
  const { size, firstEdge, edgeTarget, edgeDelay } = graph;
  const least = float64s(size).fill(NEVER);
  const done = new Uint8Array(size);
  const now: number[] = [];
  const heap = createTimeHeap();
  for (const source of sources) {
    least[source] = 0;
    now.push(source);
  }
  for (;;) {
    let node = now.pop();
    if (node === undefined) {
      node = heap.pop()?.item;
      if (node === undefined) return least;
    }
    if (done[node] === 1) continue;
    done[node] = 1;
    const here = least[node] as number;
    const last = firstEdge[node + 1] as number;
    for (let edge = firstEdge[node] as number; edge < last; edge++) {
      const target = edgeTarget[edge] as number;
      const delay = edgeDelay[edge] as number;
      const there = here + delay;
      if (there >= (least[target] as number) || there > limitSeconds) continue;
      least[target] = there;
      if (delay === 0) now.push(target);
      else heap.push(target, there, 0);
    }
  }
}
