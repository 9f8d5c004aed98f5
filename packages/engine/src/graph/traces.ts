import { stepTypeOf } from "../domain/step-types.ts";
import { Trait } from "../model/traits.ts";
import { END, type Step } from "../model/workflow.ts";
import type { Analysis } from "../view.ts";
import { leadsTo } from "./leads-to.ts";
import { NOBODY, spread, startsBy } from "./spread.ts";

/** Does the step leave something that a person can find later: a note, tag, task, alert, written field or changed deal? */
export function leavesTrace({ type, traits, disabled }: Step): boolean {
  if (disabled) return false;
  if ((traits & Trait.internal) !== 0 || type === "google_sheets") return true;
  if ((traits & Trait.opportunity) !== 0) return stepTypeOf(type)?.kind === "opportunity";
  return (traits & Trait.writesContact) !== 0 && !traceless.has(type);
}

/** Changes of the contact that say nothing of why. */
const traceless = new Set([
  "dnd_contact",
  "internal-delete-contact",
  "edit_conversation",
  "contact_email_verification",
  "lc_merge_contact",
]);

/** What a run leaves behind on its ways past a step. */
export interface Traces {
  /** Some way from a start to the step passes nothing that leaves a trace. */
  readonly noneBefore: (step: Step) => boolean;
  /** Behind this step, itself included, something leaves a trace; false for END. */
  readonly someFrom: (index: number) => boolean;
}

export const traces: Analysis<Traces> = (view) => {
  const unseen = spread(
    view,
    startsBy(view, () => true),
    (step) => !leavesTrace(step),
  );
  const behind = leadsTo(view, leavesTrace);
  return {
    noneBefore: (step) => unseen[step.index] !== NOBODY,
    someFrom: (index) => index !== END && behind[index] === 1,
  };
};
