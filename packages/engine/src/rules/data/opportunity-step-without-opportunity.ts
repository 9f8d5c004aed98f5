import { type RecordGap, recordGaps } from "../../conditions/record-gaps.ts";
import type { Step } from "../../model/workflow.ts";
import { listed, quoted } from "../../words.ts";
import { type ExampleNode, exampleWorkflow } from "../logic/example-workflow.ts";
import { defineRule } from "../rule.ts";

interface WithoutOpportunity {
  readonly step: Step;
  readonly gap: RecordGap;
}

/** Steps that change the run's opportunity. The legacy create-or-update step makes one where there is none. */
const types = [
  "internal_update_opportunity",
  "remove_opportunity",
  "internal-add-opportunity-owner",
  "internal-remove-opportunity-owner",
  "internal-add-opportunities-followers",
  "internal-remove-opportunities-followers",
];

export const opportunityStepWithoutOpportunity = defineRule<WithoutOpportunity>({
  meta: {
    code: "DATA-007",
    id: "opportunity-step-without-opportunity",
    category: "data",
    severity: "high",
    scope: "W",
    title: "A step changes an opportunity that is not there",
    summary:
      "An update, move, owner or status step on an opportunity in runs whose trigger brings none and before any step creates or finds one.",
    why: "HighLevel skips the step without an error: the deal stays in its old stage, and forecasts and reports are wrong.",
    fix: 'Put a "Find Opportunity" step in front of it and go on from its found branch, with a "not found" path that creates the deal or tells the team.',
    sources: [
      "help article 155000002048 (automating opportunities)",
      "github.com/uxieee/uxie-ghl-factory (silent failures)",
    ],
  },
  sees: { types },
  unchecked: (view) => (view.workflow.triggers === null ? "needs the workflow's triggers" : null),
  *find(view) {
    const gap = view.derive(recordGaps)("opportunity");
    if (gap === null) return;
    for (const type of types)
      for (const step of view.stepsOfType(type)) if (!step.disabled && gap.missingAt(step)) yield { step, gap };
  },
  tell({ step, gap }) {
    return {
      message: `${quoted(step)} changes the opportunity of the run, but a run that starts with ${listed(gap.lacking.map(quoted))} has none at that point: no earlier step creates or finds one.`,
      impact: "HighLevel skips the step without an error. The deal stays where it was, and nobody notices.",
      fix: `Put a "Find Opportunity" step in front of ${quoted(step)} and go on from its found branch. Behind "not found", create the opportunity or tell the team.`,
      steps: [step],
      evidence: { step: step.type, triggersWithout: gap.lacking.slice(0, 20).map(({ name }) => name) },
    };
  },
  wrong: () => [
    { title: "a form brings no opportunity to move", workflow: exampleWorkflow([move]) },
    {
      title: "one of two triggers brings none",
      workflow: exampleWorkflow([move], [{ type: "opportunity_created" }, { type: "customer_reply" }]),
    },
    { title: "nothing was found, and it is updated all the same", workflow: exampleWorkflow([find([], [move])]) },
    {
      title: "an owner is added to no deal",
      workflow: exampleWorkflow([{ id: "owner", type: "internal-add-opportunity-owner", name: "Add owner" }]),
    },
  ],
  right: () => [
    { title: "the trigger brings it", workflow: exampleWorkflow([move], [{ type: "pipeline_stage_updated" }]) },
    { title: "it was found first", workflow: exampleWorkflow([find([move], [])]) },
    {
      title: "it was created first",
      workflow: exampleWorkflow([{ id: "create", type: "internal_create_opportunity", name: "Create deal" }, move]),
    },
    {
      title: "the legacy step creates one where there is none",
      workflow: exampleWorkflow([{ id: "legacy", type: "create_opportunity", attributes: { pipeline_id: "sales" } }]),
    },
    {
      title: "a called workflow may get the opportunity from its caller",
      workflow: exampleWorkflow([move], []),
    },
  ],
});

const move: ExampleNode = {
  id: "move",
  type: "internal_update_opportunity",
  name: "Move to Won",
  attributes: {
    __customInputFields__: [
      { filterField: "pipelineId", value: "sales" },
      { filterField: "pipelineStageId", value: "won" },
    ],
  },
};

function find(found: readonly ExampleNode[], notFound: readonly ExampleNode[]): ExampleNode {
  return { id: "find", type: "find_opportunity", name: "Find Opportunity", found, notFound };
}
