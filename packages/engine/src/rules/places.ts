import type { Branch, Step } from "../model/workflow.ts";
import type { View } from "../view.ts";
import type { Place } from "./rule.ts";

/** Most steps that one finding names; the evidence carries the full count. */
const MOST_PLACES = 50;

/** Steps by index, as the places a finding names. */
export function stepsAt(view: View, indexes: Iterable<number>): readonly Step[] {
  const found: Step[] = [];
  for (const index of indexes) {
    const step = view.workflow.steps[index];
    if (step !== undefined) found.push(step);
    if (found.length === MOST_PLACES) break;
  }
  return found;
}

/** A branch as a place, so that it can be accepted there; none when the document gives it no id. */
export function placeOfBranch(branch: Branch): readonly Place[] {
  return branch.id === null ? [] : [{ id: branch.id, name: branch.name, type: "branch" }];
}
