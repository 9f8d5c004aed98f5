import { expect, test } from "vitest";
import { readOperator } from "./operators.ts";

test.each([
  ["index-of-true", "includes"],
  ["index-of-false", "excludes"],
  ["==", "equals"],
  ["contain", "contains"],
  ["has_value", "not-empty"],
  ["has_no_value", "empty"],
  [">=", "greater-or-equal"],
  ["is", "equals"],
  ["is-any-of", "equals"],
  ["contains-any", "includes-any"],
] as const)("the stored spelling %s is read as %s", (stored, operator) => {
  expect(readOperator(stored)).toBe(operator);
});

test("case, blanks, underscores and camel case do not matter", () => {
  for (const spelling of ["has-value", "hasValue", "Has Value", " HAS_VALUE "])
    expect(readOperator(spelling)).toBe("not-empty");
});

test("what is not in the table is not guessed", () => {
  for (const stored of ["has-changed", "time-diff-now-gte", "matches_intent", "", "constructor", "x".repeat(1000)])
    expect(readOperator(stored)).toBeUndefined();
});
