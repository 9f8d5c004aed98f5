import { expect, test } from "vitest";
import { resolveOptions } from "../options.ts";
import { parseWorkflow } from "../parse.ts";
import { createView } from "../view.ts";
import { NOBODY, spread, startsBy } from "./spread.ts";

const view = createView(
  parseWorkflow({
    triggers: [
      { id: "form", type: "form_submission", active: true, targetActionId: "ask" },
      { id: "tag", type: "contact_tag", active: true, targetActionId: "late" },
      { id: "off", type: "contact_created", active: false, targetActionId: "ask" },
    ],
    actions: [
      {
        id: "ask",
        type: "condition",
        branches: [
          {
            name: "Yes",
            conditions: [{ field: "contact.city", operator: "==", value: "Rome" }],
            actions: [sms("yes")],
          },
          { name: "None", actions: [sms("no")] },
        ],
      },
      sms("late"),
    ],
  }),
  resolveOptions({}),
);
const labelOf = (labels: Int32Array, id: string) => labels[view.workflow.steps.findIndex((step) => step.id === id)];

function sms(id: string): object {
  return { id, type: "sms", config: { body: "Hi" } };
}

test("labels go along all ways that are let through, from active triggers only", () => {
  const labels = spread(
    view,
    startsBy(view, () => true),
    (_step, branch) => branch?.name !== "Yes",
  );
  expect(["ask", "yes", "no", "late"].map((id) => labelOf(labels, id))).toEqual([0, NOBODY, 0, 1]);
});

test("only the starts that are asked for count", () => {
  const labels = spread(
    view,
    startsBy(view, (trigger) => trigger?.type === "contact_tag"),
    () => true,
  );
  expect(["ask", "yes", "no", "late"].map((id) => labelOf(labels, id))).toEqual([NOBODY, NOBODY, NOBODY, 1]);
});

test("without triggers the start is unknown", () => {
  const alone = createView(parseWorkflow({ triggers: [], actions: [sms("text")] }), resolveOptions({}));
  expect(startsBy(alone, (trigger) => trigger === null)).toEqual([[0, -1]]);
});
