import { expect, it } from "vitest";
import { resolveOptions } from "../options.ts";
import { parseWorkflow } from "../parse.ts";
import { createView } from "../view.ts";
import { branchingDepth } from "./branching-depth.ts";

function nested(levels: number): readonly object[] {
  if (levels === 0) return [{ id: "end", type: "add_notes", config: { body: "x" } }];
  const conditions = [{ field: "contact.city", operator: "==", value: "Rome" }];
  return [
    {
      id: `d${levels}`,
      type: "condition",
      branches: [
        { name: "A", conditions, actions: nested(levels - 1) },
        { name: "None", actions: [] },
      ],
    },
  ];
}

const depthOf = (actions: readonly object[]) =>
  createView(parseWorkflow({ actions }), resolveOptions({})).derive(branchingDepth);

it("counts the decisions on the deepest way", () => {
  expect(depthOf(nested(0))).toBe(0);
  expect(depthOf(nested(1))).toBe(1);
  expect(depthOf(nested(6))).toBe(6);
});

it("takes a hundred thousand steps in a row", () => {
  expect(depthOf(Array.from({ length: 100_000 }, (_, at) => ({ id: `${at}`, type: "add_notes", config: {} })))).toBe(0);
});
