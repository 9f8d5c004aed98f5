import { fieldReader } from "../../conditions/fields.ts";
import { reachedUnfilled } from "../../conditions/filled.ts";
import { isBlank, textOf } from "../../model/attributes.ts";
import { type FieldWrite, fieldWrites } from "../../model/field-writes.ts";
import type { Step } from "../../model/workflow.ts";
import { mergeFieldsOf } from "../../text/merge-fields.ts";
import type { Analysis } from "../../view.ts";
import { listed, quoted } from "../../words.ts";
import { isAlwaysThere } from "../content/merge-field-edits.ts";
import { contactRow, exampleDecision, exampleWorkflow } from "../logic/example-workflow.ts";
import { defineRule, type Telling } from "../rule.ts";

interface BlankWrite {
  readonly step: Step;
  readonly rows: readonly FieldWrite[];
  /** The value is a merge field, which is blank for some contacts; else nothing is entered. */
  readonly merged: boolean;
}

export const blankWrite = defineRule<BlankWrite>({
  meta: {
    code: "DATA-006",
    id: "blank-write",
    category: "data",
    severity: "medium",
    scope: "W",
    title: "An empty value is written, which changes nothing",
    summary:
      "An Update Contact Field step in update mode with a field whose new value is empty, or is one merge field that no condition before it has found filled.",
    why: "HighLevel leaves the old value where it is. Whoever reads the field later takes last month's answer for today's.",
    fix: 'Use the step\'s "clear" mode to empty a field, or enter the value that is meant.',
    sources: ["help article 48001214441 (Update Contact Field)", "platform fact F41"],
  },
  sees: { types: ["update_contact_field"] },
  *find(view) {
    const writes = view
      .derive(fieldWrites)
      .filter(({ clears, step }) => !clears && step.type === "update_contact_field");
    for (const [step, rows] of byStep(writes.filter(({ value }) => isBlank(value))))
      yield { step, rows, merged: false };
    const merging = writes.filter(({ value }) => typeof value === "string" && value.includes("{{"));
    if (merging.length === 0) return;
    const maybe = view.derive(mayBeBlank);
    for (const [step, rows] of byStep(merging.filter(({ step, value }) => maybe(step, textOf(value)))))
      yield { step, rows, merged: true };
  },
  tell({ step, rows, merged }) {
    const names = rows.map(({ title }) => `"${title.slice(0, 60)}"`);
    if (merged) return tellMerged(step, rows, names);
    return {
      message: `${quoted(step)} writes nothing into ${listed(names)}, and an empty value changes nothing in update mode.`,
      impact: "The old value stays and is read as if it were new, for instance an outcome of an earlier call.",
      fix: 'To empty the field, switch the step to "clear"; otherwise enter the value that is meant.',
      steps: [step],
      evidence: { mode: "update", fields: rows.slice(0, 20).map(({ title }) => title.slice(0, 200)) },
    };
  },
  wrong: () => [
    {
      title: "an outcome is meant to be emptied",
      workflow: write([{ field: "outcome", title: "Call outcome", value: "" }]),
    },
    {
      title: "an answer of another system that may be missing",
      workflow: write([{ field: "outcome", title: "Call outcome", value: "{{inboundWebhookRequest.outcome}}" }]),
    },
    {
      title: "two empty rows are one finding",
      workflow: write([
        { field: "a", value: "" },
        { field: "b", value: "  " },
      ]),
    },
  ],
  right: () => [
    { title: "a value", workflow: write([{ field: "outcome", value: "Booked" }]) },
    { title: "a number of zero is a value", workflow: write([{ field: "visits", value: 0 }]) },
    { title: "words around a merge field", workflow: write([{ field: "note", value: "Call {{contact.first_name}}" }]) },
    {
      title: "a merge field with a fallback",
      workflow: write([{ field: "outcome", value: '{{inboundWebhookRequest.outcome || "none"}}' }]),
    },
    {
      title: "a field that a condition has found filled",
      workflow: exampleDecision("Outcome known?", [
        {
          name: "Yes",
          rows: [contactRow("mood", "has_value")],
          steps: [
            {
              id: "write",
              type: "update_contact_field",
              attributes: {
                actionType: "update_field_data",
                fields: [{ field: "outcome", value: "{{contact.mood}}" }],
              },
            },
          ],
        },
      ]),
    },
    {
      title: "today's date is never blank",
      workflow: write([{ field: "called", value: "{{right_now.middle_endian_date}}" }]),
    },
    { title: "clear mode", workflow: write([{ field: "outcome", value: "" }], "clear_field_data") },
    {
      title: "a new contact may lack a value",
      workflow: exampleWorkflow([
        { id: "a", type: "create_update_contact", attributes: { fields: [{ field: "email", value: "" }] } },
      ]),
    },
  ],
});

function byStep(writes: readonly FieldWrite[]): ReadonlyMap<Step, readonly FieldWrite[]> {
  return Map.groupBy(writes, ({ step }) => step);
}

function tellMerged(step: Step, rows: readonly FieldWrite[], names: readonly string[]): Telling {
  const values = rows.map(({ value }) => textOf(value).slice(0, 60));
  return {
    message: `${quoted(step)} writes ${listed(values)} into ${listed(names)}, and for some contacts there is nothing in it.`,
    impact: "For those contacts the old value stays and is read as if it were new, or good data gets lost.",
    fix: `Ask in an If/Else first whether there is a value, or give the merge field a fallback.`,
    steps: [step],
    evidence: {
      mode: "update",
      fields: rows.slice(0, 20).map(({ title }) => title.slice(0, 200)),
      values: values.slice(0, 20),
    },
    confidence: "possible",
  };
}

/** Merge fields of a contact, a webhook or a form: what was never filled in is blank. */
const MAY_BE_BLANK = /^(?:contact|inboundWebhookRequest|form|survey)\./i;
/** Of so many different merge fields it is worked out where a condition has found them filled. */
const MOST_PATHS = 20;

/** Is the value one merge field that may be blank at the step? */
const mayBeBlank: Analysis<(step: Step, value: string) => boolean> = (view) => {
  const fields = fieldReader(view.options.location);
  const unfilled = new Map<string, Uint8Array>();
  return (step, value) => {
    const [only, another] = mergeFieldsOf(value);
    if (only === undefined || another !== undefined || only.fault !== null || only.fallback !== null) return false;
    if (value.slice(0, only.start).trim() !== "" || value.slice(only.end).trim() !== "") return false;
    if (!MAY_BE_BLANK.test(only.path) || isAlwaysThere(only.path)) return false;
    const { key } = fields.ofPath(only.path);
    let reached = unfilled.get(key);
    if (reached === undefined) {
      if (unfilled.size >= MOST_PATHS) return false;
      reached = reachedUnfilled(view, (field) => field.key === key);
      unfilled.set(key, reached);
    }
    return reached[step.index] === 1;
  };
};

function write(fields: readonly object[], actionType = "update_field_data"): unknown {
  return exampleWorkflow([
    { id: "write", type: "update_contact_field", name: "Keep the outcome", attributes: { actionType, fields } },
  ]);
}
