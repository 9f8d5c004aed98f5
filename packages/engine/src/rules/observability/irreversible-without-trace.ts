import { traces } from "../../graph/traces.ts";
import { textOf } from "../../model/attributes.ts";
import type { Step } from "../../model/workflow.ts";
import { quoted } from "../../words.ts";
import { exampleWorkflow } from "../logic/example-workflow.ts";
import { defineRule } from "../rule.ts";

interface Untraced {
  readonly step: Step;
  readonly what: string;
}

const types = ["internal-delete-contact", "remove_from_workflow", "remove_from_all_workflows", "dnd_contact"];

export const irreversibleWithoutTrace = defineRule<Untraced>({
  meta: {
    code: "OBS-001",
    id: "irreversible-without-trace",
    category: "observability",
    severity: "high",
    scope: "W",
    title: "Something final happens, and nothing says why",
    summary:
      "Deleting a contact, removing it from all workflows or changing DND, with no note, tag, task or alert on the way.",
    why: "When the client asks why somebody hears nothing more, nobody can tell, and it cannot be undone.",
    fix: "Add a note (or a tag) in front of the step that says why it is done.",
    sources: ["platform facts F24, F36", "reasoned"],
  },
  sees: { types },
  *find(view) {
    for (const type of types)
      for (const step of view.stepsOfType(type)) {
        const what = step.disabled ? null : finalIn(step);
        if (what === null) continue;
        const { noneBefore, someFrom } = view.derive(traces);
        if (noneBefore(step) && !someFrom(step.next)) yield { step, what };
      }
  },
  tell({ step, what }) {
    return {
      message: `${quoted(step)} ${what}, and no note, tag, task or alert on its way says that or why.`,
      impact: "Nobody can tell later what happened to the contact, and it cannot be taken back.",
      fix: `Put a note in front of ${quoted(step)} that names the reason, or an alert beside it.`,
      steps: [step],
      evidence: { type: step.type, effect: what },
    };
  },
  wrong: () => [
    { title: "deleted without a word", workflow: exampleWorkflow([final("internal-delete-contact")]) },
    { title: "out of everything", workflow: exampleWorkflow([final("remove_from_workflow", { allWorkflows: true })]) },
    { title: "DND switched on", workflow: exampleWorkflow([final("dnd_contact", { dnd_contact: "enable" })]) },
  ],
  right: () => [
    {
      title: "a note first",
      workflow: exampleWorkflow([
        { id: "note", type: "add_notes", attributes: { html: "Asked to be left alone" } },
        final("dnd_contact", { dnd_contact: "enable" }),
      ]),
    },
    {
      title: "a tag behind it",
      workflow: exampleWorkflow([
        final("dnd_contact", { dnd_contact: "enable" }),
        { id: "tag", type: "add_contact_tag", attributes: { tags: ["opted out"] } },
      ]),
    },
    {
      title: "out of one workflow can be put right",
      workflow: exampleWorkflow([final("remove_from_workflow", { workflow_id: ["w2"] })]),
    },
  ],
});

/** What the step does for good, in words; null: nothing of that kind. */
function finalIn({ type, attributes }: Step): string | null {
  switch (type) {
    case "internal-delete-contact":
      return "deletes the contact";
    case "dnd_contact":
      return textOf(attributes["dnd_contact"]).startsWith("disable") ? "lifts do-not-disturb" : "sets do-not-disturb";
    case "remove_from_all_workflows":
      return "takes the contact out of all workflows";
    default:
      return attributes["allWorkflows"] === true ? "takes the contact out of all workflows" : null;
  }
}

function final(type: string, attributes: Readonly<Record<string, unknown>> = {}) {
  return { id: "final", type, name: "The end", attributes };
}
