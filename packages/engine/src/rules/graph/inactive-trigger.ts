import { END, type Trigger } from "../../model/workflow.ts";
import { counted, listed, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface Asleep {
  readonly inactive: readonly Trigger[];
  /** No trigger is left that could start a run. */
  readonly all: boolean;
}

export const inactiveTrigger = defineRule<Asleep>({
  meta: {
    code: "GRAPH-002",
    id: "inactive-trigger",
    category: "graph",
    severity: "high",
    scope: "W",
    title: "A published workflow whose trigger is switched off",
    summary:
      "A published workflow with a trigger that is not active, as after duplicating. Low when another trigger still works.",
    why: "The workflow looks live and never enrols anybody through it.",
    fix: "Set the workflow to draft and publish it again.",
    sources: ["platform fact F26 (duplicated workflows keep their triggers inactive)"],
  },
  sees: "workflow",
  unchecked: ({ workflow }) => (workflow.triggers === null ? "needs the workflow's triggers" : null),
  *find({ workflow }) {
    // Publishing a draft switches its triggers on.
    if (workflow.triggers === null || workflow.status === "draft" || workflow.steps.length === 0) return;
    const inactive = workflow.triggers.filter((trigger) => !trigger.active);
    if (inactive.length > 0) yield { inactive, all: inactive.length === workflow.triggers.length };
  },
  tell({ inactive, all }, { workflow }) {
    const names = listed(inactive.map(quoted));
    const entry = workflow.entry === END ? undefined : workflow.steps[workflow.entry];
    return {
      message: all
        ? `The workflow is ${workflow.status === "published" ? "published" : "in use"}, but ${inactive.length === 1 ? `its trigger ${names} is` : `all its triggers (${names}) are`} switched off.`
        : `${inactive.length === 1 ? `The trigger ${names} is` : `The triggers ${names} are`} switched off; ${counted(workflow.triggers === null ? 0 : workflow.triggers.length - inactive.length, "other trigger")} still work.`,
      impact: all
        ? "Nobody enters this workflow any more, and nothing says so: leads come in and hear nothing."
        : "Contacts who should come in this way do not. If that is on purpose, delete the trigger.",
      fix: "Set the workflow to draft, save, and publish it again: that switches its triggers on.",
      steps: inactive.slice(0, 50),
      at: all ? (entry ?? null) : null,
      evidence: { inactiveTriggers: inactive.length, triggers: workflow.triggers?.length ?? 0 },
      ...(all ? {} : { severity: "low" as const }),
      ...(workflow.status === "published" ? {} : { confidence: "likely" as const }),
    };
  },
  wrong: () => [
    {
      title: "duplicated and never switched on",
      workflow: started([{ id: "t", type: "form_submission", active: false }]),
    },
    {
      title: "two triggers, both off, are one finding",
      workflow: started([
        { id: "t", type: "form_submission", active: false },
        { id: "t2", type: "contact_tag", active: false },
      ]),
    },
    {
      title: "one of two is off",
      workflow: started([
        { id: "t", type: "form_submission", active: true },
        { id: "t2", type: "contact_tag", active: false },
      ]),
    },
  ],
  right: () => [
    { title: "active", workflow: started([{ id: "t", type: "form_submission", active: true }]) },
    {
      title: "a deleted trigger does not count",
      workflow: started([{ id: "t", type: "form_submission", active: false, deleted: true }]),
    },
    { title: "a called workflow has no trigger by design", workflow: started([]) },
    {
      title: "a draft is switched on by publishing",
      workflow: started([{ id: "t", type: "form_submission", active: false }], "draft"),
    },
  ],
});

function started(triggers: readonly unknown[], status = "published"): unknown {
  const templates = [{ id: "text", type: "sms", attributes: { body: "Hi" } }];
  return { workflow: { id: "w", name: "Example", status, workflowData: { templates } }, triggers };
}
