import { expect, test } from "vitest";
import { shape } from "../../test/shape.ts";
import { type FormatProblem, parseWorkflow, WorkflowFormatError } from "../parse.ts";

test("steps go on to the one below, and nested branches hold steps of their own", () => {
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

test("next overrules the order: null ends the run, an id leads there, a list is several ways", () => {
  const [a, b, c] = shape(
    parseWorkflow({
      actions: [
        { id: "a", type: "sms", next: "c" },
        { id: "b", type: "sms", next: null },
        { id: "c", type: "workflow_split", next: ["a", "b"] },
      ],
    }),
  );
  expect([a?.next, b?.next, c?.branches]).toEqual([2, -1, ["path Branch -> 0", "path Branch -> 1"]]);
});

test("a Go To jumps by its settings, else along next; an End ends", () => {
  const steps = shape(
    parseWorkflow({
      actions: [
        { id: "a", type: "goto", config: { target: "c" } },
        { id: "b", type: "goto", next: "a" },
        { id: "c", type: "end" },
        { id: "d", type: "sms" },
      ],
    }),
  );
  expect(steps.map(({ next, jump }) => [next, jump])).toEqual([
    [-1, 2],
    [-1, 0],
    [-1, -1],
    [-1, -1],
  ]);
});

test("a branch leads to its next, else to its own first step; a missing one is remembered", () => {
  const { steps } = parseWorkflow({
    actions: [
      {
        id: "c",
        type: "condition",
        branches: [
          { id: "one", label: "One", next: "z" },
          { name: "Two", actions: [{ id: "x", type: "sms" }] },
          { name: "Three", next: "gone" },
        ],
      },
      { id: "z", type: "sms" },
    ],
  });
  expect(steps[0]?.branches.map(({ id, name, target, missing }) => [id, name, target, missing])).toEqual([
    ["one", "One", 1, null],
    [null, "Two", 2, null],
    [null, "Three", -1, "gone"],
    [null, "None", 1, null],
  ]);
});

test("conditions of a branch stand in the branch, and the fallback has none", () => {
  const conditions = [{ field: "city", operator: "is", value: "Rome" }];
  const { steps } = parseWorkflow({
    actions: [
      {
        id: "c",
        type: "condition",
        branches: [
          { name: "Rome", conditions },
          { name: "None", conditions },
        ],
      },
    ],
  });
  expect(steps[0]?.branches.map(({ condition }) => condition?.["conditions"] ?? null)).toEqual([conditions, null]);
});

test.each<readonly [title: string, action: object, code: string, path: string]>([
  ["a branch that is a text", { branches: ["x"] }, "WRONG_TYPE", "/actions/0/branches/0"],
  ["branches that are no list", { branches: {} }, "WRONG_TYPE", "/actions/0/branches"],
  [
    "a step in a branch without id",
    { branches: [{ actions: [{ type: "sms" }] }] },
    "MISSING",
    "/actions/0/branches/0/actions/0/id",
  ],
])("%s is refused", (_title, action, code, path) => {
  let problem: FormatProblem | undefined;
  try {
    parseWorkflow({ actions: [{ id: "a", type: "if", ...action }] });
  } catch (error) {
    if (error instanceof WorkflowFormatError) problem = error.details[0];
  }
  expect([problem?.code, problem?.path]).toEqual([code, path]);
});
