import { describe, expect, test } from "vitest";
import { createLocation } from "../location/location.ts";
import type { Condition } from "./ast.ts";
import { fieldReader } from "./fields.ts";
import { readCondition } from "./read-condition.ts";
import { findShadows } from "./shadowing.ts";
import { describeExample } from "./words.ts";

const fields = fieldReader(createLocation({}));

function branch(...rows: readonly (readonly [string, string, string?])[]): Condition {
  return readCondition({ conditions: rows.map(([field, operator, value]) => ({ field, operator, value })) }, fields);
}

const value = (operator: string, amount: string) => branch(["opportunity.monetaryValue", operator, amount]);
const city = (operator: string, name?: string) =>
  branch(name === undefined ? ["city", operator] : ["city", operator, name]);
const shadows = (...branches: readonly Condition[]) =>
  findShadows(branches).map(({ branch: loser, by, whole }) => ({ loser, by, whole }));

describe("shadowed branches", () => {
  test("a narrow branch behind a wide one is never taken; the other way round it is", () => {
    expect(shadows(value(">", "1000"), value(">", "5000"))).toEqual([{ loser: 1, by: [0], whole: true }]);
    expect(shadows(value(">", "5000"), value(">", "1000"))).toEqual([]);
  });

  test("the same condition twice shadows the second, also when it cannot be understood", () => {
    expect(shadows(city("is", "Rome"), city("is", "Oslo"), city("is", "Rome"))).toEqual([
      { loser: 2, by: [0], whole: true },
    ]);
    expect(shadows(city("matches_intent", "x"), city("matches_intent", "x"))).toEqual([
      { loser: 1, by: [0], whole: true },
    ]);
  });

  test("two branches may cover a third together", () => {
    expect(shadows(value("<", "100"), value(">=", "100"), value(">", "50"))).toContainEqual({
      loser: 2,
      by: [0, 1],
      whole: true,
    });
    expect(shadows(city("has_value"), city("has_no_value"), branch(["tags", "contains", "vip"]))).toEqual([]);
    expect(
      shadows(branch(["city", "has_value"], ["tags", "contains", "a"]), city("has_value"), city("is", "Rome")),
    ).toEqual([{ loser: 2, by: [1], whole: true }]);
  });

  test("crossing ranges are told as an overlap, with a contact that is in both", () => {
    const [overlap] = findShadows([value(">", "1000"), value("<", "5000")]);
    expect(overlap).toMatchObject({ branch: 1, by: [0], whole: false });
    expect(describeExample(overlap?.example ?? [])).toBe('opportunity monetary value "1001"');
  });

  test("two tags, two fields, or a contradictory branch are not shadows", () => {
    expect(shadows(branch(["tags", "contains", "a"]), branch(["tags", "contains", "b"]))).toEqual([]);
    expect(shadows(city("is", "Rome"), value(">", "5"))).toEqual([]);
    expect(shadows(city("has_value"), branch(["city", "is", "Rome"], ["city", "is", "Oslo"]))).toEqual([]);
    expect(shadows(city("has_value"), { kind: "never" }, { kind: "unreadable", why: "x" })).toEqual([]);
  });

  test("of a hundred branches only the first twenty are compared", () => {
    const many = Array.from({ length: 100 }, (_, at) => branch(["city", "is", String(at)], ["state", "is", "x"]));
    expect(shadows(...many, city("is", "0"), city("is", "0"))).toEqual([]);
  });
});
