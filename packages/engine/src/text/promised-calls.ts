import { atomsOf } from "../conditions/ast.ts";
import { branchConditions } from "../conditions/branch-conditions.ts";
import { NOBODY, type Start, spread } from "../graph/spread.ts";
import { Trait } from "../model/traits.ts";
import type { Branch, Step } from "../model/workflow.ts";
import type { Analysis, View } from "../view.ts";
import { texts } from "./texts.ts";

/** A step that takes a call for answered, on a way on which nobody looked whether it was. */
export interface PromisedCall {
  readonly call: Step;
  readonly step: Step;
  /** It reads the answer of the call, or says that the other system has done its part. */
  readonly by: "response" | "promise";
}

const types = ["webhook", "custom_webhook"];

/** Every such step, with a call in front of it. Decisions on an answer and alerts to the team end such a way. */
export const promisedCalls: Analysis<readonly PromisedCall[]> = (view) => {
  const calls = types.flatMap((type) => view.stepsOfType(type).filter(({ disabled }) => !disabled));
  if (calls.length === 0) return [];
  const trusting = trustingSteps(view);
  if (trusting.size === 0) return [];
  const conditionOf = view.derive(branchConditions);
  const asksAnswer = (branch: Branch) =>
    branch.condition !== null && atomsOf(conditionOf(branch)).some(({ field }) => field.kind === "step-output");
  const asking = new Set(view.stepsWith(Trait.decide).filter(({ branches }) => branches.some(asksAnswer)));
  const starts: readonly Start[] = calls.map(({ index }): Start => [index, index]);
  const unobserved = spread(view, starts, (step, branch) => {
    if ((step.traits & Trait.internal) !== 0) return false;
    return branch === undefined || !asking.has(step);
  });
  const found: PromisedCall[] = [];
  for (const [step, by] of trusting) {
    const label = unobserved[step.index] as number;
    const call = label === NOBODY ? undefined : view.workflow.steps[label];
    if (call !== undefined && call !== step) found.push({ call, step, by });
  }
  return found;
};

/** Steps that are switched on and rely on an answer, in document order. */
function trustingSteps(view: View): ReadonlyMap<Step, PromisedCall["by"]> {
  const shared = view.derive(texts);
  const trusting = new Map<Step, PromisedCall["by"]>();
  if ([...shared.paths].some(isAnswer)) {
    for (const { text, fields } of shared.merging)
      if (!text.step.disabled && fields.some(({ path }) => isAnswer(path))) trusting.set(text.step, "response");
  }
  for (const { step } of shared.withPhrase("claimsDone")) if (!trusting.has(step)) trusting.set(step, "promise");
  return trusting;
}

function isAnswer(path: string): boolean {
  return /^custom_webhook\./i.test(path);
}
