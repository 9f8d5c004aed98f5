import { describe, expect, test } from "vitest";
import { createLocation } from "../location/location.ts";
import type { Condition } from "./ast.ts";
import { findGap, sortsByValue } from "./coverage.ts";
import { fieldReader } from "./fields.ts";
import { readCondition } from "./read-condition.ts";
import { describeExample } from "./words.ts";

const fields = fieldReader(createLocation({}));
const branch = (field: string, operator: string, value?: string): Condition =>
  readCondition({ field, operator, ...(value === undefined ? {} : { value }) }, fields);
const gap = (...branches: readonly Condition[]) => findGap(branches, () => undefined);
const example = (...branches: readonly Condition[]) => describeExample(gap(...branches)?.example ?? []);

describe("what branches leave over", () => {
  test("is nothing for complementary pairs", () => {
    expect(gap(branch("tags", "contains", "vip"), branch("tags", "does-not-include", "vip"))).toBeNull();
    expect(gap(branch("city", "has_value"), branch("city", "has_no_value"))).toBeNull();
    expect(gap(branch("city", "is", "Rome"), branch("city", "is-not", "Rome"))).toBeNull();
  });

  test("is the empty field where two ranges cover every number", () => {
    const low = branch("opportunity.monetaryValue", "<", "9");
    const high = branch("opportunity.monetaryValue", ">=", "9");
    expect(example(low, high)).toBe("opportunity monetary value empty");
    expect(gap(low, high, branch("opportunity.monetaryValue", "is_empty"))).toBeNull();
  });

  test("is another value where single values are asked", () => {
    expect(example(branch("source", "is", "Facebook"))).toBe("source empty");
    expect(example(branch("source", "is", "Facebook"), branch("source", "is_empty"))).toBe('source "something else"');
  });

  test("is a number between ranges", () => {
    const rows = [branch("opportunity.monetaryValue", "<", "5"), branch("opportunity.monetaryValue", ">", "9")];
    expect(example(...rows, branch("opportunity.monetaryValue", "is_empty"))).toBe('opportunity monetary value "8"');
  });

  test("names the options of a dropdown that no branch takes", () => {
    const options = ["Facebook", "Google", "Referral"].map((label) => ({ label, id: null }));
    const branches = [branch("source", "is", "Facebook"), branch("source", "contain", "google")];
    expect(findGap(branches, () => options)?.options).toEqual(["Referral"]);
  });

  test("leaves out options that a branch asks for by their ids", () => {
    const options = ["Facebook", "Referral"].map((label) => ({ label, id: `id-${label}` }));
    expect(findGap([branch("source", "is", "id-Facebook")], () => options)?.options).toEqual(["Referral"]);
  });

  test("is not claimed where a row cannot be read", () => {
    expect(gap(branch("city", "matches_intent", "x"))).toBeNull();
    expect(gap({ kind: "unreadable", why: "test" })).toBeNull();
  });
});

describe("a decision", () => {
  test.each([
    ["sorts by value", branch("source", "is", "Facebook"), true],
    ["sorts by value", branch("opportunity.monetaryValue", ">", "5"), true],
    ["only filters", branch("tags", "contains", "vip"), false],
    ["only filters", branch("email", "has_value"), false],
  ])("%s (%#)", (_, condition, expected) => {
    expect(sortsByValue([condition])).toBe(expected);
  });
});
