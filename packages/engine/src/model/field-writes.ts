import type { Analysis } from "../view.ts";
import { isRecord, listOf, textOf } from "./attributes.ts";
import type { Step } from "./workflow.ts";

/** One row of a step that writes fields of the contact. */
export interface FieldWrite {
  readonly step: Step;
  /** The field as stored: a standard name, an id or a key. */
  readonly field: string;
  /** Its name in the builder, or the stored one. */
  readonly title: string;
  readonly value: unknown;
  /** Place in the step's `fields`. */
  readonly row: number;
  /** The step empties its fields instead of writing them. */
  readonly clears: boolean;
}

const types = ["update_contact_field", "create_update_contact"];

/** Every row of the steps that write contact fields and are switched on, in document order by type. */
export const fieldWrites: Analysis<readonly FieldWrite[]> = (view) => {
  const found: FieldWrite[] = [];
  for (const type of types)
    for (const step of view.stepsOfType(type)) {
      if (step.disabled) continue;
      const clears = step.attributes["actionType"] === "clear_field_data";
      listOf(step.attributes["fields"]).forEach((given, row) => {
        if (!isRecord(given)) return;
        const field = textOf(given["field"]);
        if (field === "") return;
        found.push({ step, field, title: textOf(given["title"]) || field, value: given["value"], row, clears });
      });
    }
  return found;
};
