import { asked } from "../conditions/asked.ts";
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

const assigning = ["assign_user", "assign_to_user_tool"];
const assignedRoles = new Set(["assign", "assigned", "assigned_user", "assigneduser", "contact_owner"]);
const ownerFields = ["contact.assignedto", "contact.assigneduser", "contact.owner"];

/** null when every lead has an owner where one is needed, or none is needed. */
export const ownerless: Analysis<Ownerless | null> = (view) => {
  const { triggers } = view.workflow;
  const capturing = (type: string) => triggerTypeOf(type)?.leadCapture === true;
  if (triggers === null || !triggers.some(({ type }) => capturing(type))) return null;
  const needy = stepsThatNeedOwner(view);
  if (needy.length === 0) return null;
  const settled = stepsThatAssign(view);
  const asking = decisionsOnOwner(view);
  const unassigned = spread(
    view,
    startsBy(view, (trigger) => trigger !== null && capturing(trigger.type)),
    ({ index }, branch) => settled[index] === 0 && (branch === undefined || asking === null || asking[index] === 0),
  );
  const steps = needy.filter(({ index }) => unassigned[index] !== NOBODY);
  const [first] = steps;
  const trigger = first === undefined ? undefined : triggers[unassigned[first.index] ?? NOBODY];
  return trigger === undefined ? null : { steps, trigger };
};

/** 1 for the steps behind which the contact has an owner. */
function stepsThatAssign(view: View): Uint8Array {
  const assigns = new Uint8Array(view.graph.size);
  for (const type of assigning)
    for (const { index, disabled } of view.stepsOfType(type)) if (!disabled) assigns[index] = 1;
  for (const { field, step } of view.derive(fieldWrites))
    if (/^(?:contact\.)?assigned_?to$/i.test(field)) assigns[step.index] = 1;
  return assigns;
}

/** 1 for the decisions that ask for the owner; null when none does. */
function decisionsOnOwner(view: View): Uint8Array | null {
  const { keys } = view.derive(asked);
  if (!ownerFields.some((key) => keys.has(key))) return null;
  const conditionOf = view.derive(branchConditions);
  const asksOwner = (branch: Branch) =>
    branch.condition !== null && atomsOf(conditionOf(branch)).some(({ field }) => ownerFields.includes(field.key));
  const asking = new Uint8Array(view.graph.size);
  for (const { index, branches } of view.stepsWith(Trait.decide)) if (branches.some(asksOwner)) asking[index] = 1;
  return asking;
}

/** In document order. */
function stepsThatNeedOwner(view: View): readonly Step[] {
  const needs = new Uint8Array(view.graph.size);
  let count = 0;
  const add = ({ index, disabled }: Step) => {
    if (disabled || needs[index] === 1) return;
    needs[index] = 1;
    count++;
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
  return count === 0 ? [] : view.workflow.steps.filter(({ index }) => needs[index] === 1);
}

function isOwner(value: unknown): boolean {
  return assignedRoles.has(textOf(value).toLowerCase());
}

function isUserField(path: string): boolean {
  return /^user\./i.test(path);
}
