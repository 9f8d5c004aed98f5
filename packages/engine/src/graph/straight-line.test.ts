import { expect, test } from "vitest";
import { resolveOptions } from "../options.ts";
import { parseWorkflow } from "../parse.ts";
import { createView } from "../view.ts";
import { straightLine } from "./straight-line.ts";

function line(actions: readonly object[]): readonly string[] {
  const view = createView(parseWorkflow({ actions }), resolveOptions({}));
  const [first] = view.workflow.steps;
  return first === undefined ? [] : straightLine(view, first).map(({ id }) => id);
}

const step = (id: string, type = "add_tag", more: object = {}) => ({ id, type, config: { tag: "x" }, ...more });

test("it ends at a pause, a decision and the end of the run", () => {
  expect(line([step("a"), step("b"), step("w", "wait", { config: { days: 1 } }), step("c")])).toEqual(["b"]);
  expect(line([step("a"), step("b"), step("if", "condition", { branches: [] })])).toEqual(["b"]);
  expect(line([step("a"), step("b"), step("c", "end")])).toEqual(["b"]);
});

test("it ends where runs come in from elsewhere", () => {
  const back = { id: "g", type: "goto", config: { target: "c" } };
  expect(line([step("a"), step("b"), step("c"), step("w", "wait", { config: { days: 1 } }), back])).toEqual(["b"]);
});
