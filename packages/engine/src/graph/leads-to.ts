import type { Step } from "../model/workflow.ts";
import type { View } from "../view.ts";
import { components } from "./components.ts";

/** 1 for every step from which a step that fits can be reached, itself included. O(steps + edges). */
export function leadsTo(view: View, fits: (step: Step) => boolean): Uint8Array {
  const { size, firstEdge, edgeTarget } = view.graph;
  const { count, members, first, of } = view.derive(components);
  const { steps } = view.workflow;
  const leads = new Uint8Array(size);
  const component = new Uint8Array(count);
  // Components come in reverse topological order: everything behind one is known before it.
  for (let at = 0; at < count; at++) {
    const last = first[at + 1] as number;
    for (let member = first[at] as number; member < last && component[at] === 0; member++) {
      const node = members[member] as number;
      if (fits(steps[node] as Step)) component[at] = 1;
      const lastEdge = firstEdge[node + 1] as number;
      for (let edge = firstEdge[node] as number; edge < lastEdge; edge++) {
        if (component[of[edgeTarget[edge] as number] as number] === 1) component[at] = 1;
      }
    }
    if (component[at] === 1) for (let m = first[at] as number; m < last; m++) leads[members[m] as number] = 1;
  }
  return leads;
}
