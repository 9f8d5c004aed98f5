import { stepTypeOf } from "../domain/step-types.ts";
import { textOf } from "../model/attributes.ts";
import { Trait } from "../model/traits.ts";
import { waitKind } from "../model/waits.ts";
import type { Step } from "../model/workflow.ts";
import type { Analysis } from "../view.ts";
import { type Atom, atomsOf, type Condition, type FieldKind, hasUnreadable } from "./ast.ts";
import { branchConditions, waitConditions } from "./branch-conditions.ts";

/** What may have happened to a contact meanwhile, as bits. */
const state = 1 << 0;
const deal = 1 << 1;
const appointment = 1 << 2;
const payment = 1 << 3;
const response = 1 << 4;
const unknown = 1 << 5;

export const Notice = {
  /** What somebody keeps about the contact: a tag, a field of the location, the workflows they are in. */
  state,
  /** A deal, its stage or its status. */
  deal,
  /** A booking or its status. */
  appointment,
  /** An invoice, an order, a payment. */
  payment,
  /** The contact reacted: a reply, a click, an opened email. */
  response,
  /** It asks for something that cannot be read: nothing may be concluded from what it does not notice. */
  unknown,
  /** Everything that is kept, so that it can be asked for at any time later. */
  kept: state | deal | appointment | payment | unknown,
  any: state | deal | appointment | payment | response | unknown,
} as const;

/** What the ways out of a step (a decision, a wait, a lookup) tell apart: bits of `Notice`, 0 for nothing of that. */
export const noticed: Analysis<(step: Step) => number> = (view) => {
  const known = new Map<Step, number>();
  const conditionOf = view.derive(branchConditions);
  const waitsFor = view.derive(waitConditions);
  const read = (step: Step): number => {
    if (step.type === "wait") {
      if (waitKind(step) !== "event") return 0;
      const condition = waitsFor(step);
      return textOf(step.attributes["type"]) !== "condition"
        ? response
        : condition === null
          ? unknown
          : bitsIn(condition);
    }
    if ((step.traits & Trait.decide) === 0) return 0;
    if (step.type === "find_opportunity") return deal;
    if (stepTypeOf(step.type)?.kind === "lookup" || step.type === "workflow_split") return 0;
    let bits = (step.traits & Trait.ai) === 0 ? 0 : response;
    for (const branch of step.branches) if (branch.condition !== null) bits |= bitsIn(conditionOf(branch));
    return bits;
  };
  return (step) => {
    if ((step.traits & (Trait.decide | Trait.pause)) === 0) return 0;
    let bits = known.get(step);
    if (bits === undefined) {
      bits = read(step);
      known.set(step, bits);
    }
    return bits;
  };
};

function bitsIn(condition: Condition): number {
  let bits = hasUnreadable(condition) ? unknown : 0;
  for (const atom of atomsOf(condition)) bits |= bitOf(atom);
  return bits;
}

const bitOfKind: Readonly<Partial<Record<FieldKind, number>>> = {
  tag: state,
  "custom-field": state,
  workflow: state,
  note: state,
  task: state,
  form: state,
  opportunity: deal,
  appointment,
  invoice: payment,
  payment,
  reply: response,
  message: response,
  "email-event": response,
  link: response,
  webhook: unknown,
  "step-output": unknown,
  other: unknown,
};

/** Of the fields that every contact has, these change when somebody becomes a client or leaves. */
const changing: ReadonlySet<string> = new Set(["contact.type", "contact.contacttype", "contact.dnd"]);

function bitOf({ field }: Atom): number {
  // A field that no standard list holds is the location's own.
  if (field.kind === "contact") return changing.has(field.key) || field.shape === "unknown" ? state : 0;
  return bitOfKind[field.kind] ?? 0;
}
