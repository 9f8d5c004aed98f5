import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Condition, Field, Test } from "./ast.ts";
import { and, type Formula, formulaOf, negate, negationOf, or } from "./formula.ts";

const field = (key: string): Field => ({ key, kind: "contact", shape: "single", label: key });
const literal = (key: string): Formula => ({
  kind: "literal",
  field: field(key),
  predicate: { kind: "empty" },
  positive: true,
});

const formula = fc.letrec<{ node: Formula }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    fc.constantFrom("a", "b", "c").map(literal),
    fc.constantFrom<Formula>({ kind: "true" }, { kind: "false" }),
    fc.array(tie("node"), { maxLength: 3 }).map(and),
    fc.array(tie("node"), { maxLength: 3 }).map(or),
  ),
})).node;

/** Every assignment of three fields, empty or not. */
const worlds = [0, 1, 2, 3, 4, 5, 6, 7].map((bits) => ({
  a: (bits & 1) !== 0,
  b: (bits & 2) !== 0,
  c: (bits & 4) !== 0,
}));

function holds(given: Formula, world: Readonly<Record<string, boolean>>): boolean {
  switch (given.kind) {
    case "literal":
      return world[given.field.key] === given.positive;
    case "and":
      return given.of.every((part) => holds(part, world));
    case "or":
      return given.of.some((part) => holds(part, world));
    default:
      return given.kind === "true";
  }
}

test("a negation holds exactly where the formula does not", () => {
  fc.assert(
    fc.property(formula, (given) => {
      for (const world of worlds) expect(holds(negate(given), world)).toBe(!holds(given, world));
      expect(negate(negate(given))).toEqual(given);
    }),
  );
});

test("and, or hold as they say, and are no deeper than they must be", () => {
  fc.assert(
    fc.property(fc.array(formula, { maxLength: 4 }), (parts) => {
      for (const world of worlds) {
        expect(holds(and(parts), world)).toBe(parts.every((part) => holds(part, world)));
        expect(holds(or(parts), world)).toBe(parts.some((part) => holds(part, world)));
      }
    }),
  );
  expect(and([])).toEqual({ kind: "true" });
  expect(or([])).toEqual({ kind: "false" });
  expect(and([literal("a"), { kind: "true" }])).toEqual(literal("a"));
  expect(or([literal("a"), { kind: "true" }])).toEqual({ kind: "true" });
});

describe("the two readings of a row", () => {
  const atom = (test_: Test, shape: Field["shape"] = "single"): Condition => ({
    kind: "atom",
    atom: { field: { ...field("a"), shape }, operator: "x", values: [], test: test_ },
  });
  const kinds = (given: Condition) =>
    (["widest", "narrowest"] as const).map((reading) => formulaOf(given, reading).kind);

  test("differ where several values may mean any or all of them", () => {
    expect(kinds(atom({ kind: "contains", values: ["x", "y"] }))).toEqual(["or", "and"]);
    expect(kinds(atom({ kind: "includes", values: ["x", "y"] }, "multiple"))).toEqual(["or", "and"]);
    expect(kinds(atom({ kind: "equals", values: ["x", "y"] }))).toEqual(["or", "or"]);
    expect(kinds(atom({ kind: "equals", values: ["x", "y"] }, "unknown"))).toEqual(["or", "and"]);
  });

  test("of a range that is negated are the opposite ones, blank let in by the wide one only", () => {
    const interval = (low: number) => ({ low, lowClosed: true, high: Number.POSITIVE_INFINITY, highClosed: false });
    const range = { scale: "number" as const, certain: interval(2), possible: interval(1) };
    const given = atom({ kind: "range", range, negated: true });
    const low = (formula_: Formula) =>
      formula_.kind === "literal" && formula_.predicate.kind === "range" ? formula_.predicate.interval.low : null;
    expect(low(formulaOf(given, "widest"))).toBe(2);
    const narrow = formulaOf(given, "narrowest");
    expect(narrow.kind === "and" ? narrow.of.map(low) : []).toEqual([1, null]);
  });

  test("of starts and ends keep their side", () => {
    for (const [kind, predicate] of [
      ["starts-with", "starts"],
      ["ends-with", "ends"],
    ] as const)
      expect(formulaOf(atom({ kind, values: ["Xy"] }), "widest")).toMatchObject({
        predicate: { kind: predicate, text: "xy" },
      });
  });

  test("differ where is not may let in who has nothing", () => {
    expect(kinds(atom({ kind: "not-equals", values: ["x"] }))).toEqual(["literal", "and"]);
    expect(kinds(atom({ kind: "not-contains", values: ["x"] }))).toEqual(["literal", "and"]);
  });

  test("are one where the row is settled, and opposite where it cannot be read", () => {
    expect(kinds(atom({ kind: "empty" }))).toEqual(["literal", "literal"]);
    expect(kinds({ kind: "never" })).toEqual(["false", "false"]);
    expect(kinds({ kind: "unreadable", why: "x" })).toEqual(["true", "false"]);
    expect(kinds({ kind: "all-or-any", of: [atom({ kind: "empty" }), { kind: "never" }] })).toEqual([
      "literal",
      "false",
    ]);
  });

  test("of a negation are those of the condition, turned round", () => {
    const given = atom({ kind: "includes", values: ["x", "y"] }, "multiple");
    expect(negationOf(given, "widest")).toEqual(negate(formulaOf(given, "narrowest")));
    expect(negationOf(given, "narrowest")).toEqual(negate(formulaOf(given, "widest")));
  });
});
