import { atomsOf } from "../../conditions/ast.ts";
import { branchConditions } from "../../conditions/branch-conditions.ts";
import { stepTypeOf } from "../../domain/step-types.ts";
import { NOBODY, spread } from "../../graph/spread.ts";
import { textOf } from "../../model/attributes.ts";
import { Trait, traitsOf } from "../../model/traits.ts";
import type { Step } from "../../model/workflow.ts";
import { type OutputUse, outputUses } from "../../text/step-outputs.ts";
import type { Analysis } from "../../view.ts";

/** Uses of what a model wrote. */
export const aiOutputUses: Analysis<readonly OutputUse[]> = (view) =>
  view.derive(outputUses).filter(({ stepType }) => (traitsOf(stepType) & Trait.ai) !== 0);

/** Can a run come from the step that wrote to the step that uses it without anything having looked at the output? */
export type Unchecked = (producer: Step, user: Step) => boolean;

export const reachedUnchecked: Analysis<Unchecked> = (view) => {
  const reached = new Map<Step, Int32Array>();
  const checks = view.derive(checksOutput);
  return (producer, user) => {
    let labels = reached.get(producer);
    if (labels === undefined) {
      labels = spread(view, [[producer.index, 0]], (step) => !checks(step));
      reached.set(producer, labels);
    }
    return labels[user.index] !== NOBODY;
  };
};

/** A decision that reads a step's output, or a person who sees it. */
const checksOutput: Analysis<(step: Step) => boolean> = (view) => {
  const conditionOf = view.derive(branchConditions);
  const known = new Map<Step, boolean>();
  return (step) => {
    let checks = known.get(step);
    if (checks === undefined) {
      checks =
        waitsForPerson(step) ||
        step.branches.some(
          (branch) =>
            branch.condition !== null && atomsOf(conditionOf(branch)).some(({ field }) => field.kind === "step-output"),
        );
      known.set(step, checks);
    }
    return checks;
  };
};

/** A manual step, or a wait for a user's reply. */
export function waitsForPerson({ type, attributes }: Step): boolean {
  if (stepTypeOf(type)?.kind === "manual") return true;
  return type === "wait" && /^user_repl/.test(textOf(attributes["type"]));
}

/** Messages of the workflow itself to the contact. */
export function isSent({ text }: OutputUse): boolean {
  return (text.role === "message" || text.role === "subject") && (text.step.traits & Trait.send) !== 0;
}

/** Values written to the contact, a deal or an appointment. */
export function isWritten({ text }: OutputUse): boolean {
  const writes = Trait.writesContact | Trait.opportunity | Trait.appointment;
  return text.role === "data" && (text.step.traits & writes) !== 0 && !notes.has(text.step.type);
}

/** A blank or odd note does no harm. */
const notes: ReadonlySet<string> = new Set(["add_notes", "task-notification"]);

/** Uses by the text they stand in, in document order. */
export function byText(uses: readonly OutputUse[]): ReadonlyMap<OutputUse["text"], readonly OutputUse[]> {
  const found = new Map<OutputUse["text"], OutputUse[]>();
  for (const use of uses) {
    const list = found.get(use.text);
    if (list === undefined) found.set(use.text, [use]);
    else list.push(use);
  }
  return found;
}
