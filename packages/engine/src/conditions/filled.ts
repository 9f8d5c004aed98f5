import { reachedBy, spread, startsBy } from "../graph/spread.ts";
import type { Branch, Step } from "../model/workflow.ts";
import type { Analysis, View } from "../view.ts";
import type { Atom, Condition, Field } from "./ast.ts";
import { branchConditions } from "./branch-conditions.ts";

type IsField = (field: Field) => boolean;

/**
 * 1 for every step that a run can reach without a condition on the way having found one of the fields filled.
 */
export function reachedUnfilled(view: View, isField: IsField): Uint8Array {
  const finds = fillFinder(view, isField);
  const labels = spread(
    view,
    startsBy(view, () => true),
    (step, branch) => branch === undefined || !finds(step, branch),
  );
  return reachedBy(labels);
}

/** Does taking this branch show that one of the fields is filled? */
export function fillFinder(view: View, isField: IsField): (step: Step, branch: Branch) => boolean {
  const conditionOf = view.derive(branchConditions);
  return (step, branch) => {
    if (branch.condition !== null && asksFilled(conditionOf(branch), isField)) return true;
    // A branch that is tried before and asks for "empty" was not taken.
    for (const earlier of step.branches) {
      if (earlier === branch) return false;
      if (earlier.condition !== null && asksEmpty(conditionOf(earlier), isField)) return true;
    }
    return false;
  };
}

const filled: ReadonlySet<Atom["test"]["kind"]> = new Set([
  "not-empty",
  "equals",
  "contains",
  "starts-with",
  "ends-with",
  "includes",
  "includes-any",
  "includes-all",
  "range",
]);

function asksFilled(condition: Condition, isField: IsField): boolean {
  if (condition.kind === "atom") return isField(condition.atom.field) && filled.has(condition.atom.test.kind);
  if (condition.kind === "all") return condition.of.some((part) => asksFilled(part, isField));
  return condition.kind === "any" && condition.of.every((part) => asksFilled(part, isField));
}

/** Is the branch taken whenever one of the fields is empty? */
function asksEmpty(condition: Condition, isField: IsField): boolean {
  if (condition.kind === "atom") return isField(condition.atom.field) && condition.atom.test.kind === "empty";
  return condition.kind === "any" && condition.of.some((part) => asksEmpty(part, isField));
}

/** The contact's name fields, as conditions key them. */
const names: ReadonlySet<string> = new Set([
  "contact.firstname",
  "contact.name",
  "contact.fullname",
  "contact.lastname",
]);

/** 1 for every step that a run can reach without a condition having found the contact's name filled. */
export const reachedWithoutName: Analysis<Uint8Array> = (view) => reachedUnfilled(view, ({ key }) => names.has(key));
