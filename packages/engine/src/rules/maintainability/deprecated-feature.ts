import { asked } from "../../conditions/asked.ts";
import { atomsOf, type Field } from "../../conditions/ast.ts";
import { branchConditions } from "../../conditions/branch-conditions.ts";
import { deprecatedTypes } from "../../domain/deprecated-types.ts";
import { textOf } from "../../model/attributes.ts";
import { Trait } from "../../model/traits.ts";
import type { Step } from "../../model/workflow.ts";
import type { View } from "../../view.ts";
import { quoted } from "../../words.ts";
import { exampleDecision, exampleWorkflow, row, sms } from "../logic/example-workflow.ts";
import { defineRule } from "../rule.ts";

interface Deprecated {
  /** null: a setting of the workflow. */
  readonly step: Step | null;
  readonly replacement: string;
  /** The step is current, and what it asks for is not. */
  readonly asksIntent?: true;
}

export const deprecatedFeature = defineRule<Deprecated>({
  meta: {
    code: "MAINT-004",
    id: "deprecated-feature",
    category: "maintainability",
    severity: "medium",
    scope: "W",
    title: "A step or setting that HighLevel is retiring",
    summary:
      "A step type that is retired or being retired, an If/Else on the intent of a reply, or the workflow's old event start date setting.",
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
    for (const step of asksForIntent(view)) yield { step, replacement: "AI Intent Detection", asksIntent: true };
    if (textOf(view.workflow.raw["eventStartDate"]) !== "") yield { step: null, replacement: "Set Event Start Date" };
  },
  tell({ step, replacement, asksIntent }) {
    return {
      message:
        step === null
          ? "The workflow has an event start date in its settings, which HighLevel has replaced by a step."
          : asksIntent === true
            ? `${quoted(step)} asks for the intent of a reply, which HighLevel has moved out of If/Else into a step of its own.`
            : `${quoted(step)} is a step that HighLevel has retired or is retiring.`,
      impact: "It may stop working any day, and no error will show.",
      fix: step === null ? `Delete the setting and use a "${replacement}" step.` : `Replace it by: ${replacement}.`,
      steps: step === null ? [] : [step],
      evidence: { type: asksIntent === true ? "intent" : (step?.type ?? "eventStartDate"), replacement },
      // How old documents spell it is known from few of them.
      ...(asksIntent === true ? { confidence: "likely" as const } : {}),
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
      title: "an If/Else on the intent of a reply",
      workflow: exampleDecision("Interested?", [
        { name: "Yes", rows: [row("contact_reply", "intent_type", "==", "positive")] },
      ]),
    },
    {
      title: "the old event start date",
      workflow: { workflow: { eventStartDate: "2026-05-01T10:00:00Z", workflowData: { templates: [sms("a")] } } },
    },
  ],
  right: () => [
    { title: "current steps", workflow: exampleWorkflow([sms("a")]) },
    {
      title: "a decision on the words of a reply",
      workflow: exampleDecision("Interested?", [{ name: "Yes", rows: [row("contact_reply", "", "contain", "yes")] }]),
    },
    {
      title: "the setting is there and blank, as the builder leaves it",
      workflow: { workflow: { eventStartDate: "", workflowData: { templates: [sms("a")] } } },
    },
  ],
});

function isIntent({ kind, key }: Field): boolean {
  return (kind === "reply" || kind === "message" || kind === "other") && /(?:^|\.)intent/.test(key);
}

function asksForIntent(view: View): readonly Step[] {
  if (!view.derive(asked).fields.some(isIntent)) return [];
  const conditionOf = view.derive(branchConditions);
  return view
    .stepsWith(Trait.decide)
    .filter(({ branches }) =>
      branches.some(
        (branch) => branch.condition !== null && atomsOf(conditionOf(branch)).some(({ field }) => isIntent(field)),
      ),
    );
}
