/**
 * Stored spellings of condition operators and what each asks, as of 2026-11-01.
 *
 * Sources: spellings marked (c) were seen in captured documents (docs/WORKFLOW_FORMATS.md; uxieee/uxie-ghl-factory
 * `step-examples` and `trigger-examples`); the others are plain aliases for the graph and action-list formats and
 * spellings seen in public scripts that write to live accounts. The builder stores "Is <text>" on a text field as
 * `contain` with the value in lower case, so `contain` is read as "holds this text, whatever its case".
 * Anything not listed (`has-changed`, `time-diff-now-gte`, `matches_intent`, …) stays an opaque predicate, never guessed.
 */
export type Operator =
  | "equals"
  | "not-equals"
  | "contains"
  | "not-contains"
  | "starts-with"
  | "ends-with"
  | "includes"
  | "includes-any"
  | "includes-all"
  | "excludes"
  | "empty"
  | "not-empty"
  | "greater"
  | "greater-or-equal"
  | "less"
  | "less-or-equal"
  | "between"
  | "on"
  | "in-the-next"
  | "in-the-last";

const spellings: readonly (readonly [Operator, readonly string[]])[] = [
  ["equals", ["==", "=", "===", "is", "equals", "equal", "eq", "is-any-of", "any-of", "in"]],
  ["not-equals", ["!=", "!==", "<>", "is-not", "not-equals", "not-equal", "neq", "ne", "is-none-of", "not-in"]],
  ["contains", ["contain", "contains"]],
  ["not-contains", ["not-contain", "not-contains", "does-not-contain", "doesnt-contain"]],
  ["starts-with", ["starts-with", "begins-with"]],
  ["ends-with", ["ends-with"]],
  ["includes", ["index-of-true", "includes", "has", "has-tag"]],
  ["includes-any", ["contains-any", "includes-any", "has-any"]],
  ["includes-all", ["contains-all", "includes-all", "has-all"]],
  ["excludes", ["index-of-false", "does-not-include", "not-includes", "excludes", "has-not", "does-not-have-tag"]],
  ["empty", ["has-no-value", "is-empty", "empty", "is-blank", "not-exists"]],
  ["not-empty", ["has-value", "is-not-empty", "not-empty", "exists"]],
  ["greater", [">", "gt", "greater-than", "is-greater-than", "more-than", "after", "is-after", "after-date"]],
  [
    "greater-or-equal",
    [">=", "gte", "greater-than-or-equal", "greater-than-or-equal-to", "at-least", "on-or-after", "is-on-or-after"],
  ],
  ["less", ["<", "lt", "less-than", "is-less-than", "before", "is-before", "before-date"]],
  [
    "less-or-equal",
    ["<=", "lte", "less-than-or-equal", "less-than-or-equal-to", "at-most", "on-or-before", "is-on-or-before"],
  ],
  ["between", ["between", "is-between"]],
  ["on", ["on", "is-on"]],
  ["in-the-next", ["in-the-next"]],
  ["in-the-last", ["in-the-last"]],
];

const bySpelling: ReadonlyMap<string, Operator> = new Map(
  spellings.flatMap(([operator, names]) => names.map((name) => [name, operator] as const)),
);

/** `has_value`, `has-value`, `hasValue` and `Has Value` are one spelling. `undefined`: not in the table. */
export function readOperator(stored: string): Operator | undefined {
  const direct = bySpelling.get(stored);
  if (direct !== undefined || stored.length > 40) return direct;
  const dashed = stored
    .trim()
    .replace(/([a-z])([A-Z])/g, "$1-$2")
    .replace(/[\s_]+/g, "-")
    .toLowerCase();
  return bySpelling.get(dashed);
}
