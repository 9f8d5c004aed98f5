import { isRecord, listOf, textOf } from "../../model/attributes.ts";
import { Trait } from "../../model/traits.ts";
import type { Step } from "../../model/workflow.ts";
import { phrasesIn } from "../../text/phrases.ts";
import { prompts } from "../../text/prompts.ts";
import type { OutputUse } from "../../text/step-outputs.ts";
import type { StepText } from "../../text/texts.ts";
import type { View } from "../../view.ts";
import { quoted } from "../../words.ts";
import { spanOf } from "../content/merge-field-edits.ts";
import { defineRule } from "../rule.ts";
import { aiOutputUses, reachedUnchecked } from "./ai-outputs.ts";

interface State {
  readonly text: StepText;
  readonly use: OutputUse;
  /** "dropdown", "number", "date", "stage", "owner": what takes only certain values. */
  readonly kind: string;
  readonly field: string;
}

export const aiOutputIntoFieldUnvalidated = defineRule<State>({
  meta: {
    code: "AI-007",
    id: "ai-output-into-field-unvalidated",
    category: "ai",
    severity: "high",
    scope: "W+F",
    title: "A model's free words are written where only certain values fit",
    summary:
      "The output of an AI step is written to a dropdown, a number, a date, a stage, a status or an owner, and nothing limits what the model may answer.",
    why: "\u201cProbably around 500 dollars\u201d is no number. The write fails or leaves a value that no filter finds again.",
    fix: "Use an AI decision step and write fixed values on its branches, or allow only certain answers in the prompt and check them.",
    sources: ["help article 155000005649 (AI decision maker)", "reasoned"],
  },
  sees: { traits: Trait.ai },
  *find(view) {
    const uses = view.derive(aiOutputUses).filter(({ text }) => text.role === "data");
    if (uses.length === 0) return;
    const reaches = view.derive(reachedUnchecked);
    for (const use of uses) {
      const target = targetOf(use.text, view);
      if (
        target === null ||
        (use.producer !== null && (isLimited(view, use.producer) || !reaches(use.producer, use.text.step)))
      )
        continue;
      yield { text: use.text, use, ...target };
    }
  },
  tell({ text, use, kind, field }) {
    const token = spanOf(text, use.field);
    const { producer } = use;
    return {
      message: `${quoted(text.step)} writes ${token}${producer === null ? "" : ` of ${quoted(producer)}`} to ${field === "" ? `a ${kind}` : `the ${kind} "${field.slice(0, 60)}"`}, and the model may answer anything.`,
      impact:
        "A sentence where one of a few values belongs: the write fails silently, or filters, reports and branches no longer find the contact.",
      fix: `Let an AI decision step choose and write a fixed value on each branch, or ask the model for one of the allowed values only and check it before ${quoted(text.step)}.`,
      steps: [text.step, ...(producer === null ? [] : [producer])],
      hangsOn: [text.step.id],
      confidence: "likely",
      evidence: { token, field, kind, writtenBy: producer?.id ?? null },
    };
  },
  wrong: () => [
    { title: "a number", workflow: workflow("What is the budget?", [write("budget", "numerical")]) },
    {
      title: "a dropdown by the location's facts",
      workflow: workflow("Which service?", [write("contact.service", "string")]),
      options: { facts: { customFields: [{ key: "contact.service", type: "SINGLE_OPTIONS", options: ["A", "B"] }] } },
    },
    { title: "a date", workflow: workflow("When do they move in?", [write("move_in", "date")]) },
    {
      title: "a deal's stage",
      workflow: workflow("Which stage?", [
        {
          id: "deal",
          type: "internal_update_opportunity",
          config: { __customInputFields__: [{ filterField: "pipelineStageId", value: "{{chatgpt.1.response}}" }] },
        },
      ]),
    },
  ],
  right: () => [
    { title: "a field for notes", workflow: workflow("Sum it up", [write("summary", "string")]) },
    {
      title: "a text field by the location's facts",
      workflow: workflow("Sum it up", [write("contact.summary", "string")]),
      options: { facts: { customFields: [{ key: "contact.summary", type: "LARGE_TEXT" }] } },
    },
    {
      title: "the prompt allows only certain answers",
      workflow: workflow("What is the budget? Answer only with a number.", [write("budget", "numerical")]),
    },
    {
      title: "in German",
      workflow: workflow("Wie hoch ist das Budget? Antworte nur mit einer Zahl.", [write("budget", "numerical")]),
    },
    {
      title: "the answer is checked first",
      workflow: workflow("What is the budget?", [
        {
          id: "which",
          type: "condition",
          branches: [
            {
              name: "Number",
              conditions: [{ field: "chatgpt.1.response", operator: ">", value: "0" }],
              actions: [write("budget", "numerical")],
            },
            { name: "None", actions: [] },
          ],
        },
      ]),
    },
    {
      title: "a model that must answer in a given form",
      workflow: {
        actions: [
          {
            id: "agent",
            type: "ai_agent",
            stepIndex: 1,
            config: {
              prompt: "Budget?",
              outputFormat: "json",
              structuredResponse: { type: "object", properties: { budget: { type: "number" } } },
            },
          },
          {
            id: "write",
            type: "update_contact_field",
            config: { fields: [{ field: "budget", type: "numerical", value: "{{ai_agent.1.budget}}" }] },
          },
        ],
      },
    },
    {
      title: "a message may hold any words",
      workflow: workflow("Say hello", [{ id: "text", type: "sms", config: { body: "{{chatgpt.1.response}}" } }]),
    },
  ],
});

/** A row's own type, or the location's type of the field, that takes only certain values. */
const kinds: ReadonlyMap<string, string> = new Map([
  ["numerical", "number"],
  ["number", "number"],
  ["monetary", "number"],
  ["monetory", "number"],
  ["float", "number"],
  ["phone", "phone number"],
  ["date", "date"],
  ["datetime", "date"],
  ["select", "dropdown"],
  ["dropdown", "dropdown"],
  ["radio", "dropdown"],
  ["checkbox", "dropdown"],
  ["single_options", "dropdown"],
  ["multiple_options", "dropdown"],
]);

/** Values of a deal or an appointment that HighLevel takes by id or from a list. */
const recordKinds: ReadonlyMap<string, string> = new Map([
  ["pipelineId", "pipeline"],
  ["pipelineStageId", "stage"],
  ["status", "status"],
  ["monetaryValue", "number"],
  ["assignedTo", "owner"],
  ["pipeline_id", "pipeline"],
  ["pipeline_stage_id", "stage"],
  ["opportunity_status", "status"],
  ["monetary_value", "number"],
  ["status_type", "status"],
  ["user_list", "owner"],
  ["customUserList", "owner"],
]);

function targetOf(
  { step, keys }: StepText,
  { options: { facts } }: View,
): { readonly kind: string; readonly field: string } | null {
  if ((step.traits & (Trait.writesContact | Trait.opportunity | Trait.appointment)) === 0) return null;
  const [list, place] = keys;
  const row = typeof place === "number" ? listOf(step.attributes[list as string])[place] : undefined;
  if (!isRecord(row)) {
    const kind = recordKinds.get(String(list));
    return kind === undefined ? null : { kind, field: "" };
  }
  const record = recordKinds.get(textOf(row["filterField"]));
  if (record !== undefined) return { kind: record, field: "" };
  const field = textOf(row["field"]);
  const fact = facts.customFields?.find(({ id, key }) => id === field || key === field || key === `contact.${field}`);
  const kind = kinds.get((fact?.type ?? textOf(row["type"])).toLowerCase());
  return kind === undefined ? null : { kind, field: fact?.name ?? (textOf(row["title"]) || field) };
}

/** Does the step allow only certain answers: by categories, by a form for its output, or in the prompt's own words? */
function isLimited(view: View, producer: Step): boolean {
  const { attributes } = producer;
  const params = attributes["actionParams"];
  if (isRecord(params) && listOf(params["categories"]).length > 0) return true;
  if (attributes["outputFormat"] === "json" && isRecord(attributes["structuredResponse"])) return true;
  if (producer.type === "workflow_ai_extract_data") return true;
  const prompt = view.derive(prompts).find(({ step }) => step === producer);
  return prompt !== undefined && phrasesIn(prompt.text, "fixedAnswers").length > 0;
}

function write(field: string, type: string): object {
  return {
    id: "write",
    type: "update_contact_field",
    name: "Keep the answer",
    config: {
      actionType: "update_field_data",
      fields: [{ field, title: field, type, value: "{{chatgpt.1.response}}" }],
    },
  };
}

function workflow(promptText: string, actions: readonly object[]): unknown {
  return {
    actions: [{ id: "gpt", type: "chatgpt", name: "Read the form", stepIndex: 1, config: { promptText } }, ...actions],
  };
}
