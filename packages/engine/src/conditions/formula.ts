import type { Condition, Field, Interval, Range, Test } from "./ast.ts";
import { isEmptyInterval } from "./ranges.ts";

/** A predicate with one exact meaning, so that negation is exact too. */
export type Predicate =
  /** The field's value is this one; of a field with several values: it is among them. */
  | { readonly kind: "member"; readonly value: string }
  | { readonly kind: "empty" }
  /** `text` in lower case. */
  | { readonly kind: "contains" | "starts" | "ends"; readonly text: string }
  | { readonly kind: "range"; readonly scale: Range["scale"]; readonly interval: Interval }
  | { readonly kind: "opaque"; readonly identity: string };

export interface Literal {
  readonly kind: "literal";
  readonly field: Field;
  readonly predicate: Predicate;
  readonly positive: boolean;
}

/** Negation stands at the leaves only. */
export type Formula =
  | Literal
  | { readonly kind: "and" | "or"; readonly of: readonly Formula[] }
  | { readonly kind: "true" }
  | { readonly kind: "false" };

/**
 * A condition is read twice. `widest` is true of every contact that the condition may let in, `narrowest` only of those
 * that it lets in under every reading. What is impossible even in the widest reading is impossible for certain.
 */
export type Reading = "widest" | "narrowest";

const yes: Formula = { kind: "true" };
const no: Formula = { kind: "false" };

export function formulaOf(condition: Condition, reading: Reading): Formula {
  switch (condition.kind) {
    case "atom":
      return testFormula(condition.atom.field, condition.atom.test, reading);
    case "all":
      return and(condition.of.map((part) => formulaOf(part, reading)));
    case "any":
      return or(condition.of.map((part) => formulaOf(part, reading)));
    case "all-or-any": {
      const parts = condition.of.map((part) => formulaOf(part, reading));
      return reading === "widest" ? or(parts) : and(parts);
    }
    case "never":
      return no;
    case "unreadable":
      return reading === "widest" ? yes : no;
  }
}

/** True of every contact that the condition may turn away (`widest`), or turns away for certain (`narrowest`). */
export function negationOf(condition: Condition, reading: Reading): Formula {
  return negate(formulaOf(condition, reading === "widest" ? "narrowest" : "widest"));
}

function testFormula(field: Field, test: Test, reading: Reading): Formula {
  const wide = reading === "widest";
  const is = (predicate: Predicate): Formula => ({ kind: "literal", field, predicate, positive: true });
  const not = (predicate: Predicate): Formula => ({ kind: "literal", field, predicate, positive: false });
  const member = (value: string) => is({ kind: "member", value });
  // Whether "is not" also lets in contacts without a value is not settled.
  const notBlank = wide ? [] : [not({ kind: "empty" })];
  switch (test.kind) {
    case "equals":
      return field.shape !== "single" && test.values.length > 1
        ? anyOrAll(test.values.map(member), wide)
        : or(test.values.map(member));
    case "includes":
      return anyOrAll(test.values.map(member), wide);
    case "includes-any":
      return or(test.values.map(member));
    case "includes-all":
      return and(test.values.map(member));
    case "not-equals":
      return and([...test.values.map((value) => not({ kind: "member", value })), ...notBlank]);
    case "excludes":
      return and(test.values.map((value) => not({ kind: "member", value })));
    case "contains":
      return anyOrAll(
        test.values.map((value) => is({ kind: "contains", text: value.toLowerCase() })),
        wide,
      );
    case "not-contains": {
      const parts = test.values.map((value) => not({ kind: "contains", text: value.toLowerCase() }));
      return wide ? or(parts) : and([...parts, ...notBlank]);
    }
    case "starts-with":
    case "ends-with": {
      const kind = test.kind === "starts-with" ? "starts" : "ends";
      return anyOrAll(
        test.values.map((value) => is({ kind, text: value.toLowerCase() })),
        wide,
      );
    }
    case "empty":
      return is({ kind: "empty" });
    case "not-empty":
      return not({ kind: "empty" });
    case "range": {
      const { scale, certain, possible } = test.range;
      const interval = wide ? possible : certain;
      if (!test.negated) return isEmptyInterval(interval) ? no : is({ kind: "range", scale, interval });
      return and([not({ kind: "range", scale, interval: wide ? certain : possible }), ...notBlank]);
    }
    case "opaque":
      return is({ kind: "opaque", identity: test.identity });
  }
}

function anyOrAll(parts: readonly Formula[], wide: boolean): Formula {
  return wide ? or(parts) : and(parts);
}

export function and(of: readonly Formula[]): Formula {
  const parts = of.filter((part) => part.kind !== "true");
  const [first] = parts;
  if (first === undefined) return yes;
  if (parts.some((part) => part.kind === "false")) return no;
  return parts.length === 1 ? first : { kind: "and", of: parts };
}

export function or(of: readonly Formula[]): Formula {
  const parts = of.filter((part) => part.kind !== "false");
  const [first] = parts;
  if (first === undefined) return no;
  if (parts.some((part) => part.kind === "true")) return yes;
  return parts.length === 1 ? first : { kind: "or", of: parts };
}

export function negate(formula: Formula): Formula {
  switch (formula.kind) {
    case "literal":
      return { ...formula, positive: !formula.positive };
    case "and":
      return or(formula.of.map(negate));
    case "or":
      return and(formula.of.map(negate));
    case "true":
      return no;
    case "false":
      return yes;
  }
}
