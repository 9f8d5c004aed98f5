import type { Interval, Range } from "./ast.ts";

const DAY = 86_400_000;

/** A stored number: `"1000"`, `1000`, `"1,000.50"`, `"$5"`. `undefined` when it is not one. */
export function readNumber(text: string): number | undefined {
  if (text.length > 40) return undefined;
  const bare = text
    .trim()
    .replace(/^[$€£]\s*/, "")
    .replace(/,(?=\d{3}\b)/g, "");
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(bare) ? Number(bare) : undefined;
}

/** A stored date: the moment it begins (UTC) and how long it lasts: a day for a bare date, nothing for a clock time. */
export function readDate(text: string): { readonly start: number; readonly length: number } | undefined {
  if (text.length > 40) return undefined;
  const trimmed = text.trim();
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}|$)/.test(trimmed)) return undefined;
  const start = Date.parse(trimmed.length === 10 ? trimmed : withZone(trimmed));
  return Number.isNaN(start) ? undefined : { start, length: trimmed.length === 10 ? DAY : 0 };
}

/** A clock time without zone is read as UTC, so that no machine's own zone enters the result. */
function withZone(text: string): string {
  return /(Z|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text}Z`;
}

export type Comparison = "greater" | "greater-or-equal" | "less" | "less-or-equal" | "on";

/** What `field <comparison> value` allows; `undefined` when the value is neither a number nor a date. */
export function rangeOf(comparison: Comparison, value: string): Range | undefined {
  const number = readNumber(value);
  if (number !== undefined) {
    const interval = exact(comparison, number);
    return { scale: "number", certain: interval, possible: interval };
  }
  const date = readDate(value);
  return date === undefined ? undefined : dateRange(comparison, date.start, date.start + date.length);
}

function exact(comparison: Comparison, value: number): Interval {
  switch (comparison) {
    case "greater":
      return above(value, false);
    case "greater-or-equal":
      return above(value, true);
    case "less":
      return below(value, false);
    case "less-or-equal":
      return below(value, true);
    case "on":
      return { low: value, lowClosed: true, high: value, highClosed: true };
  }
}

/** "After a day" may mean after its first or after its last moment; `certain` and `possible` hold both readings. */
function dateRange(comparison: Comparison, start: number, end: number): Range {
  const point = start === end;
  const scale = "date";
  switch (comparison) {
    case "greater":
      return { scale, certain: above(end, !point), possible: above(start, false) };
    case "greater-or-equal":
      return { scale, certain: above(start, true), possible: above(start, true) };
    case "less":
      return { scale, certain: below(start, false), possible: below(start, false) };
    case "less-or-equal":
      return { scale, certain: below(start, true), possible: below(end, point) };
    case "on": {
      const day = { low: start, lowClosed: true, high: end, highClosed: point };
      return { scale, certain: day, possible: day };
    }
  }
}

/** Between two values, both included; whether the bounds belong to it is not settled for dates. */
export function rangeBetween(from: string, to: string): Range | undefined {
  const low = rangeOf("greater-or-equal", from);
  const high = rangeOf("less-or-equal", to);
  if (low === undefined || high === undefined || low.scale !== high.scale) return undefined;
  const merge = (a: Interval, b: Interval) => ({ ...a, high: b.high, highClosed: b.highClosed });
  return { scale: low.scale, certain: merge(low.certain, high.certain), possible: merge(low.possible, high.possible) };
}

/** Of a date field, relative to now, in milliseconds: from `low` to `high`. */
export function offsetRange(low: number, high: number): Range {
  const interval = { low, lowClosed: true, high, highClosed: true };
  return { scale: "offset", certain: interval, possible: interval };
}

export function above(low: number, lowClosed: boolean): Interval {
  return { low, lowClosed, high: Infinity, highClosed: false };
}

export function below(high: number, highClosed: boolean): Interval {
  return { low: -Infinity, lowClosed: false, high, highClosed };
}

export function isEmptyInterval({ low, high, lowClosed, highClosed }: Interval): boolean {
  return low > high || (low === high && !(lowClosed && highClosed));
}

export function holds({ low, high, lowClosed, highClosed }: Interval, value: number): boolean {
  return (value > low || (lowClosed && value === low)) && (value < high || (highClosed && value === high));
}

export function intersect(a: Interval, b: Interval): Interval {
  const low = Math.max(a.low, b.low);
  const high = Math.min(a.high, b.high);
  return {
    low,
    lowClosed: (a.low < low || a.lowClosed) && (b.low < low || b.lowClosed),
    high,
    highClosed: (a.high > high || a.highClosed) && (b.high > high || b.highClosed),
  };
}

/** `from` without `gone`: none, one or two intervals. */
export function subtract(from: Interval, gone: Interval): Interval[] {
  const left = intersect(from, below(gone.low, !gone.lowClosed));
  const right = intersect(from, above(gone.high, !gone.highClosed));
  return [left, right].filter((interval) => !isEmptyInterval(interval));
}

/** Some value of a non-empty interval, a round one where possible. */
export function valueWithin(interval: Interval): number {
  const { low, high } = interval;
  if (low === -Infinity && high === Infinity) return 0;
  if (low === -Infinity) return holds(interval, high) ? high : Math.ceil(high) - 1;
  if (holds(interval, low)) return low;
  const next = Math.floor(low) + 1;
  if (holds(interval, next)) return next;
  return (low + high) / 2;
}
