import type { CustomFieldFact } from "../../location/location.ts";
import { needsFacts } from "../../location/location.ts";
import { isBlank, listOf, numberOf, textOf } from "../../model/attributes.ts";
import { type FieldWrite, fieldWrites } from "../../model/field-writes.ts";
import { settingPointer } from "../../model/pointer.ts";
import { listed, quoted } from "../../words.ts";
import { exampleWorkflow } from "../logic/example-workflow.ts";
import { defineRule } from "../rule.ts";

interface Misfit {
  readonly write: FieldWrite;
  readonly fact: CustomFieldFact;
  readonly value: string;
  /** What the field holds, in words. */
  readonly wants: string;
  /** The option that differs only by case or blanks. */
  readonly meant: string | null;
}

export const valueDoesNotFitField = defineRule<Misfit>({
  meta: {
    code: "DATA-014",
    id: "value-does-not-fit-field",
    category: "data",
    severity: "high",
    scope: "F",
    title: "A field gets a value that it cannot hold",
    summary: "A fixed value that the type or the options of the location's custom field do not allow.",
    why: "HighLevel skips the write without an error: the field keeps its old value, and whatever reads it goes wrong.",
    fix: "Pick one of the field's options, or write the value in the form that the field takes.",
    sources: ["platform fact F25", "reasoned"],
  },
  sees: { types: ["update_contact_field", "create_update_contact"] },
  unchecked: ({ options: { location } }) => needsFacts(location, ["customFields"]),
  *find(view) {
    const { location } = view.options;
    for (const write of view.derive(fieldWrites)) {
      if (write.clears || isBlank(write.value)) continue;
      const fact = location.customField(write.field);
      if (fact === undefined) continue;
      for (const item of listOf(write.value)) {
        const value = textOf(item);
        if (value === "" || value.includes("{{")) continue;
        const wants = misfit(value, fact);
        if (wants === null) continue;
        yield { write, fact, value, wants, meant: optionMeant(value, fact) };
        break;
      }
    }
  },
  tell({ write: { step, title }, fact, value, wants, meant }, view) {
    const { asOf } = view.options.location;
    return {
      message: `${quoted(step)} writes "${value.slice(0, 60)}" into "${(fact.name ?? title).slice(0, 60)}", which holds ${wants}.`,
      impact: "The write is skipped without an error, and the field keeps what it had.",
      fix: meant === null ? `Enter ${wants}.` : `Write it exactly as the field has it: "${meant}".`,
      steps: [step],
      evidence: {
        field: fact.key,
        type: fact.type,
        value: value.slice(0, 200),
        ...(fact.options === undefined ? {} : { options: fact.options.slice(0, 20) }),
        ...(asOf === null ? {} : { factsAsOf: asOf }),
      },
      confidence: meant === null ? "certain" : "likely",
      hangsOn: [step.id, fact.key],
    };
  },
  mend({ write: { step, row, value }, meant }) {
    const path = settingPointer(step, "fields", row, "value");
    if (meant === null || path === null || typeof value !== "string") return null;
    return [{ op: "replace", path, value: meant }];
  },
  wrong: () => [
    { title: "no option of the dropdown", workflow: write("Slate"), options: roof },
    { title: "an option in other letters", workflow: write("flat"), options: roof },
    { title: "words in a number", workflow: write("about ten"), options: typed("NUMERICAL") },
    { title: "a date that is none", workflow: write("next week"), options: typed("DATE") },
  ],
  right: () => [
    { title: "an option", workflow: write("Flat"), options: roof },
    { title: "an option by its id", workflow: write("r-2"), options: roofById },
    { title: "several options", workflow: write(["Flat", "Tiled"]), options: roof },
    { title: "a merge field is not known beforehand", workflow: write("{{contact.source}}"), options: roof },
    { title: "a number as text", workflow: write("1,250.50"), options: typed("NUMERICAL") },
    { title: "a date", workflow: write("2026-11-23"), options: typed("DATE") },
    { title: "text fields hold anything", workflow: write("Slate"), options: typed("TEXT") },
    { title: "a dropdown whose options are not given", workflow: write("Slate"), options: typed("SINGLE_OPTIONS") },
    { title: "without facts nothing is said", workflow: write("Slate") },
  ],
});

/** What the field holds instead, or null when the value fits or nothing is known. */
function misfit(value: string, { type, options, optionIds }: CustomFieldFact): string | null {
  switch (type) {
    case "NUMERICAL":
    case "MONETORY":
    case "MONETARY":
      return Number.isNaN(numberOf(value.replace(/[\s,$\u20ac\u00a3%]/g, ""))) ? "a number" : null;
    case "DATE":
      return /\d/.test(value) && (!Number.isNaN(Date.parse(value)) || /^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}/.test(value))
        ? null
        : "a date";
    case "EMAIL":
      return /^[^\s@]{1,80}@[^\s@]{1,120}$/.test(value.trim()) ? null : "an email address";
    case "SINGLE_OPTIONS":
    case "RADIO":
    case "MULTIPLE_OPTIONS":
    case "CHECKBOX":
      if (options === undefined || options.length === 0 || options.includes(value)) return null;
      if (optionIds?.includes(value) === true) return null;
      // Several options may be stored as one text.
      if (value.includes(",") && value.split(",").every((part) => options.includes(part.trim()))) return null;
      return `one of its options: ${listed(options.map((option) => `"${option.slice(0, 40)}"`))}`;
    default:
      return null;
  }
}

function optionMeant(value: string, { options }: CustomFieldFact): string | null {
  const plain = value.trim().toLowerCase();
  const near = (options ?? []).filter((option) => option.trim().toLowerCase() === plain);
  return near.length === 1 ? (near[0] ?? null) : null;
}

const roof = {
  facts: {
    asOf: "2026-11-20",
    customFields: [
      { id: "roof", key: "contact.roof", name: "Roof", type: "SINGLE_OPTIONS", options: ["Flat", "Tiled"] },
    ],
  },
};

const roofById = {
  facts: { customFields: roof.facts.customFields.map((field) => ({ ...field, optionIds: ["r-1", "r-2"] })) },
};

function typed(type: string) {
  return { facts: { customFields: [{ id: "roof", key: "contact.roof", name: "Roof", type }] } };
}

function write(value: unknown): unknown {
  return exampleWorkflow([
    {
      id: "write",
      type: "update_contact_field",
      name: "Keep the roof",
      attributes: { actionType: "update_field_data", fields: [{ field: "roof", title: "Roof", value }] },
    },
  ]);
}
