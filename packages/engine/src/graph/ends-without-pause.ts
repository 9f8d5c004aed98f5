import { Trait } from "../model/traits.ts";
import { END } from "../model/workflow.ts";
import type { Analysis } from "../view.ts";
import { incoming } from "./incoming.ts";

/** 1 for every step from which a run can come to its end without being held anywhere, the step's own pause included. */
export const endsWithoutPause: Analysis<Uint8Array> = (view) => {
  const { size, firstEdge, edgeDelay, edgeOpenEnded } = view.graph;
  const { first, source, edge } = view.derive(incoming);
  const ends = new Uint8Array(size);
  const open: number[] = [];
  for (const step of view.workflow.steps) {
    const last = firstEdge[step.index] === firstEdge[step.index + 1];
    const pauses = (step.traits & Trait.pause) !== 0;
    if (!last && (pauses || !step.branches.some((branch) => branch.target === END))) continue;
    ends[step.index] = 1;
    open.push(step.index);
  }
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const last = first[node + 1] as number;
    for (let row = first[node] as number; row < last; row++) {
      const from = source[row] as number;
      const taken = edge[row] as number;
      if (ends[from] === 1 || (edgeDelay[taken] as number) > 0 || edgeOpenEnded[taken] === 1) continue;
      ends[from] = 1;
      open.push(from);
    }
  }
  return ends;
};
