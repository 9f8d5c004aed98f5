/**
 * A condition as the solver reads it, whatever document it came from: AND/OR groups over atoms, each atom one row of
 * the builder ("field, operator, value").
 */

export type FieldKind =
  | "tag"
  | "contact"
  | "custom-field"
  | "custom-value"
  | "opportunity"
  | "appointment"
  | "invoice"
  | "note"
  | "task"
  | "trigger"
  | "reply"
  | "message"
  | "form"
  | "email-event"
  | "link"
  | "payment"
  | "webhook"
  | "workflow"
  | "step-output"
  | "time"
  | "other";

/**
 * How many values a field holds. `unknown`: a custom field whose type is not among the given facts may be a
 * multi-select, so two different values do not certainly exclude each other.
 */
export type FieldShape = "single" | "multiple" | "unknown";

export interface Field {
  /** Same key, same field: `contact.city`, `contact.tags`, `custom:<id>`, `opportunity.pipelinestageid`. */
  readonly key: string;
  readonly kind: FieldKind;
  readonly shape: FieldShape;
  /** What a business owner calls it. */
  readonly label: string;
  /** How HighLevel spells the field, when the document spells it in a way that HighLevel cannot map. */
  readonly meant?: StoredSpelling;
}

/** `conditionType` and `conditionSubType` of a builder row. */
export interface StoredSpelling {
  readonly type: string;
  readonly subType: string;
}

/**
 * What an atom asks. Where the platform's reading of a stored row is not settled, the test names the doubt instead of
 * choosing: `includes` of several values may mean any or all of them.
 */
export type Test =
  | { readonly kind: "equals"; readonly values: readonly string[] }
  | { readonly kind: "not-equals"; readonly values: readonly string[] }
  | { readonly kind: "contains"; readonly values: readonly string[] }
  | { readonly kind: "not-contains"; readonly values: readonly string[] }
  | { readonly kind: "starts-with" | "ends-with"; readonly values: readonly string[] }
  | { readonly kind: "includes" | "includes-any" | "includes-all" | "excludes"; readonly values: readonly string[] }
  | { readonly kind: "empty" | "not-empty" }
  | { readonly kind: "range"; readonly range: Range; readonly negated: boolean }
  /** A predicate that is only known to equal itself: same field, operator and values, same answer. */
  | { readonly kind: "opaque"; readonly identity: string };

/** `certain` is a part of the real set of values, `possible` contains it; they differ where days meet clock times. */
export interface Range {
  readonly scale: "number" | "date" | "offset";
  readonly certain: Interval;
  readonly possible: Interval;
}

/** Numbers, or milliseconds: since 1970 UTC for dates, from now for offsets. Infinite bounds are open. */
export interface Interval {
  readonly low: number;
  readonly lowClosed: boolean;
  readonly high: number;
  readonly highClosed: boolean;
}

export interface Atom {
  readonly field: Field;
  /** As stored in the document. */
  readonly operator: string;
  /** As stored in the document, one text per value. */
  readonly values: readonly string[];
  readonly test: Test;
}

export type Condition =
  | { readonly kind: "atom"; readonly atom: Atom }
  | { readonly kind: "all" | "any"; readonly of: readonly Condition[] }
  /** The document does not settle whether all or any of these are asked for. */
  | { readonly kind: "all-or-any"; readonly of: readonly Condition[] }
  /** A branch saved without conditions: it never matches. */
  | { readonly kind: "never" }
  /** A row that cannot be read: it may ask anything. */
  | { readonly kind: "unreadable"; readonly why: string };

export const never: Condition = { kind: "never" };

/** Nothing is asked, so everybody is let in. */
export const always: Condition = { kind: "all", of: [] };

export function allOf(of: readonly Condition[]): Condition {
  return join("all", of);
}

export function anyOf(of: readonly Condition[]): Condition {
  return join("any", of);
}

export function allOrAnyOf(of: readonly Condition[]): Condition {
  return join("all-or-any", of);
}

function join(kind: "all" | "any" | "all-or-any", of: readonly Condition[]): Condition {
  const [first] = of;
  if (first === undefined) return never;
  return of.length === 1 ? first : { kind, of };
}

/** Every atom of a condition, in document order. */
export function atomsOf(condition: Condition): readonly Atom[] {
  if (condition.kind === "atom") return [condition.atom];
  const atoms: Atom[] = [];
  const stack: Condition[] = [condition];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.kind === "atom") atoms.push(node.atom);
    else if ("of" in node) for (let at = node.of.length - 1; at >= 0; at--) stack.push(node.of[at] ?? never);
  }
  return atoms;
}

/** Whether some row of the condition could not be read. */
export function hasUnreadable(condition: Condition): boolean {
  const stack: Condition[] = [condition];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.kind === "unreadable") return true;
    if ("of" in node) stack.push(...node.of);
  }
  return false;
}
