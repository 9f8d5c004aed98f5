import { int32s } from "../number-arrays.ts";
import type { Analysis } from "../view.ts";
import { reachability } from "./reachability.ts";
import { waitTimings } from "./wait-timings.ts";

/** By step: the nearest date wait before it on its shortest way, with the event's date unchanged since; -1 when there is none. */
export const previousDateWait: Analysis<Int32Array> = (view) => {
  const { before, order } = view.derive(reachability);
  const { of } = view.derive(waitTimings);
  const previous = int32s(view.graph.size).fill(-1);
  for (const node of order) {
    const parent = before[node] as number;
    if (parent === -1 || view.workflow.steps[parent]?.type === "event_start_date") continue;
    previous[node] = of[parent]?.kind === "date" ? parent : (previous[parent] as number);
  }
  return previous;
};
