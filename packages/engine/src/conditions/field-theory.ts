import type { Field, Interval } from "./ast.ts";
import type { Literal, Predicate } from "./formula.ts";
import { holds, intersect, isEmptyInterval, readDate, readNumber, subtract, valueWithin } from "./ranges.ts";

/** What one field would have to hold. `null`: nothing. */
export type Value = string | readonly string[] | null;

type Ternary = boolean | undefined;

/**
 * Whether the literals, all of one field, cannot hold together: true only when that is certain.
 * `assumeSingle` reads a field of unknown shape as one that holds a single value.
 */
export function contradict(literals: readonly Literal[], latest: Literal, assumeSingle: boolean): boolean {
  for (const literal of literals) if (literal !== latest && pairContradicts(literal, latest, assumeSingle)) return true;
  return latest.predicate.kind === "range" && literals.length > 2 && rangesExhausted(literals);
}

function pairContradicts(a: Literal, b: Literal, assumeSingle: boolean): boolean {
  if (samePredicate(a.predicate, b.predicate)) return a.positive !== b.positive;
  if (a.positive && a.predicate.kind === "empty") return b.positive && needsValue(b.predicate);
  if (b.positive && b.predicate.kind === "empty") return a.positive && needsValue(a.predicate);
  if (a.field.shape === "multiple") return false;
  const single = isSingle(a.field, assumeSingle);
  if (a.positive && b.positive) return positivesContradict(a.predicate, b.predicate, single);
  if (a.positive) return forces(a.predicate, b.predicate, single);
  return b.positive && forces(b.predicate, a.predicate, single);
}

function isSingle(field: Field, assumeSingle: boolean): boolean {
  return field.shape === "single" || (field.shape === "unknown" && assumeSingle);
}

function samePredicate(a: Predicate, b: Predicate): boolean {
  switch (a.kind) {
    case "member":
      return b.kind === "member" && a.value === b.value;
    case "empty":
      return b.kind === "empty";
    case "opaque":
      return b.kind === "opaque" && a.identity === b.identity;
    case "range":
      return b.kind === "range" && a.scale === b.scale && sameInterval(a.interval, b.interval);
    default:
      return a.kind === b.kind && a.text === b.text;
  }
}

function sameInterval(a: Interval, b: Interval): boolean {
  return a.low === b.low && a.high === b.high && a.lowClosed === b.lowClosed && a.highClosed === b.highClosed;
}

/** Opaque predicates may well hold of a blank field. */
function needsValue(predicate: Predicate): boolean {
  return predicate.kind !== "opaque" && predicate.kind !== "empty";
}

function positivesContradict(a: Predicate, b: Predicate, single: boolean): boolean {
  if (a.kind === "member") {
    // Only a number or a date can lie in a range, and such fields hold one value.
    if (b.kind !== "range") return single && evaluate(a.value, b) === false;
    return evaluate(a.value, b) === false;
  }
  if (b.kind === "member") return positivesContradict(b, a, single);
  if (a.kind === "range")
    return b.kind === "range" && a.scale === b.scale && isEmptyInterval(intersect(a.interval, b.interval));
  if (!single) return false;
  if (a.kind === "starts") return b.kind === "starts" && !a.text.startsWith(b.text) && !b.text.startsWith(a.text);
  return a.kind === "ends" && b.kind === "ends" && !a.text.endsWith(b.text) && !b.text.endsWith(a.text);
}

/** Whether a field with the first predicate certainly has the second, too. */
function forces(given: Predicate, asked: Predicate, single: boolean): boolean {
  switch (given.kind) {
    case "member":
      // Of a multi-select, "contains" may well ask for a whole option.
      if (!single && asked.kind !== "range") return "text" in asked && asked.text === given.value.toLowerCase();
      return evaluate(given.value, asked) === true;
    case "range":
      return (
        asked.kind === "range" && asked.scale === given.scale && subtract(given.interval, asked.interval).length === 0
      );
    case "contains":
      return asked.kind === "contains" && given.text.includes(asked.text);
    case "starts":
      return (
        (asked.kind === "starts" && given.text.startsWith(asked.text)) ||
        (asked.kind === "contains" && given.text.includes(asked.text))
      );
    case "ends":
      return (
        (asked.kind === "ends" && given.text.endsWith(asked.text)) ||
        (asked.kind === "contains" && given.text.includes(asked.text))
      );
    default:
      return false;
  }
}

/** Whether one scale's ranges leave nothing over: only asked when some range must hold. */
function rangesExhausted(literals: readonly Literal[]): boolean {
  for (const scale of ["number", "date", "offset"] as const) {
    const free = freeIntervals(literals, scale);
    if (free !== undefined && free.length === 0) return true;
  }
  return false;
}

/** What the ranges of one scale leave over; `undefined` when none of them must hold. */
function freeIntervals(literals: readonly Literal[], scale: "number" | "date" | "offset"): Interval[] | undefined {
  let free: Interval[] | undefined;
  for (const { predicate, positive } of literals) {
    if (predicate.kind !== "range" || predicate.scale !== scale || !positive) continue;
    const interval = predicate.interval;
    free = (free ?? [{ low: -Infinity, lowClosed: false, high: Infinity, highClosed: false }])
      .map((part) => intersect(part, interval))
      .filter((part) => !isEmptyInterval(part));
  }
  for (const { predicate, positive } of literals)
    if (free !== undefined && predicate.kind === "range" && predicate.scale === scale && !positive)
      free = free.flatMap((part) => subtract(part, predicate.interval));
  return free;
}

/**
 * Whether a field that holds this one value satisfies the predicate; `undefined` where it depends on how the platform
 * compares (letter case, "5" and "5.0", text against a number).
 */
export function evaluate(value: string | null, predicate: Predicate): Ternary {
  if (predicate.kind === "empty") return value === null;
  if (predicate.kind === "opaque") return undefined;
  if (value === null) return false;
  switch (predicate.kind) {
    case "member":
      return sameText(value, predicate.value);
    case "contains":
      return value.toLowerCase().includes(predicate.text);
    case "starts":
      return value.toLowerCase().startsWith(predicate.text);
    case "ends":
      return value.toLowerCase().endsWith(predicate.text);
    case "range":
      return inRange(value, predicate.scale, predicate.interval);
  }
}

function sameText(a: string, b: string): Ternary {
  if (a === b) return true;
  if (a.trim().toLowerCase() === b.trim().toLowerCase()) return undefined;
  const number = readNumber(a);
  if (number !== undefined && number === readNumber(b)) return undefined;
  const date = readDate(a);
  return date !== undefined && readDate(b) !== undefined ? undefined : false;
}

function inRange(value: string, scale: "number" | "date" | "offset", interval: Interval): Ternary {
  if (scale === "number") {
    const number = readNumber(value);
    return number === undefined ? undefined : holds(interval, number);
  }
  const date = scale === "date" ? readDate(value) : undefined;
  if (date === undefined) return undefined;
  const day = { low: date.start, lowClosed: true, high: date.start + date.length, highClosed: date.length === 0 };
  if (subtract(day, interval).length === 0) return true;
  return isEmptyInterval(intersect(day, interval)) ? false : undefined;
}

export interface Witness {
  readonly value: Value;
  /** False when an opaque predicate was taken at its word. */
  readonly certain: boolean;
}

/** A value with which all literals of one field certainly hold; `undefined`: none was found. */
export function witnessOf(field: Field, literals: readonly Literal[]): Witness | undefined {
  const certain = literals.every((literal) => literal.predicate.kind !== "opaque");
  const readable = certain ? literals : literals.filter((literal) => literal.predicate.kind !== "opaque");
  if (field.shape === "multiple") {
    const value = membersOf(readable);
    return value === undefined ? undefined : { value, certain };
  }
  for (const value of candidates(readable))
    if (readable.every(({ predicate, positive }) => evaluate(value, predicate) === positive)) return { value, certain };
  return undefined;
}

const OTHER = "something else";

function membersOf(literals: readonly Literal[]): Value | undefined {
  const members = new Set<string>();
  let blank: Ternary;
  for (const { predicate, positive } of literals) {
    if (predicate.kind === "member" && positive) members.add(predicate.value);
    else if (predicate.kind === "empty") blank = positive;
    else if (predicate.kind !== "member") return undefined;
  }
  if (members.size > 0 && blank === true) return undefined;
  if (members.size === 0) return blank === false ? [OTHER] : null;
  return [...members];
}

function* candidates(literals: readonly Literal[]): Generator<string | null> {
  let start = "";
  let end = "";
  const inside: string[] = [];
  const interesting: string[] = [];
  for (const { predicate, positive } of literals) {
    if (predicate.kind === "member" && positive) yield predicate.value;
    if (predicate.kind === "starts" && positive && predicate.text.length > start.length) start = predicate.text;
    if (predicate.kind === "ends" && positive && predicate.text.length > end.length) end = predicate.text;
    if (predicate.kind === "contains" && positive) inside.push(predicate.text);
    if (predicate.kind === "range") interesting.push(...around(predicate.scale, predicate.interval));
  }
  yield null;
  for (const scale of ["number", "date"] as const)
    for (const free of freeIntervals(literals, scale) ?? []) yield written(scale, valueWithin(free));
  yield* interesting;
  const text = [start, ...inside, end].filter((part) => part !== "").join(" ");
  yield text === "" ? OTHER : text;
}

/** Values in and around a range, for literals that must not lie in it. */
function around(scale: "number" | "date" | "offset", { low, high }: Interval): string[] {
  if (scale === "offset") return [];
  const step = scale === "number" ? 1 : 86_400_000;
  return [low - step, low, high, high + step].filter(Number.isFinite).map((value) => written(scale, value));
}

function written(scale: "number" | "date", value: number): string {
  if (scale === "number") return String(value);
  const moment = new Date(value);
  if (Number.isNaN(moment.getTime())) return String(value);
  const iso = moment.toISOString();
  return iso.endsWith("T00:00:00.000Z") ? iso.slice(0, 10) : iso;
}
