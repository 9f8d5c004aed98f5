import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Interval } from "./ast.ts";
import {
  above,
  below,
  type Comparison,
  holds,
  intersect,
  isEmptyInterval,
  rangeBetween,
  rangeOf,
  readDate,
  readNumber,
  subtract,
  valueWithin,
} from "./ranges.ts";

test("numbers are read as people write them, and nothing else is", () => {
  expect(["1000", "1,000.50", "$5", "€ 5", "-3", ".5", " 7 "].map(readNumber)).toEqual([
    1000, 1000.5, 5, 5, -3, 0.5, 7,
  ]);
  for (const text of ["", "abc", "1,00", "1e5", "0x10", "Infinity", "5 USD", "9".repeat(50)])
    expect(readNumber(text)).toBeUndefined();
});

test("a bare date lasts a day, a clock time is a moment, and no zone of a machine enters", () => {
  const day = Date.UTC(2026, 2, 5);
  expect(readDate("2026-03-05")).toEqual({ start: day, length: 86_400_000 });
  expect(readDate("2026-03-05T10:00")).toEqual({ start: day + 36_000_000, length: 0 });
  expect(readDate("2026-03-05T10:00:00+02:00")).toEqual({ start: day + 28_800_000, length: 0 });
  for (const text of ["2026-13-45", "05.03.2026", "2026", "", "x".repeat(50)]) expect(readDate(text)).toBeUndefined();
});

const bound = fc.constantFrom(Number.NEGATIVE_INFINITY, 0, 1, 2, 3, Number.POSITIVE_INFINITY);
const interval: fc.Arbitrary<Interval> = fc
  .tuple(bound, fc.boolean(), bound, fc.boolean())
  .map(([low, lowClosed, high, highClosed]) => ({
    low,
    lowClosed: lowClosed && Number.isFinite(low),
    high,
    highClosed: highClosed && Number.isFinite(high),
  }));
/** Every bound and a value between and beyond them. */
const points = [-1, 0, 0.5, 1, 1.5, 2, 2.5, 3, 4];

describe("intervals, against every point of a small line", () => {
  test("an intersection holds what both hold", () => {
    fc.assert(
      fc.property(interval, interval, (a, b) => {
        for (const point of points) expect(holds(intersect(a, b), point)).toBe(holds(a, point) && holds(b, point));
      }),
    );
  });

  test("a difference holds what only the first holds", () => {
    fc.assert(
      fc.property(interval, interval, (a, b) => {
        fc.pre(!isEmptyInterval(b));
        const rest = subtract(a, b);
        for (const point of points)
          expect(rest.some((part) => holds(part, point))).toBe(holds(a, point) && !holds(b, point));
      }),
    );
  });

  test("an empty interval holds nothing, any other the value found in it", () => {
    fc.assert(
      fc.property(interval, (given) => {
        if (isEmptyInterval(given)) for (const point of points) expect(holds(given, point)).toBe(false);
        else expect(holds(given, valueWithin(given))).toBe(true);
      }),
    );
  });
});

test("comparisons with a number hold exactly the numbers that they say", () => {
  const meaning: Readonly<Record<Comparison, (value: number) => boolean>> = {
    greater: (value) => value > 1,
    "greater-or-equal": (value) => value >= 1,
    less: (value) => value < 1,
    "less-or-equal": (value) => value <= 1,
    on: (value) => value === 1,
  };
  for (const [comparison, holdsFor] of Object.entries(meaning)) {
    const range = rangeOf(comparison as Comparison, "1");
    expect(range?.certain).toEqual(range?.possible);
    for (const point of points) expect(range === undefined || holds(range.certain, point)).toBe(holdsFor(point));
  }
});

test("what a comparison with a day certainly holds, it possibly holds", () => {
  for (const comparison of ["greater", "greater-or-equal", "less", "less-or-equal", "on"] as const)
    for (const value of ["2026-03-05", "2026-03-05T10:00"]) {
      const range = rangeOf(comparison, value);
      expect(range === undefined ? null : subtract(range.certain, range.possible)).toEqual([]);
    }
});

test("between holds both ends, and mixes no numbers with dates", () => {
  expect(rangeBetween("1", "3")?.certain).toEqual({ low: 1, lowClosed: true, high: 3, highClosed: true });
  expect(rangeBetween("1", "2026-03-05")).toBeUndefined();
  for (const [from, to] of [
    ["a", "b"],
    ["1", "b"],
    ["a", "1"],
  ] as const)
    expect(rangeBetween(from, to)).toBeUndefined();
});

test("texts are read up to 40 characters", () => {
  expect([readNumber("1".padStart(40, "0")), readNumber("1".padStart(41, "0"))]).toEqual([1, undefined]);
  expect([readDate("2026-03-05".padEnd(40))?.length, readDate("2026-03-05".padEnd(41))]).toEqual([
    86_400_000,
    undefined,
  ]);
});

test("a date begins at midnight UTC wherever the machine stands", () => {
  const { TZ: here } = process.env;
  try {
    process.env["TZ"] = "America/New_York";
    expect(readDate("2026-03-05")?.start).toBe(Date.UTC(2026, 2, 5));
    expect(readDate("2026-03-05T10:00")?.start).toBe(Date.UTC(2026, 2, 5, 10));
  } finally {
    if (here === undefined) delete process.env["TZ"];
    else process.env["TZ"] = here;
  }
});

test("a comparison with a day starts or ends with its first moment or behind its last", () => {
  const start = Date.UTC(2026, 2, 5);
  const end = start + 86_400_000;
  const [from, to] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const read = (comparison: Comparison) => {
    const range = rangeOf(comparison, "2026-03-05");
    if (range === undefined) throw new Error("a day has a range");
    return [range.certain, range.possible].map(({ low, lowClosed, high, highClosed }) =>
      [low, Number.isFinite(low) && lowClosed, high, Number.isFinite(high) && highClosed].join(" "),
    );
  };
  expect(read("greater")).toEqual([`${end} true ${to} false`, `${start} false ${to} false`]);
  expect(read("greater-or-equal")).toEqual([`${start} true ${to} false`, `${start} true ${to} false`]);
  expect(read("less")).toEqual([`${from} false ${start} false`, `${from} false ${start} false`]);
  expect(read("less-or-equal")).toEqual([`${from} false ${start} true`, `${from} false ${end} false`]);
  expect(read("on")).toEqual([`${start} true ${end} false`, `${start} true ${end} false`]);
});

test("the value found is a round one near the bound", () => {
  const everything = {
    low: Number.NEGATIVE_INFINITY,
    lowClosed: false,
    high: Number.POSITIVE_INFINITY,
    highClosed: false,
  };
  expect([everything, below(3, false), below(2.5, false), above(3, false)].map(valueWithin)).toEqual([0, 2, 2, 4]);
});
