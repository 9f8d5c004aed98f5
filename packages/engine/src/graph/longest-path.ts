import { float64s, int32s } from "../number-arrays.ts";
import type { Analysis } from "../view.ts";

/**
 * The longest time a run can take when it goes through every loop once: the longest path by set waits and timeouts over the graph
 * without the edges that close a circle. Open-ended waits count nothing.
 */
export const longestPathSeconds: Analysis<number> = ({ graph }) => {
  const { size, firstEdge, edgeTarget, edgeDelay } = graph;
  const longest = float64s(size);
  const state = new Uint8Array(size); // 0 new, 1 on the path, 2 done
  const path = int32s(size);
  const nextEdge = int32s(size);
  let most = 0;
  for (let root = 0; root < size; root++) {
    if (state[root] !== 0) continue;
    let top = 0;
    path[top++] = root;
    state[root] = 1;
    nextEdge[root] = firstEdge[root] as number;
    while (top > 0) {
      const node = path[top - 1] as number;
      const edge = nextEdge[node] as number;
      if (edge < (firstEdge[node + 1] as number)) {
        const target = edgeTarget[edge] as number;
        if (state[target] === 0) {
          path[top++] = target;
          state[target] = 1;
          nextEdge[target] = firstEdge[target] as number;
          continue; // the edge is counted when its target is done
        }
        nextEdge[node] = edge + 1;
        if (state[target] === 1) continue;
        const seconds = (edgeDelay[edge] as number) + (longest[target] as number);
        if (seconds > (longest[node] as number)) longest[node] = seconds;
        continue;
      }
      state[node] = 2;
      top--;
      if ((longest[node] as number) > most) most = longest[node] as number;
    }
  }
  return most;
};
