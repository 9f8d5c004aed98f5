/** Conditions on a contact, with the reason for each answer. What cannot be told is said, never guessed. */

import { plainStatus } from "../conditions/appointment-status.ts";
import type { Atom, Condition, Test } from "../conditions/ast.ts";
import { readOperator } from "../conditions/operators.ts";
import { holds, readNumber } from "../conditions/ranges.ts";
import { describeAtom } from "../conditions/words.ts";
import { clipped } from "./words.ts";
import { type Clock, readMoment } from "./zoned-time.ts";

/** null: neither document nor contact tell. */
export type Truth = boolean | null;

/** What a condition finds: the texts that the field holds; null when nobody knows. */
export type ReadField = (atom: Atom) => readonly string[] | null;

export interface Scope {
  readonly read: ReadField;
  readonly now: number;
  readonly clock: Clock;
  /** Texts with merge fields in them, filled. */
  readonly fill: (text: string) => string;
}

/** One row, its answer and the value that gave it. */
export interface Reason {
  readonly asks: string;
  readonly found: readonly string[] | null;
  readonly holds: Truth;
}

export interface Verdict {
  readonly holds: Truth;
  readonly reasons: readonly Reason[];
}

/** Rows explained of one condition; the rest is only counted in. */
const MOST_REASONS = 20;

/** Groups are at most eight deep (read-condition.ts), so this may call itself. */
export function evaluate(condition: Condition, scope: Scope): Verdict {
  const reasons: Reason[] = [];
  return { holds: truthOf(condition, scope, reasons), reasons };
}

function truthOf(condition: Condition, scope: Scope, reasons: Reason[]): Truth {
  switch (condition.kind) {
    case "never":
      return false;
    case "unreadable":
      if (reasons.length < MOST_REASONS) reasons.push({ asks: condition.why, found: null, holds: null });
      return null;
    case "atom": {
      const reason = ask(condition.atom, scope);
      if (reasons.length < MOST_REASONS) reasons.push(reason);
      return reason.holds;
    }
    case "all":
      return every(condition.of.map((part) => truthOf(part, scope, reasons)));
    case "any":
      return some(condition.of.map((part) => truthOf(part, scope, reasons)));
    case "all-or-any": {
      const parts = condition.of.map((part) => truthOf(part, scope, reasons));
      const all = every(parts);
      return all === some(parts) ? all : null;
    }
  }
}

export function every(truths: readonly Truth[]): Truth {
  if (truths.includes(false)) return false;
  return truths.includes(null) ? null : true;
}

export function some(truths: readonly Truth[]): Truth {
  if (truths.includes(true)) return true;
  return truths.includes(null) ? null : false;
}

function ask(atom: Atom, scope: Scope): Reason {
  const found = scope.read(atom);
  const holds = found === null ? null : answer(atom, found, scope);
  return { asks: clipped(describeAtom(atom)), found: found?.slice(0, MOST_REASONS).map(clipped) ?? null, holds };
}

/** Does a field with these values pass the test? */
export function answer(atom: Atom, found: readonly string[], scope: Scope): Truth {
  const { test } = atom;
  switch (test.kind) {
    case "empty":
      return found.length === 0;
    case "not-empty":
      return found.length > 0;
    case "range":
      return inRange(test, found, scope);
    case "opaque":
      return relative(atom, found, scope);
    default:
      return compare(test, found, atom.field.key);
  }
}

type Comparison = Extract<Test, { readonly values: readonly string[] }>;

function compare({ kind, values }: Comparison, found: readonly string[], key: string): Truth {
  const plain = key.endsWith(".status") || key.endsWith("status") ? plainStatus : folded;
  const has = (value: string) => found.some((own) => isEqual(plain(own), plain(value)));
  const part = (value: string) => found.some((own) => folded(own).includes(folded(value)));
  switch (kind) {
    case "equals":
    case "includes-any":
      return values.some(has);
    case "not-equals":
    case "excludes":
      return !values.some(has);
    case "includes-all":
      return values.every(has);
    case "includes": {
      // Several values may mean any or all of them.
      const all = values.every(has);
      return all === values.some(has) ? all : null;
    }
    case "contains":
      return values.some(part);
    case "not-contains":
      return !values.some(part);
    case "starts-with":
      return values.some((value) => found.some((own) => folded(own).startsWith(folded(value))));
    case "ends-with":
      return values.some((value) => found.some((own) => folded(own).endsWith(folded(value))));
  }
}

function folded(text: string): string {
  return text.trim().toLowerCase();
}

function isEqual(a: string, b: string): boolean {
  if (a === b) return true;
  const number = readNumber(a);
  return number !== undefined && number === readNumber(b);
}

function inRange(
  { range, negated }: Extract<Test, { readonly kind: "range" }>,
  found: readonly string[],
  { now, clock }: Scope,
): Truth {
  const [own] = found;
  if (own === undefined) return negated;
  const value = range.scale === "number" ? (readNumber(own) ?? Number.NaN) : readMoment(own, clock);
  if (Number.isNaN(value)) return false;
  const at = range.scale === "offset" ? value - now : value;
  if (holds(range.certain, at)) return !negated;
  return holds(range.possible, at) ? null : negated;
}

/** A comparison with the value of another field: `{{contact.city}}`. Any other unknown test stays unknown. */
function relative({ operator, values, field }: Atom, found: readonly string[], { fill }: Scope): Truth {
  if (!values.some((value) => value.includes("{{"))) return null;
  const kind = readOperator(operator);
  const filled = values.map(fill);
  if (kind === "equals" || kind === "not-equals" || kind === "contains" || kind === "not-contains")
    return compare({ kind, values: filled }, found, field.key);
  const [own, other] = [readNumber(found[0] ?? ""), readNumber(filled[0] ?? "")];
  if (own === undefined || other === undefined) return null;
  switch (kind) {
    case "greater":
      return own > other;
    case "greater-or-equal":
      return own >= other;
    case "less":
      return own < other;
    case "less-or-equal":
      return own <= other;
    default:
      return null;
  }
}
