import { repeats, returningTriggers } from "../../graph/repeats.ts";
import type { Step, Trigger } from "../../model/workflow.ts";
import { listed, quoted } from "../../words.ts";
import { type ExampleNode, exampleWorkflow, hasNotTag } from "../logic/example-workflow.ts";
import { stepsAt } from "../places.ts";
import { defineRule } from "../rule.ts";

interface Duplicate {
  readonly step: Step;
  /** Steps of the circle; empty when the contact comes in again. */
  readonly circle: readonly number[];
  readonly triggers: readonly Trigger[];
}

export const duplicateOpportunity = defineRule<Duplicate>({
  meta: {
    code: "DATA-009",
    id: "duplicate-opportunity",
    category: "data",
    severity: "medium",
    scope: "W+F",
    title: "The same deal may be created twice",
    summary:
      "A Create Opportunity step in a loop, or in a workflow that a contact may enter again, with nothing that looks for the deal first.",
    why: "The pipeline shows twice the value, and two people work on one lead.",
    fix: 'Put "Find Opportunity" in front and create the deal only behind "not found".',
    sources: ["help article 155000002048 (automating opportunities)", "reasoned"],
  },
  sees: { types: ["internal_create_opportunity"] },
  *find(view) {
    for (const step of view.stepsOfType("internal_create_opportunity")) {
      if (step.disabled) continue;
      const shared = view.derive(repeats);
      const circle = shared.circleOf(step)?.steps ?? [];
      const triggers = circle.length > 0 ? [] : returningTriggers(view);
      if (circle.length > 0 || (triggers.length > 0 && shared.reachedUnguarded(step))) yield { step, circle, triggers };
    }
  },
  tell({ step, circle, triggers }, view) {
    const again =
      circle.length > 0
        ? "lies in a loop and makes a new deal on every pass"
        : `makes a new deal each time a contact comes in, and re-entry is on for ${listed(triggers.map(quoted))}`;
    return {
      message: `${quoted(step)} ${again}; nothing on the way looks for a deal first.`,
      impact: "One lead stands in the pipeline several times: the forecast is too high, and two people call.",
      fix: `Put "Find Opportunity" in front of ${quoted(step)} and create the deal behind its "not found" way only.`,
      steps: [step, ...stepsAt(view, circle).filter((other) => other !== step)],
      evidence:
        circle.length > 0
          ? { ways: ["first pass", "next pass of the loop"] }
          : { ways: triggers.slice(0, 10).map(({ name }) => name), reentry: true },
      confidence: circle.length > 0 ? "certain" : triggers.length > 1 ? "likely" : "possible",
      hangsOn: [step.id],
    };
  },
  wrong: () => [
    { title: "re-entry is on", workflow: again([create]) },
    {
      title: "two triggers and re-entry",
      workflow: again([create], [{ type: "form_submission" }, { type: "contact_tag" }]),
    },
    {
      title: "a loop",
      workflow: {
        actions: [
          { ...plain, next: "back" },
          { id: "back", type: "goto", config: { target: "deal" } },
        ],
      },
    },
  ],
  right: () => [
    {
      title: "the deal is looked for first",
      workflow: again([{ id: "find", type: "find_opportunity", name: "Find", found: [], notFound: [create] }]),
    },
    {
      title: "a tag says that there is one",
      workflow: again([
        { id: "which", name: "New?", branches: [{ name: "New", rows: [hasNotTag("deal open")], steps: [create] }] },
      ]),
    },
    { title: "re-entry is off", workflow: again([create], undefined, false) },
    { title: "nothing is known of re-entry", workflow: exampleWorkflow([create]) },
    { title: "one deal per order", workflow: again([create], [{ type: "order_submission" }]) },
    {
      title: "the old step updates a deal that is there",
      workflow: again([{ id: "a", type: "create_opportunity", attributes: { pipeline_id: "p" } }]),
    },
  ],
});

const create: ExampleNode = {
  id: "deal",
  type: "internal_create_opportunity",
  name: "Open a deal",
  attributes: { pipelineId: "p" },
};
const plain = { id: "deal", type: "new_opportunity", name: "Open a deal", config: { pipelineId: "p" } };

function again(
  nodes: readonly ExampleNode[],
  triggers?: Parameters<typeof exampleWorkflow>[1],
  reentry = true,
): unknown {
  const example = exampleWorkflow(nodes, triggers) as { readonly workflow: object };
  return { ...example, workflow: { ...example.workflow, allowMultiple: reentry } };
}
