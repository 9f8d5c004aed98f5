import { stepTypeOf } from "../../domain/step-types.ts";
import { plainType } from "../../formats/plain-settings.ts";
import { ownPolicy } from "../../location/policy.ts";
import { exampleWorkflow, sms } from "../logic/example-workflow.ts";
import { defineRule } from "../rule.ts";

interface MissingStep {
  readonly asked: string;
}

export const requiredStepMissing = defineRule<MissingStep>({
  meta: {
    code: "LIFE-009",
    id: "required-step-missing",
    category: "lifecycle",
    severity: "high",
    scope: "W",
    title: "A step that your policy asks for is missing",
    summary: "The policy given for this workflow requires a step that it does not have, or has only switched off.",
    why: "Somebody decided that this workflow must do it, and it does not.",
    fix: "Add the step, or change the policy.",
    sources: ["the policy given with the analysis"],
  },
  sees: "workflow",
  unchecked: (view) => (ownPolicy(view)?.requiredSteps === undefined ? "needs a policy for this workflow" : null),
  *find(view) {
    const steps = view.workflow.steps.filter(({ disabled }) => !disabled);
    const has = new Set(steps.flatMap(({ type, name }) => [type, name.trim().toLowerCase()]));
    for (const asked of ownPolicy(view)?.requiredSteps ?? [])
      if (!has.has(plainType(asked)) && !has.has(asked.trim().toLowerCase())) yield { asked };
  },
  tell({ asked }) {
    const name = stepTypeOf(plainType(asked))?.name ?? asked.slice(0, 100);
    return {
      message: `The policy asks for "${name}" in this workflow, and no step that is switched on does it.`,
      impact: "The workflow does not do what was agreed.",
      fix: `Add "${name}", or take it out of the policy.`,
      steps: [],
      evidence: { policy: { requiredStep: asked.slice(0, 200) } },
      hangsOn: [asked.slice(0, 200)],
    };
  },
  wrong: () => [
    { title: "no task", workflow: exampleWorkflow([sms("a")]), options: policy(["task"]) },
    { title: "a step by its name", workflow: exampleWorkflow([sms("a")]), options: policy(["Tell the owner", "sms"]) },
  ],
  right: () => [
    { title: "it is there, by type", workflow: exampleWorkflow([sms("a")]), options: policy(["Send SMS"]) },
    {
      title: "it is there, by name",
      workflow: exampleWorkflow([{ ...sms("a"), name: "Greet" }]),
      options: policy(["greet"]),
    },
    {
      title: "a policy of another workflow",
      workflow: exampleWorkflow([sms("a")]),
      options: { policy: { Other: { requiredSteps: ["task"] } } },
    },
    { title: "no policy", workflow: exampleWorkflow([sms("a")]) },
  ],
});

function policy(requiredSteps: readonly string[]) {
  return { policy: { Example: { requiredSteps } } };
}
