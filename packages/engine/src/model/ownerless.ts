import { atomsOf } from "../conditions/ast.ts";
import { branchConditions } from "../conditions/branch-conditions.ts";
import { triggerTypeOf } from "../domain/trigger-types.ts";
import { NOBODY, spread, startsBy } from "../graph/spread.ts";
import { texts } from "../text/texts.ts";
import type { Analysis, View } from "../view.ts";
import { recordOf, textOf } from "./attributes.ts";
import { fieldWrites } from "./field-writes.ts";
import { Trait } from "./traits.ts";
import type { Branch, Step, Trigger } from "./workflow.ts";

/** Steps that need the contact's owner in runs of new leads that nobody was assigned to, and a trigger of such runs. */
export interface Ownerless {
  readonly steps: readonly Step[];
  readonly trigger: Trigger;
}

const assigning = new Set(["assign_user", "assign_to_user_tool"]);
const assignedRoles = new Set(["assign", "assigned", "assigned_user", "assigneduser", "contact_owner"]);
const ownerFields = new Set(["contact.assignedto", "contact.assigneduser", "contact.owner"]);

/** null when every lead has an owner where one is needed, or none is needed. */
export const ownerless: Analysis<Ownerless | null> = (view) => {
  const { triggers } = view.workflow;
  const capturing = (type: string) => triggerTypeOf(type)?.leadCapture === true;
  if (triggers === null || !triggers.some(({ type }) => capturing(type))) return null;
  const needy = stepsThatNeedOwner(view);
  if (needy.size === 0) return null;
  const conditionOf = view.derive(branchConditions);
  const writers = new Set(
    view.derive(fieldWrites).flatMap(({ field, step }) => (/^(?:contact\.)?assigned_?to$/i.test(field) ? [step] : [])),
  );
  const asksOwner = (branch: Branch) =>
    branch.condition !== null && atomsOf(conditionOf(branch)).some(({ field }) => ownerFields.has(field.key));
  const asking = new Set(view.stepsWith(Trait.decide).filter(({ branches }) => branches.some(asksOwner)));
  const unassigned = spread(
    view,
    startsBy(view, (trigger) => trigger !== null && capturing(trigger.type)),
    (step, branch) => {
      if (!step.disabled && (assigning.has(step.type) || writers.has(step))) return false;
      return branch === undefined || !asking.has(step);
    },
  );
  const steps = view.workflow.steps.filter((step) => needy.has(step) && unassigned[step.index] !== NOBODY);
  const [first] = steps;
  const trigger = first === undefined ? undefined : triggers[unassigned[first.index] ?? NOBODY];
  return trigger === undefined ? null : { steps, trigger };
};

function stepsThatNeedOwner(view: View): ReadonlySet<Step> {
  const needy = new Set<Step>();
  const add = (step: Step) => {
    if (!step.disabled) needy.add(step);
  };
  for (const step of view.stepsOfType("internal_notification")) {
    const settings = recordOf(step.attributes[textOf(step.attributes["type"])]);
    if (isOwner(settings["userType"])) add(step);
  }
  for (const step of view.stepsOfType("task-notification")) if (isOwner(step.attributes["assignedTo"])) add(step);
  for (const step of view.stepsOfType("call")) add(step);
  const shared = view.derive(texts);
  if ([...shared.paths].some(isUserField)) {
    for (const { text, fields } of shared.merging) if (fields.some(({ path }) => isUserField(path))) add(text.step);
  }
  return needy;
}

function isOwner(value: unknown): boolean {
  return assignedRoles.has(textOf(value).toLowerCase());
}

function isUserField(path: string): boolean {
  return /^user\./i.test(path);
}
