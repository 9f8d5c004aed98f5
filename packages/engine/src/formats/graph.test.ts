import { expect, test } from "vitest";
import { shape } from "../../test/shape.ts";
import { type FormatProblem, parseWorkflow, WorkflowFormatError } from "../parse.ts";

test("connections with branch names become branches, and a Go To jumps along its connection", () => {
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

test("a single connection without a name is the step below, several are ways", () => {
  const [one, two] = shape(
    parseWorkflow({
      nodes: [
        { id: "a", type: "sms" },
        { id: "b", type: "sms" },
        { id: "c", type: "sms" },
      ],
      connections: [
        { from: "a", to: "b" },
        { from: "b", to: "a" },
        { from: "b", to: "c" },
      ],
    }),
  );
  expect([one?.next, one?.branches]).toEqual([1, []]);
  expect([two?.next, two?.branches]).toEqual([-1, ["path Branch -> 0", "path Branch -> 2"]]);
});

test("conditions stand with the connection, or in the node under the branch's name", () => {
  const rows = [{ field: "city", operator: "is", value: "Rome" }];
  const conditionsOf = (config: object, connection: object) =>
    parseWorkflow({
      nodes: [
        { id: "a", type: "condition", config },
        { id: "b", type: "sms" },
      ],
      connections: [{ from: "a", to: "b", branch: "Rome", ...connection }],
    }).steps[0]?.branches[0]?.condition?.["conditions"] ?? null;
  expect(conditionsOf({}, { conditions: rows })).toEqual(rows);
  expect(conditionsOf({ branches: [{ name: "Rome", conditions: rows }] }, {})).toEqual(rows);
  expect(conditionsOf({ conditions: rows }, { branch: "yes" })).toEqual(rows);
  expect(conditionsOf({ branches: [{ name: "Oslo", conditions: rows }] }, {})).toBeNull();
});

test("a node of type trigger is a trigger and enters where its connection leads", () => {
  const workflow = parseWorkflow({
    nodes: [
      { id: "t", type: "trigger", name: "Form", config: { type: "form_submission", filters: { "form.id": "F" } } },
      { id: "a", type: "sms" },
      { id: "b", type: "email" },
    ],
    connections: [{ from: "t", to: "b" }],
    triggers: [{ type: "contact_tag" }],
  });
  expect(workflow.steps.map(({ id, position }) => [id, position])).toEqual([
    ["a", 1],
    ["b", 2],
  ]);
  expect(workflow.triggers?.map(({ type, target, conditions }) => [type, target, conditions.length])).toEqual([
    ["contact_tag", 0, 0],
    ["form_submission", 1, 1],
  ]);
});

test("a connection to a node that does not exist is remembered", () => {
  const { steps } = parseWorkflow({ nodes: [{ id: "a", type: "sms" }], connections: [{ from: "a", to: "gone" }] });
  expect([steps[0]?.next, steps[0]?.missing]).toEqual([-1, "gone"]);
});

test.each<readonly [title: string, document: object, code: string, path: string]>([
  ["connections that are no list", { connections: 3 }, "WRONG_TYPE", "/connections"],
  ["a connection that is a text", { connections: ["a-b"] }, "WRONG_TYPE", "/connections/0"],
  ["a connection without end", { connections: [{ from: "a" }] }, "MISSING", "/connections/0/to"],
  ["a connection without start", { connections: [{ to: "a" }] }, "MISSING", "/connections/0/from"],
])("%s is refused", (_title, document, code, path) => {
  let problem: FormatProblem | undefined;
  try {
    parseWorkflow({ nodes: [{ id: "a", type: "sms" }], ...document });
  } catch (error) {
    if (error instanceof WorkflowFormatError) problem = error.details[0];
  }
  expect([problem?.code, problem?.path]).toEqual([code, path]);
});
