import type { Graph } from "./graph.ts";

/** Not reached within the limit. */
export const NEVER = Number.POSITIVE_INFINITY;

/**
 * Least seconds from entering any of the sources to entering each step, over all paths: set waits and timeouts count in full,
 * open-ended waits count nothing (they may end at once). Steps farther than `limitSeconds` are NEVER. Dijkstra in which edges
 * without delay bypass the heap, so long chains of quick steps cost O(1) each.
 */
export function leastDelay(graph: Graph, sources: Iterable<number>, limitSeconds = NEVER): Float64Array {
  const { size, firstEdge, edgeTarget, edgeDelay } = graph;
  const least = new Float64Array(size).fill(NEVER);
  const done = new Uint8Array(size);
  const now: number[] = [];
  const heap = createHeap();
  for (const source of sources) {
    least[source] = 0;
    now.push(source);
  }
  for (;;) {
    let node = now.pop();
    if (node === undefined) {
      node = heap.pop();
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
      else heap.push(target, there);
    }
  }
}

/** A binary heap of steps by time; a step may stand in it several times, the earliest one counts. */
function createHeap(): { readonly push: (node: number, time: number) => void; readonly pop: () => number | undefined } {
  const nodes: number[] = [];
  const times: number[] = [];
  const swap = (a: number, b: number) => {
    const node = nodes[a] as number;
    const time = times[a] as number;
    nodes[a] = nodes[b] as number;
    times[a] = times[b] as number;
    nodes[b] = node;
    times[b] = time;
  };
  return {
    push(node, time) {
      let at = nodes.push(node) - 1;
      times.push(time);
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if ((times[parent] as number) <= (times[at] as number)) break;
        swap(parent, at);
        at = parent;
      }
    },
    pop() {
      if (nodes.length === 0) return undefined;
      swap(0, nodes.length - 1);
      const node = nodes.pop();
      times.pop();
      for (let at = 0; ; ) {
        const left = 2 * at + 1;
        if (left >= nodes.length) return node;
        const right = left + 1;
        const child = right < nodes.length && (times[right] as number) < (times[left] as number) ? right : left;
        if ((times[at] as number) <= (times[child] as number)) return node;
        swap(at, child);
        at = child;
      }
    },
  };
}
