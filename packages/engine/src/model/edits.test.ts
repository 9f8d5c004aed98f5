import { expect, test } from "vitest";
import { parseWorkflow } from "../parse.ts";
import { daysSinceEdit, nameWithoutCopy } from "./edits.ts";

const edited = (more: object) => parseWorkflow({ name: "W", actions: [{ id: "a", type: "sms", config: {} }], ...more });

test("days are counted from the last edit, and unknown without one or without a day to count to", () => {
  expect(daysSinceEdit(edited({ updatedAt: "2026-11-01T23:00:00Z" }), "2026-11-23")).toBe(21);
  expect(daysSinceEdit(edited({ updatedAt: "2026-11-01" }), null)).toBeNull();
  expect(daysSinceEdit(edited({}), "2026-11-23")).toBeNull();
});

test.each([
  ["Copy of Welcome", "Welcome"],
  ["Welcome (2)", "Welcome"],
  ["Welcome - Copy", "Welcome"],
  ["Copywriting leads", "Copywriting leads"],
])("%s is of %s", (copy, name) => {
  expect(nameWithoutCopy(copy)).toBe(name);
});
