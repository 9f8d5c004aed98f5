import { expect, test } from "vitest";
import { createLocation } from "../location/location.ts";
import type { Condition } from "./ast.ts";
import { fieldReader } from "./fields.ts";
import { readCondition } from "./read-condition.ts";
import { describeCondition, describeExample, exampleEvidence } from "./words.ts";

const fields = fieldReader(createLocation({}));
const say = (field: string, operator: string, value?: unknown) =>
  describeCondition(readCondition({ field, operator, ...(value === undefined ? {} : { value }) }, fields));

test.each([
  [say("city", "is", "Rome"), 'city is "Rome"'],
  [say("city", "is-any-of", ["Rome", "Oslo"]), 'city is "Rome" or "Oslo"'],
  [say("city", "is-not", "Rome"), 'city is not "Rome"'],
  [say("city", "contains", "ro"), 'city contains "ro"'],
  [say("city", "does-not-contain", "ro"), 'city does not contain "ro"'],
  [say("city", "starts-with", "ro"), 'city starts with "ro"'],
  [say("city", "ends-with", "me"), 'city ends with "me"'],
  [say("city", "is_empty"), "city is empty"],
  [say("city", "has_value"), "city is not empty"],
  [say("tags", "has", "vip"), 'has the tag "vip"'],
  [say("tags", "has-all", ["a", "b"]), 'has the tags "a" and "b"'],
  [say("tags", "has-not", "vip"), 'does not have the tag "vip"'],
  [say("opportunity.monetaryValue", ">", "5"), 'opportunity monetary value is more than "5"'],
  [say("opportunity.monetaryValue", "between", ["1", "9"]), 'opportunity monetary value is between "1" and "9"'],
  [say("city", "matches_intent", "buy"), 'city matches intent "buy"'],
])("%s", (said, expected) => {
  expect(said).toBe(expected);
});

test("groups are told with their own word, long ones are counted", () => {
  const rows = Array.from({ length: 8 }, (_, at) => ({ field: "city", operator: "is", value: String(at) }));
  const or = describeCondition(readCondition({ operator: "or", conditions: rows }, fields));
  expect(or).toMatch(/^city is "0" or city is "1".* or 2 more conditions$/);
  const nested = { operator: "and", conditions: [rows[0], { operator: "or", conditions: [rows[1], rows[2]] }] };
  expect(describeCondition(readCondition(nested, fields))).toBe('city is "0" and (city is "1" or city is "2")');
  expect(describeCondition({ kind: "never" })).toBe("no condition is set");
  expect(describeCondition({ kind: "unreadable", why: "x" })).toBe("a condition that cannot be read");
});

test("long values are clipped, never inside a pair, and many are counted", () => {
  const long = say("city", "is", "\u{1f600}".repeat(200));
  expect([long.length < 200, long.isWellFormed()]).toEqual([true, true]);
  expect(say("city", "is-any-of", ["a", "b", "c", "d", "e"])).toBe('city is "a", "b", "c" or 2 more');
});

test("an example contact is told in words and as data", () => {
  const field = (path: string) => fields.ofPath(path);
  const example = [
    { field: field("city"), value: "Rome" },
    { field: field("tags"), value: ["a", "b"] },
    { field: field("email"), value: null },
  ];
  expect(describeExample(example)).toBe('city "Rome", tags "a" and "b", email empty');
  expect(exampleEvidence(example)).toEqual({ city: "Rome", tags: ["a", "b"], email: null });
});

test("a condition of any kind has words", () => {
  const odd: readonly Condition[] = [
    { kind: "all", of: [] },
    { kind: "all-or-any", of: [{ kind: "never" }, { kind: "never" }] },
  ];
  expect(odd.map(describeCondition)).toEqual(["", "no condition is set and no condition is set"]);
});
