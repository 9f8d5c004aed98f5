import { expect, test } from "vitest";
import { exported, type Flow, row, step } from "../../test/builder-document.ts";
import { resolveOptions } from "../options.ts";
import { parseWorkflow } from "../parse.ts";
import { createView } from "../view.ts";
import { recordGaps } from "./record-gaps.ts";

type Triggers = readonly Readonly<Record<string, unknown>>[];
const form = { type: "form_submission" };
const booked = { type: "customer_appointment" };

/** Names of the steps at which an appointment (or another record) may be missing; null: nowhere, or nobody knows. */
function missing(flow: Flow, triggers: Triggers, record: "appointment" | "opportunity" = "appointment") {
  const view = createView(parseWorkflow(exported("w", flow, {}, triggers)), resolveOptions({}));
  const gap = view.derive(recordGaps)(record);
  return gap === null ? null : view.workflow.steps.filter(gap.missingAt).map(({ name }) => name);
}

const text = step("sms", "text", { body: "Hi" });

test("a record is missing where a trigger that does not bring it leads", () => {
  expect(missing([text], [form])).toEqual(["text"]);
  expect(missing([text], [booked])).toBeNull();
  expect(missing([text], [booked, form])).toEqual(["text"]);
});

test("it is not missing behind a step that creates it, but before it", () => {
  const flow = [text, step("internal_create_opportunity", "create"), step("email", "mail")];
  expect(missing(flow, [form], "opportunity")).toEqual(["text", "create"]);
});

test("a lookup brings it on its found way only", () => {
  const flow: Flow = [
    {
      kind: "ways",
      type: "find_opportunity",
      name: "find",
      attributes: {},
      ways: [
        { name: "Opportunity Found", steps: [step("sms", "found")] },
        { name: "Opportunity Not Found", steps: [step("sms", "lost")] },
      ],
    },
  ];
  expect(missing(flow, [form], "opportunity")).toEqual(["find", "lost"]);
});

test("a branch that asks which trigger fired lets only that trigger's runs in", () => {
  const flow: Flow = [
    {
      kind: "choice",
      name: "which",
      branches: [{ name: "Booked", rows: [row("trigger", "", "is", ["trigger-1"])], steps: [step("sms", "booked")] }],
      none: [step("sms", "others")],
    },
  ];
  expect(missing(flow, [booked, form])).toEqual(["which", "others"]);
});

test("nothing is guessed of unknown triggers, and of runs that others start", () => {
  expect(missing([text], [{ type: "acme_event" }])).toBeNull();
  expect(missing([text], [])).toBeNull();
});

test("a trigger that is switched off counts only when all are", () => {
  const off = { ...form, active: false };
  expect(missing([text], [booked, off])).toBeNull();
  expect(missing([text], [off])).toEqual(["text"]);
});
