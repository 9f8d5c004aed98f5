import { isDefaultName } from "../../domain/default-names.ts";
import { Trait } from "../../model/traits.ts";
import type { Step } from "../../model/workflow.ts";
import { counted, listed } from "../../words.ts";
import { exampleWorkflow, sms } from "../logic/example-workflow.ts";
import { defineRule } from "../rule.ts";

interface Unnamed {
  /** The workflow's own name is the builder's. */
  readonly workflowName: boolean;
  readonly steps: readonly Step[];
}

/** Fewer of them can be told apart by their place. */
const FEWEST = 3;

export const unnamedOrDefaultNames = defineRule<Unnamed>({
  meta: {
    code: "MAINT-001",
    id: "unnamed-or-default-names",
    category: "maintainability",
    severity: "info",
    scope: "W",
    title: "Names that say nothing",
    summary:
      'A workflow called "New Workflow" or "Copy of …", or three and more steps that still have the builder\'s names.',
    why: "Execution logs list names of steps. With five steps called \u201cWait\u201d nobody can tell where a contact is.",
    fix: "Name the workflow after its purpose, and each step after what it does here.",
    sources: ["help article 155000003992 (execution logs)", "reasoned"],
  },
  sees: "workflow",
  *find(view) {
    const { workflow } = view;
    const workflowName = /^\s{0,4}(?:new workflow|copy of|kopie von|copia de|untitled)\b/i.test(workflow.name);
    const steps = workflow.steps.filter(({ name, type }) => isDefaultName(name, type));
    if (workflowName || steps.length >= FEWEST) yield { workflowName, steps: steps.length >= FEWEST ? steps : [] };
  },
  tell({ workflowName, steps }, { workflow }) {
    const parts = [
      ...(workflowName ? [`the workflow is called "${workflow.name.slice(0, 60)}"`] : []),
      ...(steps.length > 0
        ? [`${counted(steps.length, "step")} still ${steps.length === 1 ? "has" : "have"} the builder's name`]
        : []),
    ];
    const text = listed(parts);
    return {
      message: `${text.charAt(0).toUpperCase()}${text.slice(1)}.`,
      impact: "Nobody can read the execution log, and the wrong workflow or step gets edited.",
      fix: "Rename them after what they do, for instance by the first words of the message or the tag that is added.",
      steps: steps.slice(0, 50),
      evidence: {
        workflow: workflow.name.slice(0, 200),
        suggestions: Object.fromEntries(steps.slice(0, 20).map((step) => [step.id, suggestion(step)])),
      },
      at: null,
      hangsOn: [],
    };
  },
  wrong: () => [
    {
      title: "a copy that kept its name",
      workflow: { name: "Copy of Welcome", actions: [step("a", "sms", "Welcome text")] },
    },
    {
      title: "three steps with the builder's names are one finding",
      workflow: exampleWorkflow([
        sms("a"),
        named("b", "wait", "Wait"),
        named("c", "email", "Send Email"),
        named("d", "sms", "Send SMS"),
      ]),
    },
  ],
  right: () => [
    {
      title: "two of them",
      workflow: exampleWorkflow([
        named("a", "wait", "Wait"),
        named("b", "sms", "SMS"),
        named("c", "sms", "Ask for a review"),
      ]),
    },
    {
      title: "steps with names",
      workflow: exampleWorkflow([named("a", "sms", "Greet"), named("b", "sms", "Ask"), named("c", "sms", "Thank")]),
    },
    { title: "a workflow about copies", workflow: { name: "Copywriting leads", actions: [step("a", "sms", "Greet")] } },
  ],
});

function named(id: string, type: string, name: string) {
  return { id, type, name, attributes: { body: "Hi" } };
}

function step(id: string, type: string, name: string) {
  return { id, type, name, config: { body: "Hi" } };
}

/** A name made of what the step holds. */
function suggestion({ type, attributes, traits, name }: Step): string {
  for (const key of ["subject", "title", "body", "tags", "url", "html"]) {
    const value = attributes[key];
    const text =
      typeof value === "string"
        ? value
        : Array.isArray(value)
          ? value.filter((item) => typeof item === "string").join(", ")
          : "";
    const plain = text
      .slice(0, 400)
      .replace(/<[^<>]{0,200}>/g, " ")
      .replace(/\s+/g, " ")
      .trim();
    if (plain !== "") return `${name}: ${plain.length > 40 ? `${plain.slice(0, 39)}…` : plain}`;
  }
  return (traits & Trait.pause) === 0 ? `${name}: ${type}` : `${name}: for what?`;
}
