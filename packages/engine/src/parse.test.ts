import { expect, test } from "vitest";
import { type FormatProblem, parseWorkflow, type Workflow, WorkflowFormatError } from "./parse.ts";

const templates = [
  { id: "a", type: "sms", name: "Hello", attributes: { body: "Hi" }, next: "b" },
  { id: "b", type: "add_contact_tag", attributes: { tags: ["x"] }, next: null },
];

/** What a workflow does, without where it stood in its document. */
function shape(workflow: Workflow) {
  return workflow.steps.map(({ id, type, next, jump, branches }) => ({
    id,
    type,
    next,
    jump,
    branches: branches.map(({ name, kind, target }) => `${kind} ${name} -> ${target}`),
  }));
}

function problemsOf(input: unknown): readonly FormatProblem[] {
  try {
    parseWorkflow(input);
  } catch (error) {
    if (error instanceof WorkflowFormatError) return error.details;
    throw error;
  }
  return [];
}

const wrappings: Readonly<Record<string, unknown>> = {
  "the bare document": { id: "w", name: "N", workflowData: { templates } },
  "workflow and triggers": { workflow: { id: "w", name: "N", workflowData: { templates } }, triggers: [] },
  "the answer with includeTriggers": {
    workflowData: { id: "w", name: "N", workflowData: { templates } },
    triggers: [],
  },
  "templates alone": { templates },
  "a bare list of steps": templates,
  "a list under workflow": { workflow: templates, triggers: [] },
};

for (const [name, document] of Object.entries(wrappings)) {
  test(`reads the same steps from ${name}`, () => {
    expect(shape(parseWorkflow(document))).toEqual(shape(parseWorkflow(templates)));
  });
}

test("triggers that were not supplied are kept apart from none", () => {
  expect(parseWorkflow(templates).triggers).toBeNull();
  expect(parseWorkflow({ templates, triggers: null }).triggers).toBeNull();
  expect(parseWorkflow({ templates, triggers: [] }).triggers).toEqual([]);
});

test("triggers are read as a list, a single document, or rows; deleted ones are left out", () => {
  const trigger = { id: "t", type: "form_submission", active: true };
  const gone = { id: "u", type: "form_submission", active: true, deleted: true };
  for (const triggers of [[trigger, gone], trigger, { rows: [trigger] }]) {
    const read = parseWorkflow({ templates, triggers }).triggers ?? [];
    expect(read.map(({ id, active, target }) => [id, active, target])).toEqual([["t", true, 0]]);
  }
});

test("a trigger enters at the step it names", () => {
  const [trigger] =
    parseWorkflow({ templates, triggers: [{ type: "form_submission", targetActionId: "b" }] }).triggers ?? [];
  expect([trigger?.target, trigger?.missing]).toEqual([1, null]);
});

test("branch nodes are folded into the step that owns them", () => {
  const workflow = parseWorkflow([
    {
      id: "c",
      type: "if_else",
      nodeType: "condition-node",
      next: ["y", "n"],
      attributes: { branches: [{ id: "y", name: "VIP", segments: [{ conditions: [] }] }] },
    },
    { id: "y", type: "if_else", nodeType: "branch-yes", name: "VIP", parent: "c", next: "a" },
    { id: "n", type: "if_else", nodeType: "branch-no", name: "None", parent: "c", attributes: { else: true } },
    ...templates,
  ]);
  expect(shape(workflow).map(({ id }) => id)).toEqual(["c", "a", "b"]);
  expect(shape(workflow)[0]?.branches).toEqual(["condition VIP -> 1", "none None -> -1"]);
  expect(workflow.steps[0]?.branches[0]?.condition).toEqual({ id: "y", name: "VIP", segments: [{ conditions: [] }] });
});

test("a branch node that something else leads to as well stays a step", () => {
  const workflow = parseWorkflow([
    { id: "c", type: "if_else", nodeType: "condition-node", next: ["y", "n"], attributes: { branches: [] } },
    { id: "y", type: "if_else", nodeType: "branch-yes", name: "VIP", next: "g" },
    { id: "n", type: "if_else", nodeType: "branch-no", name: "None" },
    { id: "g", type: "goto", attributes: { targetNodeId: "y" } },
  ]);
  expect(shape(workflow).map(({ id }) => id)).toEqual(["c", "y", "g"]);
  expect(workflow.steps[2]?.jump).toBe(1);
});

test("legacy If/Else keeps its conditions in segments", () => {
  const segments = [{ operator: "and", conditions: [{ conditionType: "contact_detail" }] }];
  const workflow = parseWorkflow([
    {
      id: "c",
      type: "if_else",
      nodeType: "condition-node",
      next: ["y", "n"],
      attributes: { segments, operator: "and" },
    },
    { id: "y", type: "if_else", nodeType: "branch-yes", name: "Yes" },
    { id: "n", type: "if_else", nodeType: "branch-no", name: "None" },
  ]);
  expect(workflow.steps[0]?.branches.map(({ condition }) => condition?.["segments"] ?? null)).toEqual([segments, null]);
});

test("a reply wait has an event branch and a timeout branch", () => {
  const transitions = [
    { id: "t1", name: "wait", condition: "primary" },
    { id: "t2", name: "timeout", condition: "timeout" },
  ];
  const workflow = parseWorkflow([
    { id: "w", type: "wait", cat: "multi-path", next: ["t1", "t2"], attributes: { type: "reply", transitions } },
    { id: "t1", type: "transition", name: "wait", next: "a" },
    { id: "t2", type: "transition", name: "timeout", next: "b" },
    ...templates,
  ]);
  expect(shape(workflow)[0]?.branches).toEqual(["event wait -> 1", "timeout timeout -> 2"]);
});

test("a container that misses one of its branches keeps it as a way that ends the run", () => {
  const branches = [
    { id: "y", name: "One", segments: [] },
    { id: "z", name: "Two", segments: [] },
  ];
  const workflow = parseWorkflow([
    { id: "c", type: "if_else", nodeType: "condition-node", next: ["y"], attributes: { branches } },
    { id: "y", type: "if_else", nodeType: "branch-yes", name: "One", next: "a" },
    ...templates,
  ]);
  expect(shape(workflow)[0]?.branches).toEqual(["condition One -> 1", "condition Two -> -1"]);
});

test("graph JSON: connections with branch names become branches, and Go To jumps along its connection", () => {
  const workflow = parseWorkflow({
    id: "w",
    nodes: [
      { id: "ask", type: "condition", name: "Booked?" },
      { id: "text", type: "sms", config: { message: "Hi" } },
      { id: "back", type: "goto" },
    ],
    connections: [
      { from: "ask", to: "text", branch: "yes" },
      { from: "ask", to: "back", branch: "no" },
      { from: "back", to: "ask" },
    ],
  });
  expect(workflow.format).toBe("graph");
  expect(shape(workflow)).toEqual([
    { id: "ask", type: "if_else", next: -1, jump: -1, branches: ["condition yes -> 1", "none no -> 2"] },
    { id: "text", type: "sms", next: -1, jump: -1, branches: [] },
    { id: "back", type: "goto", next: -1, jump: 0, branches: [] },
  ]);
  expect(workflow.steps[1]?.attributes["body"]).toBe("Hi");
});

test("action lists go on to the step below, and nested branches hold steps of their own", () => {
  const workflow = parseWorkflow({
    actions: [
      { id: "a", type: "Send SMS", config: { text: "Hi" } },
      { id: "w", type: "wait", config: { duration: 2, unit: "days" } },
      {
        id: "c",
        type: "condition",
        branches: [{ name: "Yes", actions: [{ id: "x", type: "email" }] }, { name: "else" }],
      },
      { id: "z", type: "webhook", config: { url: "https://crm.example" } },
    ],
  });
  expect(workflow.format).toBe("actions");
  expect(shape(workflow)).toEqual([
    { id: "a", type: "sms", next: 1, jump: -1, branches: [] },
    { id: "w", type: "wait", next: 2, jump: -1, branches: [] },
    { id: "c", type: "if_else", next: -1, jump: -1, branches: ["condition Yes -> 4", "none else -> -1"] },
    { id: "z", type: "webhook", next: -1, jump: -1, branches: [] },
    { id: "x", type: "email", next: -1, jump: -1, branches: [] },
  ]);
  expect(workflow.steps[1]?.attributes["startAfter"]).toEqual({ type: "days", value: 2, when: "after" });
  expect(workflow.steps[4]?.list).toBe("/actions/2/branches/0/actions");
});

test("when no branch is the fallback, a contact that fits none goes on below", () => {
  const workflow = parseWorkflow({
    actions: [
      { id: "c", type: "condition", branches: [{ name: "VIP", next: null }] },
      { id: "z", type: "sms" },
    ],
  });
  expect(shape(workflow)[0]?.branches).toEqual(["condition VIP -> -1", "none None -> 1"]);
});

test("unknown step types are kept, odd names are tolerated, and nothing pollutes prototypes", () => {
  const document = JSON.parse(
    '[{"id":1,"type":"acme_fax","name":42,"next":"__proto__"},{"id":"__proto__","type":"constructor","attributes":{"__proto__":{"polluted":true}}}]',
  );
  const workflow = parseWorkflow(document);
  expect(workflow.steps.map(({ id, name, next }) => [id, name, next])).toEqual([
    ["1", "42", 1],
    ["__proto__", "constructor", -1],
  ]);
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});

test("references to ids that several steps carry reach the first of them", () => {
  const workflow = parseWorkflow([
    { id: "a", type: "sms", next: "b" },
    { id: "b", type: "sms" },
    { id: "b", type: "email" },
  ]);
  expect(workflow.steps[0]?.next).toBe(1);
  expect(workflow.duplicateIds).toEqual(["b"]);
});

test("a Remove from Workflow ends the run exactly when it takes the contact out of this one", () => {
  const ends = (attributes: unknown) =>
    ((parseWorkflow({ id: "w", templates: [{ id: "a", type: "remove_from_workflow", attributes }] }).steps[0]?.traits ??
      0) &
      (1 << 4)) !==
    0;
  expect(ends({ workflow_id: ["w"] })).toBe(true);
  expect(ends({ includeCurrent: true })).toBe(true);
  expect(ends({ allWorkflows: true })).toBe(true);
  expect(ends({ allWorkflows: true, includeCurrent: false })).toBe(false);
  expect(ends({ workflow_id: ["other"] })).toBe(false);
});

const refused: readonly (readonly [title: string, input: unknown, code: string, path: string])[] = [
  ["a text", "workflow", "NOT_AN_OBJECT", ""],
  ["null", null, "NOT_AN_OBJECT", ""],
  ["an empty list", [], "UNKNOWN_FORMAT", ""],
  ["an empty object", {}, "UNKNOWN_FORMAT", ""],
  ["a list of workflows", [{ workflowData: { templates } }], "LIST_OF_WORKFLOWS", ""],
  ["workflows", { workflows: [{}, {}] }, "LIST_OF_WORKFLOWS", "/workflows"],
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
  ["workflowData without steps", { workflow: { workflowData: {} } }, "MISSING", "/workflow/workflowData/templates"],
  ["a step that is no object", { templates: [templates[0], 7] }, "WRONG_TYPE", "/templates/1"],
  ["a step without id", [{ type: "sms" }], "MISSING", "/0/id"],
  ["a step without type", { templates: [{ id: "a" }] }, "MISSING", "/templates/0/type"],
  ["a type that is no text", { nodes: [{ id: "a", type: 5 }] }, "WRONG_TYPE", "/nodes/0/type"],
  ["a next that is an object", { templates: [{ id: "a", type: "sms", next: {} }] }, "WRONG_TYPE", "/templates/0/next"],
  ["attributes that are a list", [{ id: "a", type: "sms", attributes: [] }], "WRONG_TYPE", "/0/attributes"],
  ["connections that are no list", { nodes: [{ id: "a", type: "sms" }], connections: 3 }, "WRONG_TYPE", "/connections"],
  [
    "a connection without end",
    { nodes: [{ id: "a", type: "sms" }], connections: [{ from: "a" }] },
    "MISSING",
    "/connections/0/to",
  ],
  [
    "a branch that is a text",
    { actions: [{ id: "a", type: "if", branches: ["x"] }] },
    "WRONG_TYPE",
    "/actions/0/branches/0",
  ],
  ["triggers that are a text", { templates, triggers: "none" }, "WRONG_TYPE", "/triggers"],
  ["a trigger without type", { templates, triggers: [{ id: "t" }] }, "MISSING", "/triggers/0/type"],
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

test("one answer names all problems, up to twenty", () => {
  expect(problemsOf([{ id: "a" }, { type: "sms" }, 3]).map(({ path }) => path)).toEqual(["/0/type", "/1/id", "/2"]);
  expect(problemsOf(Array.from({ length: 50 }, () => ({ type: "sms" })))).toHaveLength(20);
});
