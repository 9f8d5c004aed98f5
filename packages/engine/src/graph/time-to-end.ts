import { Trait } from "../model/traits.ts";
import { END } from "../model/workflow.ts";
import { float64s } from "../number-arrays.ts";
import type { Analysis } from "../view.ts";
import { incoming } from "./incoming.ts";
import { NEVER } from "./least-delay.ts";
import { createTimeHeap } from "./time-heap.ts";

/** Least seconds from entering each step until a run can come to its end; NEVER where it goes round for ever. */
export const timeToEnd: Analysis<Float64Array> = (view) => {
  const { size, firstEdge, edgeDelay } = view.graph;
  const { first, source, edge } = view.derive(incoming);
  const least = float64s(size).fill(NEVER);
  const heap = createTimeHeap();
  const now: number[] = [];
  for (const step of view.workflow.steps) {
    const isLast = firstEdge[step.index] === firstEdge[step.index + 1];
    const pauses = (step.traits & Trait.pause) !== 0;
    if (!isLast && (pauses || !step.branches.some((branch) => branch.target === END))) continue;
    least[step.index] = 0;
    now.push(step.index);
  }
  for (;;) {
    const node = now.pop() ?? heap.pop()?.item;
    if (node === undefined) return least;
    const here = least[node] as number;
    const last = first[node + 1] as number;
    for (let row = first[node] as number; row < last; row++) {
      const from = source[row] as number;
      const delay = edgeDelay[edge[row] as number] as number;
      if (here + delay >= (least[from] as number)) continue;
      least[from] = here + delay;
      if (delay === 0) now.push(from);
      else heap.push(from, here + delay, 0);
    }
  }
};
