import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createLocation } from "../location/location.ts";
import { allOf, type Condition } from "./ast.ts";
import { findConflict } from "./conflict.ts";
import { fieldReader } from "./fields.ts";
import { readCondition } from "./read-condition.ts";
import { satisfiable } from "./solver.ts";
import { describeAtom } from "./words.ts";

const fields = fieldReader(createLocation({}));
type Row = readonly [field: string, operator: string, value?: string];
const read = (rows: readonly Row[], operator = "and"): Condition =>
  readCondition(
    { operator, conditions: rows.map(([field, given, value]) => ({ field, operator: given, value })) },
    fields,
  );
const conflict = (...rows: readonly Row[]) => findConflict(read(rows))?.atoms.map(describeAtom) ?? null;

describe("a conflict", () => {
  test("is reduced to the pair that excludes each other", () => {
    expect(
      conflict(
        ["tags", "contains", "a"],
        ["city", "is", "Rome"],
        ["source", "is", "Ads"],
        ["city", "starts-with", "Os"],
      ),
    ).toEqual(['city is "Rome"', 'city starts with "Os"']);
  });

  test("may be one row that holds nothing", () => {
    const between = { field: "score", operator: "between", value: ["9", "1"] };
    expect(findConflict(readCondition(between, fields))?.atoms.map(describeAtom)).toEqual([
      'score is between "9" and "1"',
    ]);
  });

  test("is not claimed where the number 1 may be written in two ways", () => {
    expect(conflict(["score", ">=", "1"], ["score", "<=", "1"], ["score", "!=", "1"])).toBeNull();
  });

  test("of a custom field of unknown type rests on an assumption", () => {
    const pair = read([
      ["AbCdEfGhIjKlMnOpQrSt", "is", "Red"],
      ["AbCdEfGhIjKlMnOpQrSt", "is", "Blue"],
    ]);
    expect(findConflict(pair)).toMatchObject({ certain: false });
    expect(
      findConflict(
        read([
          ["city", "is", "a"],
          ["city", "is", "b"],
        ]),
      ),
    ).toMatchObject({ certain: true });
  });

  test("of alternatives exists only when each of them is impossible", () => {
    const dead = read([
      ["city", "is", "a"],
      ["city", "is", "b"],
    ]);
    const alive = read([["city", "is", "a"]]);
    expect(findConflict({ kind: "any", of: [dead, alive] })).toBeNull();
    expect(findConflict({ kind: "any", of: [dead, dead] })?.atoms).toHaveLength(2);
  });

  test("never names rows that can hold together, and dropping any of them resolves it", () => {
    const value = fc.constantFrom("1", "2", "3");
    const operator = fc.constantFrom("is", "is-not", ">", "<", ">=", "<=", "is_empty", "has_value", "contains");
    const row = fc.tuple(fc.constantFrom("city", "source", "tags"), operator, value);
    fc.assert(
      fc.property(fc.array(row, { minLength: 2, maxLength: 6 }), (rows) => {
        const found = findConflict(read(rows));
        if (found === null) return;
        const parts = found.atoms.map((atom): Condition => ({ kind: "atom", atom }));
        expect(satisfiable(allOf(parts)).verdict).toBe("no");
        for (const part of parts)
          expect(satisfiable(allOf(parts.filter((other) => other !== part))).verdict).not.toBe("no");
      }),
      { numRuns: 300 },
    );
  });
});
