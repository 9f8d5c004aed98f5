import { expect, test } from "vitest";
import { type FormatProblem, parseWorkflow, WorkflowFormatError } from "../parse.ts";

const templates = [
  { id: "a", type: "sms", next: "b" },
  { id: "b", type: "email" },
];
const read = (triggers: unknown) => parseWorkflow({ templates, triggers }).triggers;
const first = (trigger: unknown) => read([trigger])?.[0];

function problemOf(triggers: unknown): FormatProblem | null {
  try {
    read(triggers);
  } catch (error) {
    if (error instanceof WorkflowFormatError) return error.details[0] ?? null;
    throw error;
  }
  return null;
}

test("triggers that were not supplied are kept apart from none", () => {
  expect(parseWorkflow(templates).triggers).toBeNull();
  expect(read(null)).toBeNull();
  expect(read([])).toEqual([]);
  expect(read({ rows: [] })).toEqual([]);
});

test("they are read as a list, a single document, or rows; deleted ones are left out", () => {
  const trigger = { id: "t", type: "form_submission", active: true };
  const gone = { id: "u", type: "form_submission", active: true, deleted: true };
  for (const triggers of [[trigger, gone], trigger, { rows: [gone, trigger] }])
    expect(read(triggers)?.map(({ id, active, target }) => [id, active, target])).toEqual([["t", true, 0]]);
});

test("a trigger enters at the step it names, else at the entry; a step that is missing is remembered", () => {
  const entry = (targetActionId?: string) => {
    const trigger = first({ type: "form_submission", targetActionId });
    return [trigger?.target, trigger?.missing];
  };
  expect([entry("b"), entry(), entry("gone")]).toEqual([
    [1, null],
    [0, null],
    [0, "gone"],
  ]);
});

test("a trigger is active unless it says otherwise", () => {
  expect([true, undefined, false, "false"].map((active) => first({ type: "invoice", active })?.active)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test("plain names of types are understood, unknown types kept", () => {
  expect(
    ["Form Submitted", "form_submission", "contact-tag", "acme_event"].map((type) => first({ type })?.type),
  ).toEqual(["form_submission", "form_submission", "contact_tag", "acme_event"]);
  expect(read(["form_submission"])?.[0]?.type).toBe("form_submission");
});

test("names are shown without blanks around them; a nameless trigger carries its type's", () => {
  expect(first({ type: "form_submission", name: "  Enquiry " })?.name).toBe("Enquiry");
  expect(first({ type: "form_submission", name: " " })?.name).toBe("Form Submitted");
  expect(first({ type: "acme_event" })?.name).toBe("acme_event");
  expect(first({ type: "acme_event", name: "x".repeat(1000) })?.name).toHaveLength(200);
  expect([first({ type: "a" })?.id, first({ type: "a", id: "x".repeat(1000) })?.id]).toEqual([
    "trigger-1",
    "trigger-1",
  ]);
});

test("conditions are rows as stored, or the plain formats' pairs", () => {
  const row = { field: "form.id", operator: "is-any-of", value: ["F"], id: "form-id", title: "Form is" };
  expect(first({ type: "form_submission", conditions: [row, "x", null] })?.conditions).toEqual([
    { field: "form.id", operator: "is-any-of", value: ["F"], id: "form-id" },
  ]);
  expect(first({ type: "contact_tag", filters: { tag: "hot", city: "Rome" } })?.conditions).toEqual([
    { field: "tagsAdded", operator: "index-of-true", value: "hot", id: null },
    { field: "city", operator: "==", value: "Rome", id: null },
  ]);
  expect(first({ type: "contact_tag", conditions: { field: "x" } })?.conditions).toHaveLength(1);
});

test.each<readonly [title: string, triggers: unknown, code: string, path: string]>([
  ["a text", "none", "WRONG_TYPE", "/triggers"],
  ["a number in the list", [7], "WRONG_TYPE", "/triggers/0"],
  ["a trigger without type", [{ id: "t" }], "MISSING", "/triggers/0/type"],
  ["a type that is an object", { type: {} }, "WRONG_TYPE", "/triggers/type"],
  ["rows without type", { rows: [{ id: "t" }] }, "MISSING", "/triggers/rows/0/type"],
])("%s is refused", (_title, triggers, code, path) => {
  const problem = problemOf(triggers);
  expect([problem?.code, problem?.path]).toEqual([code, path]);
});
