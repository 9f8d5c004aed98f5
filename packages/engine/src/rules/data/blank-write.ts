import { isBlank } from "../../model/attributes.ts";
import { type FieldWrite, fieldWrites } from "../../model/field-writes.ts";
import type { Step } from "../../model/workflow.ts";
import { exampleWorkflow } from "../logic/example-workflow.ts";
import { listed, quoted } from "../places.ts";
import { defineRule } from "../rule.ts";

interface BlankWrite {
  readonly step: Step;
  readonly rows: readonly FieldWrite[];
}

export const blankWrite = defineRule<BlankWrite>({
  meta: {
    code: "DATA-006",
    id: "blank-write",
    category: "data",
    severity: "medium",
    scope: "W",
    title: "An empty value is written, which changes nothing",
    summary: "An Update Contact Field step in update mode with a field whose new value is empty.",
    why: "HighLevel leaves the old value where it is. Whoever reads the field later takes last month's answer for today's.",
    fix: 'Use the step\'s "clear" mode to empty a field, or enter the value that is meant.',
    sources: ["help article 48001214441 (Update Contact Field)", "platform fact F41"],
  },
  sees: { types: ["update_contact_field"] },
  *find(view) {
    const byStep = new Map<Step, FieldWrite[]>();
    for (const write of view.derive(fieldWrites)) {
      if (write.clears || write.step.type !== "update_contact_field" || !isBlank(write.value)) continue;
      const rows = byStep.get(write.step);
      if (rows === undefined) byStep.set(write.step, [write]);
      else rows.push(write);
    }
    for (const [step, rows] of byStep) yield { step, rows };
  },
  tell({ step, rows }) {
    const names = rows.map(({ title }) => `"${title.slice(0, 60)}"`);
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
    { title: "clear mode", workflow: write([{ field: "outcome", value: "" }], "clear_field_data") },
    {
      title: "a new contact may lack a value",
      workflow: exampleWorkflow([
        { id: "a", type: "create_update_contact", attributes: { fields: [{ field: "email", value: "" }] } },
      ]),
    },
  ],
});

function write(fields: readonly object[], actionType = "update_field_data"): unknown {
  return exampleWorkflow([
    { id: "write", type: "update_contact_field", name: "Keep the outcome", attributes: { actionType, fields } },
  ]);
}
