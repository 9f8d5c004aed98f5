import { expect, test } from "vitest";
import { resolveOptions } from "../options.ts";
import { parseWorkflow } from "../parse.ts";
import { createView } from "../view.ts";
import { fieldWrites } from "./field-writes.ts";

test("rows are read with their title; rows without a field and steps that are switched off are left out", () => {
  const fields = [{ field: "city", title: "City", value: "Oslo" }, { field: "" }, "junk", { field: "f1", value: 3 }];
  const workflow = {
    actions: [
      { id: "a", type: "update_contact_field", config: { actionType: "clear_field_data", fields } },
      { id: "b", type: "update_contact_field", disabled: true, config: { fields } },
      { id: "c", type: "create_update_contact", config: { fields: fields[0] } },
    ],
  };
  const view = createView(parseWorkflow(workflow), resolveOptions({}));
  expect(view.derive(fieldWrites).map(({ step, title, row, clears }) => [step.id, title, row, clears])).toEqual([
    ["a", "City", 0, true],
    ["a", "f1", 3, true],
    ["c", "City", 0, false],
  ]);
});
