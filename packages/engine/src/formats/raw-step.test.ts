import { expect, test } from "vitest";
import { type FormatProblem, parseWorkflow, WorkflowFormatError } from "../parse.ts";
import { collectProblems } from "./format-error.ts";
import { attributesOf, isDisabled, nextIds } from "./raw-step.ts";

function problemsOf(input: unknown): readonly FormatProblem[] {
  try {
    parseWorkflow(input);
  } catch (error) {
    if (error instanceof WorkflowFormatError) return error.details;
    throw error;
  }
  return [];
}

const sms = { id: "a", type: "sms" };

test.each<readonly [title: string, input: unknown, code: string, path: string]>([
  ["a step that is no object", { templates: [sms, 7] }, "WRONG_TYPE", "/templates/1"],
  ["a step without id", [{ type: "sms" }], "MISSING", "/0/id"],
  ["an id that is a list", [{ id: [], type: "sms" }], "WRONG_TYPE", "/0/id"],
  ["an id longer than any id", [{ id: "x".repeat(201), type: "sms" }], "WRONG_TYPE", "/0/id"],
  ["a step without type", { templates: [{ id: "a" }] }, "MISSING", "/templates/0/type"],
  ["a type that is no text", { nodes: [{ id: "a", type: 5 }] }, "WRONG_TYPE", "/nodes/0/type"],
  ["a type longer than any type", [{ id: "a", type: "x".repeat(201) }], "WRONG_TYPE", "/0/type"],
  ["a next that is an object", { templates: [{ ...sms, next: {} }] }, "WRONG_TYPE", "/templates/0/next"],
  ["a next with an object in it", { templates: [{ ...sms, next: ["b", {}] }] }, "WRONG_TYPE", "/templates/0/next/1"],
  ["attributes that are a list", [{ ...sms, attributes: [] }], "WRONG_TYPE", "/0/attributes"],
])("%s is refused", (_title, input, code, path) => {
  const [first] = problemsOf(input);
  expect([first?.code, first?.path]).toEqual([code, path]);
});

test("one answer names all problems, up to twenty", () => {
  expect(problemsOf([{ id: "a" }, { type: "sms" }, 3]).map(({ path }) => path)).toEqual(["/0/type", "/1/id", "/2"]);
  expect(problemsOf(Array.from({ length: 50 }, () => ({ type: "sms" })))).toHaveLength(20);
});

test("next is one id, several, or none", () => {
  const read = (next: unknown) => nextIds({ next }, "", 0, collectProblems());
  expect(["b", ["b", "c"], ["b"], "", null, undefined, 7, ["b", "", null, 7]].map(read)).toEqual([
    "b",
    ["b", "c"],
    ["b"],
    "",
    "",
    "",
    "7",
    ["b", "7"],
  ]);
});

test("a step is switched off on the canvas, or by the plain formats' own word", () => {
  expect(isDisabled({ advanceCanvasMeta: { isDisabled: true } })).toBe(true);
  expect(isDisabled({ disabled: true })).toBe(true);
  expect(isDisabled({ advanceCanvasMeta: { isDisabled: "true" } })).toBe(false);
  expect(isDisabled({ advanceCanvasMeta: null })).toBe(false);
});

test("missing settings are empty settings", () => {
  expect([attributesOf({}), attributesOf({ attributes: null })]).toEqual([{}, {}]);
});
