import type { Atom, Condition } from "./ast.ts";
import type { Value } from "./field-theory.ts";
import type { Example } from "./solver.ts";

/** One row as a person would say it: `city is "Paris"`, `has the tag "vip"`. */
export function describeAtom({ field, test, values, operator }: Atom): string {
  const list = quoted(values, "or");
  const name = field.label;
  if (field.kind === "tag" && "values" in test) {
    const noun = values.length === 1 ? "the tag" : "one of the tags";
    if (test.kind === "excludes") return `does not have ${noun} ${list}`;
    if (test.kind === "includes-all") return `has the tags ${quoted(values, "and")}`;
    return `has ${noun} ${list}`;
  }
  switch (test.kind) {
    case "empty":
      return `${name} is empty`;
    case "not-empty":
      return `${name} is not empty`;
    case "equals":
      return `${name} is ${list}`;
    case "not-equals":
      return `${name} is not ${list}`;
    case "contains":
    case "includes":
    case "includes-any":
      return `${name} contains ${list}`;
    case "includes-all":
      return `${name} contains ${quoted(values, "and")}`;
    case "not-contains":
    case "excludes":
      return `${name} does not contain ${list}`;
    case "starts-with":
      return `${name} starts with ${list}`;
    case "ends-with":
      return `${name} ends with ${list}`;
    case "range":
      return `${name} is ${test.negated ? "not " : ""}${comparisonWords(operator)} ${quoted(values, "and")}`;
    case "opaque":
      return `${name} ${operator.replaceAll(/[-_]/g, " ")} ${list}`.trim();
  }
}

const comparisons: Readonly<Record<string, string>> = {
  ">": "more than",
  ">=": "at least",
  "<": "less than",
  "<=": "at most",
};

function comparisonWords(operator: string): string {
  const known = comparisons[operator];
  return (
    known ??
    operator
      .replace(/^is[-_ ]/, "")
      .replace(/([a-z])([A-Z])/g, "$1 $2")
      .replaceAll(/[-_]/g, " ")
      .toLowerCase()
  );
}

/** At most three values, so that a sentence stays one. */
function quoted(values: readonly string[], word: "and" | "or"): string {
  const shown = values.slice(0, 3).map((value) => `"${clip(value)}"`);
  if (values.length > 3) shown.push(`${values.length - 3} more`);
  const last = shown.pop();
  return last === undefined ? "" : shown.length === 0 ? last : `${shown.join(", ")} ${word} ${last}`;
}

function clip(text: string): string {
  return text.length <= 60 ? text : `${Array.from(text.slice(0, 120)).slice(0, 59).join("")}…`;
}

/** A whole condition in one line; rows beyond the sixth are only counted. */
export function describeCondition(condition: Condition): string {
  if (condition.kind === "atom") return describeAtom(condition.atom);
  if (condition.kind === "never") return "no condition is set";
  if (condition.kind === "unreadable") return "a condition that cannot be read";
  const word = condition.kind === "any" ? " or " : " and ";
  const parts = condition.of
    .slice(0, 6)
    .map((part) => ("of" in part ? `(${describeCondition(part)})` : describeCondition(part)));
  if (condition.of.length > 6) parts.push(`${condition.of.length - 6} more conditions`);
  return parts.join(word);
}

/** What an example contact looks like: `city "Paris", tags "vip", email empty`. */
export function describeExample(example: Example): string {
  return example.map(({ field, value }) => `${field.label} ${describeValue(value)}`).join(", ");
}

function describeValue(value: Value): string {
  if (value === null || value.length === 0) return "empty";
  return typeof value === "string" ? `"${clip(value)}"` : quoted(value, "and");
}

/** An example contact as plain JSON for a finding's evidence, keyed by the field's name. */
export function exampleEvidence(example: Example): Record<string, unknown> {
  const evidence: [string, unknown][] = example.map(({ field, value }) => [field.label, value]);
  return Object.fromEntries(evidence);
}
