import fc from "fast-check";
import { expect, test } from "vitest";
import { booleanOf, idOf, isBlank, isRecord, listOf, nameOf, numberOf, recordOf, textOf } from "./attributes.ts";

test("whatever is given, each reader answers with its shape and throws nothing", () => {
  fc.assert(
    fc.property(fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true }), (value) => {
      expect(isRecord(recordOf(value))).toBe(true);
      expect(Array.isArray(listOf(value))).toBe(true);
      expect(typeof textOf(value)).toBe("string");
      expect(typeof numberOf(value)).toBe("number");
      expect(nameOf(value).length).toBeLessThanOrEqual(200);
      expect([true, false, null]).toContain(booleanOf(value));
      expect(typeof isBlank(value)).toBe("boolean");
    }),
  );
});

test("one or many is a list; nothing is an empty one", () => {
  expect([["a"], "a", 0, "", null, undefined].map(listOf)).toEqual([["a"], ["a"], [0], [], [], []]);
});

test("numbers are read from text too, and only finite ones", () => {
  expect([15, "15", " 1.5 ", "-3", "", " ", "x", "1e999", Number.POSITIVE_INFINITY, null, true].map(numberOf)).toEqual([
    15,
    15,
    1.5,
    -3,
    ...Array(7).fill(Number.NaN),
  ]);
});

test("true and false may be written as text; anything else is not said", () => {
  expect([true, "true", false, "false", "yes", 1, null].map(booleanOf)).toEqual([
    true,
    true,
    false,
    false,
    null,
    null,
    null,
  ]);
});

test("blank is what nobody would call filled in", () => {
  expect([undefined, null, "", " \n", []].every(isBlank)).toBe(true);
  expect(["a", 0, false, ["a"], { a: 1 }, " ".repeat(5000)].some(isBlank)).toBe(false);
});

test("names are trimmed and bounded, ids are taken whole or not at all", () => {
  expect([nameOf("  Say hello "), nameOf(7), nameOf({}), nameOf("x".repeat(201)).length]).toEqual([
    "Say hello",
    "7",
    "",
    200,
  ]);
  expect(nameOf("x".repeat(300)).endsWith("…")).toBe(true);
  expect([idOf("a"), idOf(7), idOf(""), idOf(null), idOf("x".repeat(201))]).toEqual(["a", "7", null, null, null]);
});
