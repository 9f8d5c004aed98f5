import type { Attributes } from "../model/workflow.ts";
import type { Condition, Field, Test } from "./ast.ts";
import type { FieldReader } from "./fields.ts";
import { type Operator, readOperator } from "./operators.ts";
import { offsetRange, rangeBetween, rangeOf } from "./ranges.ts";

/**
 * One row: of an if/else (`conditionType`, `conditionSubType`, `conditionOperator`, `conditionValue`), of a trigger or
 * of a plain format (`field`, `operator`, `value`).
 */
export function readRow(row: unknown, fields: FieldReader): Condition {
  if (!isRecord(row)) return unreadable("a condition is not an object");
  const field = fieldOf(row, fields);
  if (field === undefined) return unreadable("a condition names no field");
  const operator = text(row["conditionOperator"] ?? row["operator"]) ?? "";
  const values = readValues(row["conditionValue"] ?? row["value"]);
  if (values === undefined) return unreadable("a condition's value has an unknown shape");
  const relative = text(row["conditionValueOperator"]);
  const test =
    relative === undefined || relative === ""
      ? readTest(field, operator, values)
      : readRelative(operator, relative, values, text(row["conditionValueUnit"]));
  if (test === undefined) return unreadable("a condition has no value");
  return { kind: "atom", atom: { field, operator: relative ?? operator, values, test } };
}

function fieldOf(row: Attributes, fields: FieldReader): Field | undefined {
  const type = text(row["conditionType"]);
  if (type !== undefined && type !== "") return fields.ofType(type, text(row["conditionSubType"]) ?? "");
  const path = text(row["field"]);
  return path === undefined || path === "" ? undefined : fields.ofPath(path);
}

/** Scalar or list; `{value}` objects as some pickers store them. `undefined`: something else. */
function readValues(stored: unknown): readonly string[] | undefined {
  if (stored === undefined || stored === null) return [];
  const values: string[] = [];
  for (const item of Array.isArray(stored) ? stored : [stored]) {
    const value = text(isRecord(item) ? item["value"] : item);
    if (value === undefined) return undefined;
    if (value.trim() !== "") values.push(value);
  }
  return values;
}

function readTest(field: Field, stored: string, values: readonly string[]): Test | undefined {
  const operator = readOperator(stored);
  if (operator === "empty" || operator === "not-empty") return { kind: operator };
  if (operator === undefined) return opaque(stored, values);
  const [first, second] = values;
  if (first === undefined) return undefined;
  // A value taken from another field is a different one for each contact.
  if (values.some((value) => value.includes("{{"))) return opaque(stored, values);
  if (operator === "between") {
    const range = second === undefined ? undefined : rangeBetween(first, second);
    return range === undefined ? opaque(stored, values) : { kind: "range", range, negated: false };
  }
  if (isComparison(operator)) {
    const range = values.length === 1 ? rangeOf(operator, first) : undefined;
    return range === undefined ? opaque(stored, values) : { kind: "range", range, negated: false };
  }
  if (operator === "in-the-next" || operator === "in-the-last") return opaque(stored, values);
  return field.shape === "multiple" ? readMembership(field, operator, stored, values) : { kind: operator, values };
}

type Comparison = "greater" | "greater-or-equal" | "less" | "less-or-equal" | "on";

function isComparison(operator: Operator): operator is Comparison {
  return operator.startsWith("greater") || operator.startsWith("less") || operator === "on";
}

/** On tags and multi-selects "is" and "contains" ask for membership. HighLevel keeps tags in lower case. */
function readMembership(field: Field, operator: Operator, stored: string, values: readonly string[]): Test {
  const members =
    field.kind === "tag" || field.kind === "trigger" ? values.map((value) => value.trim().toLowerCase()) : values;
  switch (operator) {
    case "equals":
      return readAnyOf(stored) ? { kind: "includes-any", values: members } : { kind: "includes", values: members };
    case "includes":
    case "includes-any":
    case "includes-all":
      return { kind: operator, values: members };
    case "not-equals":
    case "excludes":
      return { kind: "excludes", values: members };
    case "contains":
      return field.kind === "tag" ? { kind: "includes", values: members } : opaque(stored, values);
    case "not-contains":
      return field.kind === "tag" ? { kind: "excludes", values: members } : opaque(stored, values);
    default:
      return opaque(stored, values);
  }
}

function readAnyOf(stored: string): boolean {
  return /any|^in$/i.test(stored);
}

const unitMilliseconds: Readonly<Record<string, number>> = {
  minutes: 60_000,
  hours: 3_600_000,
  days: 86_400_000,
  weeks: 7 * 86_400_000,
};

/** A date row carries its comparator in `conditionValueOperator`; `conditionOperator` only says is or is not. */
function readRelative(operator: string, relative: string, values: readonly string[], unit?: string): Test {
  const identity = [relative, unit ?? ""].join(" ");
  const is = readOperator(operator);
  if (is !== "equals" && is !== "not-equals") return opaque(`${operator} ${identity}`, values);
  const negated = is === "not-equals";
  const [first, second] = values;
  const comparator = readOperator(relative);
  if (first !== undefined && comparator !== undefined && !first.includes("{{")) {
    const span = Number(first) * (unitMilliseconds[unit ?? ""] ?? Number.NaN);
    if (comparator === "in-the-next" && span >= 0) return { kind: "range", range: offsetRange(0, span), negated };
    if (comparator === "in-the-last" && span >= 0) return { kind: "range", range: offsetRange(-span, 0), negated };
    const range =
      comparator === "between" && second !== undefined
        ? rangeBetween(first, second)
        : isComparison(comparator)
          ? rangeOf(comparator, first)
          : undefined;
    if (range !== undefined) return { kind: "range", range, negated };
  }
  return opaque(`${operator} ${identity}`, values);
}

function opaque(operator: string, values: readonly string[]): Test {
  return { kind: "opaque", identity: JSON.stringify([operator, ...values]) };
}

function unreadable(why: string): Condition {
  return { kind: "unreadable", why };
}

export function isRecord(value: unknown): value is Attributes {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function text(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}
