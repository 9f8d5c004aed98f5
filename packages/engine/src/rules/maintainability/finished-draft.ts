import { leftoverKinds } from "../../domain/leftovers.ts";
import { daysSinceEdit, nameWithoutCopy } from "../../model/edits.ts";
import { incompleteSteps } from "../../model/incomplete-steps.ts";
import { Trait } from "../../model/traits.ts";
import { sandboxWords } from "../../text/sandbox-words.ts";
import { texts } from "../../text/texts.ts";
import type { View } from "../../view.ts";
import { counted } from "../../words.ts";
import { exampleWorkflow, sms } from "../logic/example-workflow.ts";
import { defineRule } from "../rule.ts";

interface FinishedDraft {
  readonly days: number;
}

/** One step alone may be the start of something. */
const FEWEST_STEPS = 3;

export const finishedDraft = defineRule<FinishedDraft>({
  meta: {
    code: "MAINT-007",
    id: "finished-draft",
    category: "maintainability",
    severity: "medium",
    scope: "W+F",
    title: "A finished workflow that was never published",
    summary: "A draft with a trigger, complete steps and no leftovers that nobody has touched for a month.",
    why: "Saved is not published: everybody believes that it runs, and no contact ever enters.",
    fix: "Publish it, or archive it.",
    settings: [{ key: "days", type: "number", default: 30, description: "Days since the last edit." }],
    sources: ["reasoned"],
  },
  sees: "workflow",
  unchecked: ({ workflow, options }) =>
    workflow.status === "draft" && options.now === null ? "needs the date of the analysis" : null,
  *find(view, settings) {
    const { workflow, options } = view;
    if (workflow.status !== "draft") return;
    const days = daysSinceEdit(workflow, options.now);
    const limit = typeof settings["days"] === "number" ? settings["days"] : 30;
    if (days !== null && days >= limit && isComplete(view)) yield { days };
  },
  tell({ days }, { workflow }) {
    return {
      message: `This draft has a trigger, ${counted(workflow.steps.length, "step")} and nothing left to fill in, and was last edited ${counted(days, "day")} ago.`,
      impact: "Nobody enters it. If the team counts on it, its messages are never sent.",
      fix: "Publish it if it should run. If it waits for a launch, note the date in it; otherwise archive it.",
      steps: [],
      evidence: { status: "draft", daysUntouched: days, steps: workflow.steps.length },
      confidence: "possible",
    };
  },
  wrong: () => [{ title: "complete since spring", workflow: draft(["a", "b", "c"]), options: { now: "2026-11-23" } }],
  right: () => [
    {
      title: "edited last week",
      workflow: draft(["a", "b", "c"], { updatedAt: "2026-11-18" }),
      options: { now: "2026-11-23" },
    },
    { title: "published", workflow: draft(["a", "b", "c"], { status: "published" }), options: { now: "2026-11-23" } },
    { title: "a test", workflow: draft(["a", "b", "c"], { name: "Test: webinar" }), options: { now: "2026-11-23" } },
    { title: "one step is no workflow yet", workflow: draft(["a"]), options: { now: "2026-11-23" } },
    {
      title: "a text is still to be written",
      workflow: draft(["a", "b", "c"], {}, "Acme: [INSERT OFFER]. Reply STOP to unsubscribe"),
      options: { now: "2026-11-23" },
    },
    {
      title: "a copy of a workflow that is live",
      workflow: draft(["a", "b", "c"], { name: "Copy of Webinar" }),
      options: { now: "2026-11-23", facts: { workflows: [{ id: "w9", name: "Webinar", status: "published" }] } },
    },
  ],
});

/** Trigger, enough steps, nothing unfilled, no sample text, no test, and no published workflow of which it is a copy. */
function isComplete(view: View): boolean {
  const { workflow, options } = view;
  if (workflow.triggers === null || workflow.triggers.length === 0 || workflow.steps.length < FEWEST_STEPS)
    return false;
  if (sandboxWords(workflow.name) !== null || (view.traits & (Trait.send | Trait.internal)) === 0) return false;
  if (options.location.workflow(nameWithoutCopy(workflow.name))?.status === "published") return false;
  if (workflow.steps.some(({ raw }) => raw["hasErrors"] === true || raw["incompleteData"] === true)) return false;
  if (view.derive(incompleteSteps).length > 0) return false;
  return !view
    .derive(texts)
    .messages.some(({ value }) => leftoverKinds.some(({ pattern }) => value.search(pattern) >= 0));
}

function draft(
  ids: readonly string[],
  more: object = {},
  body = "Acme: see you soon. Reply STOP to unsubscribe",
): unknown {
  const example = exampleWorkflow(ids.map((id) => sms(id, body))) as { readonly workflow: object };
  return {
    ...example,
    workflow: { ...example.workflow, name: "Webinar", status: "draft", updatedAt: "2026-04-01", ...more },
  };
}
