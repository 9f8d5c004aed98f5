import { Trait } from "../model/traits.ts";
import type { Branch, Step } from "../model/workflow.ts";
import type { Analysis } from "../view.ts";

/** A step that tests conditions from top to bottom and takes the first branch that holds, else None. */
export interface Decision {
  readonly step: Step;
  /** Branches with conditions, in the order they are tested. */
  readonly named: readonly Branch[];
  readonly none: Branch | null;
}

/** Every If/Else that is set up; routers (all lanes run) and choices made by a model are none. */
export const decisions: Analysis<readonly Decision[]> = (view) => {
  const found: Decision[] = [];
  for (const step of view.stepsWith(Trait.decide)) {
    const { branches } = step;
    let none: Branch | null = null;
    let count = 0;
    for (const branch of branches) {
      if (branch.kind === "none") none = branch;
      else if (branch.kind !== "condition" || branch.condition === null) {
        count = 0;
        break;
      } else count++;
    }
    if (count === 0) continue;
    const named = none === null ? branches : branches.filter(({ kind }) => kind !== "none");
    found.push({ step, named, none });
  }
  return found;
};
