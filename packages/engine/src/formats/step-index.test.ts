import fc from "fast-check";
import { expect, test } from "vitest";
import { stepIndex, tabulate } from "./step-index.ts";

test("of several equal ids the first is the one that references reach, and each is named once", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("a", "b", "c", "__proto__")), (ids) => {
      const table = tabulate(ids);
      for (const id of ids) expect(table.positionOf.get(id)).toBe(ids.indexOf(id));
      const repeated = new Set(ids.filter((id, at) => ids.indexOf(id) !== at));
      expect([...table.duplicates].sort()).toEqual([...repeated].sort());
    }),
  );
});

test("runs start at the first step; an empty list has no entry", () => {
  const index = stepIndex(tabulate(["a", "b"]));
  expect([index.entry, index.stepOf("b"), index.stepOf("c")]).toEqual([0, 1, -1]);
  expect(stepIndex(tabulate([])).entry).toBe(-1);
});
