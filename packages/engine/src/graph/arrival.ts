import type { Analysis } from "../view.ts";
import { leastDelay } from "./least-delay.ts";

/** Least seconds from coming into the workflow, by whichever way in, to each step; NEVER where no run comes. */
export const arrival: Analysis<Float64Array> = ({ graph }) => {
  const sources: number[] = [];
  for (let at = 0; at < graph.entries.length; at += 2) sources.push(graph.entries[at] as number);
  return leastDelay(graph, sources);
};
