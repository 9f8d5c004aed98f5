import { expect, test } from "vitest";
import { shape } from "../../test/shape.ts";
import { type FormatProblem, parseWorkflow, WorkflowFormatError } from "../parse.ts";
import { detect } from "./detect.ts";

const templates = [
  { id: "a", type: "sms", name: "Hello", attributes: { body: "Hi" }, next: "b" },
  { id: "b", type: "add_contact_tag", attributes: { tags: ["x"] }, next: null },
];
const document = { id: "w", name: "N", workflowData: { templates } };

const wrappings: Readonly<Record<string, readonly [input: unknown, steps: string, triggers: string | null]>> = {
  "the bare document": [document, "/workflowData/templates", null],
  "the bare document with its triggers inside": [{ ...document, triggers: [] }, "/workflowData/templates", "/triggers"],
  "workflow and triggers": [{ workflow: document, triggers: [] }, "/workflow/workflowData/templates", "/triggers"],
  "workflow with its triggers inside": [
    { workflow: { ...document, triggers: [] } },
    "/workflow/workflowData/templates",
    "/workflow/triggers",
  ],
  "the answer with includeTriggers": [
    { workflowData: document, permissionMeta: {}, triggers: [], dependentAssets: [] },
    "/workflowData/workflowData/templates",
    "/triggers",
  ],
  "the same inside workflow": [
    { workflow: { workflowData: document, triggers: [] } },
    "/workflow/workflowData/workflowData/templates",
    "/workflow/triggers",
  ],
  "templates alone": [{ templates }, "/templates", null],
  "a bare list of steps": [templates, "", null],
  "a list under workflow": [{ workflow: templates, triggers: [] }, "/workflow", "/triggers"],
};

for (const [name, [input, stepsPointer, triggersPointer]] of Object.entries(wrappings)) {
  test(`finds steps and triggers in ${name}`, () => {
    const source = detect(input);
    expect(source).toMatchObject({ format: "builder", steps: templates, stepsPointer });
    expect(source.triggers === undefined ? null : source.triggersPointer).toBe(triggersPointer);
    expect(shape(parseWorkflow(input))).toEqual(shape(parseWorkflow(templates)));
  });
}

test("a graph has nodes, an action list actions; a bare list with config is an action list", () => {
  expect(detect({ nodes: [] })).toMatchObject({ format: "graph", stepsPointer: "/nodes" });
  expect(detect({ workflow: { actions: [] } })).toMatchObject({ format: "actions", stepsPointer: "/workflow/actions" });
  expect(detect([{ id: "a", type: "sms", config: {} }])).toMatchObject({ format: "actions", stepsPointer: "" });
});

test("triggers that are null were not supplied", () => {
  expect(detect({ templates, triggers: null }).triggers ?? null).toBeNull();
  expect(detect({ workflow: { ...document, triggers: [] }, triggers: null }).triggers).toEqual([]);
});

function problemsOf(input: unknown): readonly FormatProblem[] {
  try {
    parseWorkflow(input);
  } catch (error) {
    if (error instanceof WorkflowFormatError) return error.details;
    throw error;
  }
  return [];
}

const refused: readonly (readonly [title: string, input: unknown, code: string, path: string])[] = [
  ["a text", "workflow", "NOT_AN_OBJECT", ""],
  ["null", null, "NOT_AN_OBJECT", ""],
  ["an empty list", [], "UNKNOWN_FORMAT", ""],
  ["an empty object", {}, "UNKNOWN_FORMAT", ""],
  ["a list of workflows", [{ workflowData: { templates } }], "LIST_OF_WORKFLOWS", ""],
  ["workflows", { workflows: [{}, {}] }, "LIST_OF_WORKFLOWS", "/workflows"],
  ["rows of the builder's list", { rows: [{ _id: "w", type: "workflow" }], count: 1 }, "LIST_OF_WORKFLOWS", "/rows"],
  [
    "an export without its steps",
    { id: "w", status: "draft", fileUrl: "https://files.example/w" },
    "STEPS_NOT_INCLUDED",
    "",
  ],
  [
    "the public API's description",
    { workflow: { id: "w", name: "N", status: "draft" } },
    "STEPS_NOT_INCLUDED",
    "/workflow",
  ],
  ["a trigger document", { type: "form_submission", belongs_to: "workflow", actions: [] }, "UNKNOWN_FORMAT", ""],
  ["templates that are no list", { workflowData: { templates: {} } }, "WRONG_TYPE", "/workflowData/templates"],
  ["workflowData that is a text", { workflowData: "x" }, "WRONG_TYPE", "/workflowData"],
  ["workflowData without steps", { workflow: { workflowData: {} } }, "MISSING", "/workflow/workflowData/templates"],
];

for (const [title, input, code, path] of refused) {
  test(`refuses ${title} with ${code} at "${path}"`, () => {
    const [first] = problemsOf(input);
    expect([first?.code, first?.path]).toEqual([code, path]);
    expect(first?.message).toMatch(/\.$/);
  });
}

test("a list of workflows is told where to go", () => {
  expect(problemsOf({ workflows: [] })[0]?.message).toContain("/api/audit");
});
