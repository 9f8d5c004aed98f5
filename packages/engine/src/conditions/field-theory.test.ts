import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Field } from "./ast.ts";
import { contradict, evaluate, witnessOf } from "./field-theory.ts";
import type { Literal, Predicate } from "./formula.ts";
import { above, below } from "./ranges.ts";

const field = (shape: Field["shape"]): Field => ({ key: "f", kind: "contact", shape, label: "f" });
const range = (interval: ReturnType<typeof above>): Predicate => ({ kind: "range", scale: "number", interval });
const literal = (predicate: Predicate, positive = true, shape: Field["shape"] = "single"): Literal => ({
  kind: "literal",
  field: field(shape),
  predicate,
  positive,
});

const predicate: fc.Arbitrary<Predicate> = fc.oneof(
  fc.constantFrom("abc", "ab", "5", "15").map((value) => ({ kind: "member" as const, value })),
  fc.constant({ kind: "empty" as const }),
  fc
    .tuple(fc.constantFrom("contains" as const, "starts" as const, "ends" as const), fc.constantFrom("a", "bc", "5"))
    .map(([kind, text]) => ({ kind, text })),
  fc
    .tuple(fc.constantFrom(5, 10), fc.boolean(), fc.boolean())
    .map(([bound, closed, up]) => range(up ? above(bound, closed) : below(bound, closed))),
);
const literals = fc
  .array(fc.tuple(predicate, fc.boolean()), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.map(([given, positive]) => literal(given, positive)));
/** Values in, between and beyond what the predicates ask for. */
const values = [null, "abc", "ab", "a", "bc", "xbc", "5", "15", "10", "7", "4", "x", "abc 5"];

describe("one field with one value, against every value of a small domain", () => {
  test("what contradicts itself has no value", () => {
    fc.assert(
      fc.property(literals, (given) => {
        const latest = given.at(-1);
        if (latest === undefined || !contradict(given, latest, false)) return;
        for (const value of values)
          expect(given.every(({ predicate: asked, positive }) => evaluate(value, asked) === positive)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  test("a value that is found certainly does what is asked", () => {
    fc.assert(
      fc.property(literals, (given) => {
        const found = witnessOf(field("single"), given);
        if (found === undefined) return;
        expect(found.certain).toBe(true);
        for (const { predicate: asked, positive } of given)
          expect(evaluate(found.value as string | null, asked)).toBe(positive);
      }),
      { numRuns: 500 },
    );
  });
});

test("spellings that differ by case or number format are neither the same nor different for certain", () => {
  const member = (value: string): Predicate => ({ kind: "member", value });
  expect(evaluate("Paris", member("paris"))).toBeUndefined();
  expect(evaluate("5", member("5.0"))).toBeUndefined();
  expect(evaluate("2026-03-05", member("2026-03-05T00:00"))).toBeUndefined();
  expect([evaluate("5", member("6")), evaluate("a", member("a")), evaluate(null, member("a"))]).toEqual([
    false,
    true,
    false,
  ]);
});

test("text against a number range is not settled, a day is in a range when all of it is", () => {
  expect(evaluate("many", range(above(5, true)))).toBeUndefined();
  const day = Date.UTC(2026, 2, 5);
  const dates = (from: number): Predicate => ({ kind: "range", scale: "date", interval: above(from, true) });
  expect([day, day + 3_600_000, day + 86_400_000].map((from) => evaluate("2026-03-05", dates(from)))).toEqual([
    true,
    undefined,
    false,
  ]);
});

test("a field of several values holds all that is asked, or nothing", () => {
  const member = (value: string, positive = true) => literal({ kind: "member", value }, positive, "multiple");
  const empty = (positive: boolean) => literal({ kind: "empty" }, positive, "multiple");
  expect(witnessOf(field("multiple"), [member("a"), member("b"), member("c", false)])?.value).toEqual(["a", "b"]);
  expect(witnessOf(field("multiple"), [empty(true)])?.value).toBeNull();
  expect(witnessOf(field("multiple"), [empty(false)])?.value).toEqual(["something else"]);
  expect(witnessOf(field("multiple"), [member("a"), empty(true)])).toBeUndefined();
});

test("an opaque row is taken at its word, and the example is then not certain", () => {
  const opaque = literal({ kind: "opaque", identity: "x" });
  expect(witnessOf(field("single"), [opaque, literal({ kind: "member", value: "a" })])).toEqual({
    value: "a",
    certain: false,
  });
  expect(contradict([opaque, { ...opaque, positive: false }], opaque, false)).toBe(true);
});

test("two ends that do not fit each other exclude one another, two that do not", () => {
  const ends = (text: string, positive = true) => literal({ kind: "ends", text }, positive);
  const clash = (a: Literal, b: Literal) => contradict([a, b], b, false);
  expect([
    clash(ends("abc"), ends("xyz")),
    clash(ends("abc"), ends("bc")),
    clash(ends("abc"), ends("bc", false)),
  ]).toEqual([true, false, true]);
  const starts = (text: string) => literal({ kind: "starts", text });
  expect([
    clash(starts("abc"), starts("xyz")),
    clash(starts("abc"), starts("ab")),
    clash(starts("a"), starts("ab")),
  ]).toEqual([true, false, false]);
  expect(clash(ends("abc"), literal({ kind: "contains", text: "b" }, false))).toBe(true);
  expect(clash(ends("abc"), literal({ kind: "contains", text: "x" }, false))).toBe(false);
  expect(clash(ends("abc"), literal({ kind: "starts", text: "x" }))).toBe(false);
});

test("a field that may hold several values is only sure of the option itself", () => {
  const red = literal({ kind: "member", value: "Red" }, true, "unknown");
  const without = (text: string) => literal({ kind: "contains", text }, false, "unknown");
  expect(contradict([red, without("red")], without("red"), false)).toBe(true);
  expect(contradict([red, without("re")], without("re"), false)).toBe(false);
  const filled = literal({ kind: "empty" }, false, "unknown");
  expect(contradict([red, filled], filled, false)).toBe(false);
});

describe("what certainly excludes each other is seen, and nothing else", () => {
  /** `contradict` takes the latest literal by identity. */
  const excludes = (shape: Field["shape"], a: Literal, b: Literal) => {
    const [first, latest] = [a, b].map((one) => ({ ...one, field: field(shape) }));
    return first === undefined || latest === undefined ? null : contradict([first, latest], latest, false);
  };
  const member = (value: string, positive = true) => literal({ kind: "member", value }, positive);
  const text = (kind: "starts" | "ends" | "contains", given: string, positive = true) =>
    literal({ kind, text: given }, positive);
  const opaque = literal({ kind: "opaque", identity: "x" });
  const inRange = (given: ReturnType<typeof above>, positive = true) => literal(range(given), positive);

  test("on a field of several values, only the same question answered both ways", () => {
    expect(excludes("multiple", member("a"), member("a", false))).toBe(true);
    expect(excludes("multiple", member("a"), member("b", false))).toBe(false);
    expect(excludes("multiple", member("a"), member("b"))).toBe(false);
    expect(excludes("multiple", inRange(above(5, true)), inRange(above(5, true), false))).toBe(true);
    expect(excludes("multiple", inRange(above(5, true)), inRange(above(5, false), false))).toBe(false);
    expect(excludes("multiple", inRange(above(5, true)), inRange(below(5, true), false))).toBe(false);
    const dates = literal({ kind: "range", scale: "date", interval: above(5, true) }, false);
    expect(excludes("multiple", inRange(above(5, true)), dates)).toBe(false);
  });

  test("a blank field may still do what nobody can read", () => {
    const empty = literal({ kind: "empty" });
    expect(excludes("single", empty, opaque)).toBe(false);
    expect(excludes("single", empty, member("a"))).toBe(true);
  });

  test("what a text starts, ends or is says what is in it, and no more", () => {
    expect(excludes("single", member("Red"), text("contains", "re", false))).toBe(true);
    expect(excludes("single", text("starts", "abc"), text("starts", "ab", false))).toBe(true);
    expect(excludes("single", text("starts", "abc"), text("starts", "x", false))).toBe(false);
    expect(excludes("single", text("starts", "abc"), text("contains", "b", false))).toBe(true);
    expect(excludes("single", text("starts", "abc"), text("contains", "x", false))).toBe(false);
    expect(excludes("single", text("ends", "abc"), text("ends", "x", false))).toBe(false);
    expect(excludes("unknown", text("starts", "abc"), text("starts", "xyz"))).toBe(false);
  });

  test("ranges of numbers and of dates leave each other alone", () => {
    const before = literal({ kind: "range", scale: "date", interval: below(3, false) });
    const latest = inRange(above(6, true));
    expect(contradict([inRange(above(5, true)), before, latest], latest, false)).toBe(false);
    const none = inRange(below(6, false));
    expect(contradict([inRange(above(5, true)), before, latest, none], none, false)).toBe(true);
  });
});

test("a date is no other text, and a clock time is in a range or is not", () => {
  expect(evaluate("2026-03-05", { kind: "member", value: "soon" })).toBe(false);
  const day = Date.UTC(2026, 2, 5);
  const dates = (interval: ReturnType<typeof above>): Predicate => ({ kind: "range", scale: "date", interval });
  expect(evaluate("2026-03-05T10:00", dates(above(day + 86_400_000, true)))).toBe(false);
  // The day begins with a moment that lies in it.
  expect(evaluate("2026-03-05", dates(below(day, true)))).toBeUndefined();
});

test("a value outside of a range is found below it", () => {
  const filled = literal({ kind: "empty" }, false);
  expect(witnessOf(field("single"), [filled, literal(range(above(5, true)), false)])?.value).toBe("4");
});

test("what an opaque row asks, no value tells", () => {
  expect(evaluate("a", { kind: "opaque", identity: "x" })).toBeUndefined();
});

test("for a date relative to now there is no value to show", () => {
  const soon: Predicate = {
    kind: "range",
    scale: "offset",
    interval: { low: 0, lowClosed: true, high: 5, highClosed: true },
  };
  expect(witnessOf(field("single"), [literal(soon)])).toBeUndefined();
});

test("a date beyond what a calendar can write is written as its number", () => {
  const far: Predicate = { kind: "range", scale: "date", interval: above(9e15, false) };
  expect(witnessOf(field("single"), [literal(far)])).toBeUndefined();
});
