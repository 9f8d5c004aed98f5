import { triggerTypeOf } from "../../domain/trigger-types.ts";
import { textOf } from "../../model/attributes.ts";
import type { Step } from "../../model/workflow.ts";
import { mergeFieldsOf } from "../../text/merge-fields.ts";
import type { View } from "../../view.ts";
import { listed, quoted } from "../../words.ts";
import { exampleWorkflow, sms } from "../logic/example-workflow.ts";
import { defineRule } from "../rule.ts";
import { customValueReaders } from "./custom-value-readers.ts";

interface SharedState {
  readonly step: Step;
  /** What the step writes: merge fields of one contact, or a text that a later step reads back. */
  readonly value: string;
  readonly personal: readonly string[];
  readonly readers: readonly Step[];
}

const types = ["update_custom_value", "math_operation"];

/** Groups of merge fields that differ from run to run. */
const personalRoots = new Set([
  "contact",
  "opportunity",
  "appointment",
  "invoice",
  "order",
  "payment",
  "message",
  "inboundwebhookrequest",
  "form",
  "survey",
  "chatgpt",
  "custom_webhook",
  "custom_code",
  "ai_agent",
]);

export const customValueAsContactState = defineRule<SharedState>({
  meta: {
    code: "DATA-005",
    id: "custom-value-as-contact-state",
    category: "data",
    severity: "critical",
    scope: "W",
    title: "One contact's data is written where everybody's is kept",
    summary: "An Update Custom Value (or a math step on one) that stores something about the contact of the run.",
    why: "A custom value exists once per location. What is written for one contact is what every other contact reads next: discounts, dates and points get mixed up.",
    fix: "Keep it in a custom field of the contact: use Update Contact Field, and read {{contact.…}} instead of {{custom_values.…}}.",
    sources: ["help article 155000003353 (Update Custom Value)", "github.com/uxieee/uxie-ghl-factory (anti-patterns)"],
  },
  sees: { types },
  *find(view) {
    if (runsWithoutContact(view)) return;
    for (const type of types)
      for (const step of view.stepsOfType(type)) {
        if (step.disabled) continue;
        const state = type === "math_operation" ? calculated(step) : written(step, view);
        if (state !== null) yield state;
      }
  },
  tell({ step, value, personal, readers }) {
    const source =
      personal.length > 0
        ? `stores ${listed([...personal])} of one contact`
        : `sets "${value}" for one contact, and ${listed(readers.map(quoted))} ${readers.length === 1 ? "reads" : "read"} it back`;
    return {
      message: `${quoted(step)} ${source} in a custom value. There is only one of it for the whole account, so the next contact overwrites it.`,
      impact: "Everybody gets the last contact's value: a discount, date or amount meant for one person goes to all.",
      fix: "Create a custom field for it, write it with Update Contact Field, and use {{contact.your_field}} in messages and conditions.",
      steps: [step, ...readers],
      evidence: {
        value,
        ...(personal.length > 0 ? { personalFields: personal } : {}),
        ...(readers.length > 0 ? { readBy: readers.map(({ name }) => name) } : {}),
      },
      confidence: personal.length > 0 ? "certain" : "likely",
      at: step,
      hangsOn: [step.id],
    };
  },
  wrong: () => [
    {
      title: "a contact's date goes into the account's value",
      workflow: exampleWorkflow([update("{{contact.event_date}}")]),
    },
    {
      title: "a discount for VIPs is read back by the next message",
      workflow: exampleWorkflow(
        [
          update("15 %", "discount"),
          sms("offer", "Your discount: {{ custom_values.discount }}. Reply STOP to opt out."),
        ],
        [{ type: "contact_tag", conditions: [{ field: "tagsAdded", operator: "index-of-true", value: "vip" }] }],
      ),
    },
    {
      title: "points of one contact are added up in the account's value",
      workflow: exampleWorkflow([
        {
          id: "points",
          type: "math_operation",
          name: "Add points",
          attributes: {
            selectField: "contact.points",
            targetCustomValueId: "points",
            operators: [{ operator: "add", value: 1 }],
          },
        },
      ]),
    },
  ],
  right: () => [
    {
      title: "an account setting, written for whoever reads it elsewhere",
      workflow: exampleWorkflow([update("https://example.org/webinar-june", "webinar_link"), sms("thanks")]),
    },
    {
      title: "another custom value is read",
      workflow: exampleWorkflow([
        update("15 %", "discount"),
        sms("hello", "{{custom_values.company_name}} says hello. Reply STOP to opt out."),
      ]),
    },
    {
      title: "a schedule that runs without a contact sets the week's offer",
      workflow: exampleWorkflow(
        [update("15 %", "discount"), sms("offer", "{{custom_values.discount}} this week. Reply STOP to opt out.")],
        [{ type: "scheduler_trigger" }],
      ),
    },
    {
      title: "a counter of the account counts itself",
      workflow: exampleWorkflow([
        {
          id: "count",
          type: "math_operation",
          name: "Next ticket number",
          attributes: {
            sourceCustomValueId: "ticket",
            targetCustomValueId: "ticket",
            operators: [{ operator: "add", value: 1 }],
          },
        },
      ]),
    },
    {
      title: "math on a contact's own field",
      workflow: exampleWorkflow([
        {
          id: "points",
          type: "math_operation",
          name: "Add points",
          attributes: {
            selectField: "contact.points",
            updateField: "contact.points",
            operators: [{ operator: "add", value: 1 }],
          },
        },
      ]),
    },
  ],
});

/** Started only by triggers that need no contact: then a custom value is the right place. */
function runsWithoutContact(view: View): boolean {
  const triggers = (view.workflow.triggers ?? []).filter(({ active }) => active);
  return triggers.length > 0 && triggers.every(({ type }) => triggerTypeOf(type)?.contactless === true);
}

function written(step: Step, view: View): SharedState | null {
  const value = textOf(step.attributes["new_value"] ?? step.attributes["newValue"] ?? step.attributes["value"]);
  const personal = personalFields(value);
  if (personal.length > 0) return { step, value: shortened(value), personal, readers: [] };
  const known = value === "" ? null : view.derive(customValueReaders);
  const readers = keysOf(step)
    .flatMap((key) => [...(known?.get(key) ?? [])])
    .slice(0, 10);
  return readers.length === 0 ? null : { step, value: shortened(value), personal, readers };
}

/** A math step that takes a contact's field and writes a custom value. */
function calculated(step: Step): SharedState | null {
  const { attributes } = step;
  const field = textOf(attributes["selectField"]);
  if (
    textOf(attributes["targetCustomValueId"]) === "" ||
    field === "" ||
    textOf(attributes["sourceCustomValueId"]) !== ""
  )
    return null;
  return { step, value: shortened(field), personal: [shortened(field)], readers: [] };
}

function personalFields(value: string): readonly string[] {
  const paths = mergeFieldsOf(value).map(({ path }) => path);
  return [...new Set(paths.filter((path) => personalRoots.has((path.split(".")[0] ?? "").toLowerCase())))].slice(0, 10);
}

/** Names under which messages may read the value: the picker stores an id, a key or the whole merge field. */
function keysOf({ attributes }: Step): readonly string[] {
  const keys = new Set<string>();
  for (const name of ["custom_value_id", "custom_value_key", "custom_value", "customValue", "key", "fieldKey"]) {
    const stored = textOf(attributes[name]);
    const key = (mergeFieldsOf(stored)[0]?.path ?? stored).replace(/^custom_values\./, "");
    if (key !== "") keys.add(key.toLowerCase());
  }
  return [...keys];
}

function shortened(value: string): string {
  return value.length > 80 ? `${value.slice(0, 79)}…` : value;
}

function update(value: string, key = "next_event") {
  return {
    id: "update",
    type: "update_custom_value",
    name: "Update Custom Value",
    attributes: { custom_value_id: key, new_value: value },
  };
}
