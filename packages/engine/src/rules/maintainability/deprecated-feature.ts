import { deprecatedTypes } from "../../domain/deprecated-types.ts";
import { textOf } from "../../model/attributes.ts";
import type { Step } from "../../model/workflow.ts";
import { exampleWorkflow, sms } from "../logic/example-workflow.ts";
import { quoted } from "../places.ts";
import { defineRule } from "../rule.ts";

interface Deprecated {
  /** null: a setting of the workflow. */
  readonly step: Step | null;
  readonly replacement: string;
}

export const deprecatedFeature = defineRule<Deprecated>({
  meta: {
    code: "MAINT-004",
    id: "deprecated-feature",
    category: "maintainability",
    severity: "medium",
    scope: "W",
    title: "A step or setting that HighLevel is retiring",
    summary: "A step type that is retired or being retired, or the workflow's old event start date setting.",
    why: "It stops working without notice, or has stopped already.",
    fix: "Replace it by the current step that is named.",
    sources: [
      "help article 48001229927 (campaigns and triggers)",
      "help article 155000005649 (intent detection)",
      "software-help-docs.gitbook.io (event start date setting)",
    ],
  },
  sees: "workflow",
  *find(view) {
    for (const [type, replacement] of deprecatedTypes)
      for (const step of view.stepsOfType(type)) if (!step.disabled) yield { step, replacement };
    if (textOf(view.workflow.raw["eventStartDate"]) !== "") yield { step: null, replacement: "Set Event Start Date" };
  },
  tell({ step, replacement }) {
    return {
      message:
        step === null
          ? "The workflow has an event start date in its settings, which HighLevel has replaced by a step."
          : `${quoted(step)} is a step that HighLevel has retired or is retiring.`,
      impact: "It may stop working any day, and no error will show.",
      fix: step === null ? `Delete the setting and use a "${replacement}" step.` : `Replace it by: ${replacement}.`,
      steps: step === null ? [] : [step],
      evidence: { type: step?.type ?? "eventStartDate", replacement },
    };
  },
  wrong: () => [
    {
      title: "adding to a campaign",
      workflow: exampleWorkflow([{ id: "a", type: "add_to_campaign", name: "Campaign" }]),
    },
    {
      title: "Google business messages",
      workflow: exampleWorkflow([{ id: "a", type: "gmb", attributes: { body: "Hi" } }]),
    },
    {
      title: "the old event start date",
      workflow: { workflow: { eventStartDate: "2026-05-01T10:00:00Z", workflowData: { templates: [sms("a")] } } },
    },
  ],
  right: () => [
    { title: "current steps", workflow: exampleWorkflow([sms("a")]) },
    {
      title: "the setting is there and blank, as the builder leaves it",
      workflow: { workflow: { eventStartDate: "", workflowData: { templates: [sms("a")] } } },
    },
  ],
});
