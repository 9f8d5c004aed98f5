import { expect, test } from "vitest";
import { rootCauses } from "./precedence.ts";

const at = (code: string, ...places: string[]) => ({ code, places, causedAt: places });

test("a finding that shares a step with its cause stands under it", () => {
  expect([...rootCauses([at("LOOP-001", "a", "b"), at("TIME-008", "b", "c")])]).toEqual([-1, 0]);
});

test("without a shared step both stand", () => {
  expect([...rootCauses([at("LOOP-001", "a"), at("TIME-008", "c")])]).toEqual([-1, -1]);
});

test("the first of a chain that fits is the cause, and a consequence never has consequences of its own", () => {
  const causes = rootCauses([at("TIME-008", "a"), at("LOOP-002", "a", "b"), at("CONT-008", "b"), at("LOOP-001", "b")]);
  expect([...causes]).toEqual([3, 3, 3, -1]);
});

test("findings about the whole workflow meet without a step", () => {
  expect([...rootCauses([at("GRAPH-001"), at("GRAPH-002", "trigger")])]).toEqual([1, -1]);
});

test("rules that no chain names never absorb each other", () => {
  expect([...rootCauses([at("GRAPH-007", "a"), at("LOGIC-001", "a")])]).toEqual([-1, -1]);
});

test.each([
  ["BOOK-001", "XWF-010"],
  ["BOOK-009", "XWF-010"],
  ["BOOK-001", "BOOK-005"],
  ["XWF-008", "LOGIC-007"],
  ["LOOP-003", "TIME-008"],
  ["TIME-006", "TIME-008"],
])("%s is the cause of %s at one step", (cause, consequence) => {
  expect([...rootCauses([at(consequence, "a"), at(cause, "a", "b")])]).toEqual([1, -1]);
});
