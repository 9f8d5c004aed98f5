import type { Atom, Condition } from "./ast.ts";
import { compatible, type Example, escapes, implies, type SolverOptions, satisfiable } from "./solver.ts";

/** A branch that is never taken, or not always when its turn should come. */
export interface Shadow {
  /** Index of the branch that loses. */
  readonly branch: number;
  /** Indices of the earlier branches that take its contacts: one that does it alone, or several together. */
  readonly by: readonly number[];
  /** Everything it asks for is taken before; else only a part, and only the order decides. */
  readonly whole: boolean;
  /** A contact that meets the branch and the earlier one. */
  readonly example: Example | undefined;
}

/** HighLevel allows 10 branches; beyond twice that the rest is left open. */
const MOST_BRANCHES = 20;

/** Branches in testing order; each loses at most once. */
export function findShadows(branches: readonly Condition[], options: SolverOptions = {}): readonly Shadow[] {
  if (branches.length < 2 || allDistinct(branches)) return [];
  const shadows: Shadow[] = [];
  for (const [branch, condition] of branches.slice(0, MOST_BRANCHES).entries()) {
    const earlier = branches.slice(0, branch);
    const shadow = shadowOf(condition, branch, earlier, options) ?? overlapOf(condition, branch, earlier, options);
    if (shadow !== undefined) shadows.push(shadow);
  }
  return shadows;
}

function shadowOf(
  condition: Condition,
  branch: number,
  earlier: readonly Condition[],
  options: SolverOptions,
): Shadow | undefined {
  if (!earlier.some((other) => mayTakeFrom(other, condition)) || escapes(condition, earlier, options).verdict !== "no")
    return undefined;
  const own = satisfiable(condition, options);
  // What nobody can meet is contradictory, not shadowed.
  if (own.verdict === "no") return undefined;
  const alone = earlier.findIndex((other) => implies(condition, other, options) === "yes");
  const by = alone >= 0 ? [alone] : [...earlier.keys()].filter((at) => touches(earlier[at], condition, options));
  return { branch, by, whole: true, example: own.example };
}

function touches(other: Condition | undefined, condition: Condition, options: SolverOptions): boolean {
  return other !== undefined && compatible(other, condition, options).verdict !== "no";
}

/**
 * Two ranges of one field that cross: who is in both goes by the order of the branches. Other overlaps (two tags, two
 * fields) are how priorities are written down, so they are no fault.
 */
function overlapOf(
  condition: Condition,
  branch: number,
  earlier: readonly Condition[],
  options: SolverOptions,
): Shadow | undefined {
  if (!isRange(condition)) return undefined;
  for (const [at, other] of earlier.entries()) {
    if (!isRange(other) || other.atom.field.key !== condition.atom.field.key) continue;
    const both = compatible(other, condition, options);
    if (
      both.verdict === "yes" &&
      implies(condition, other, options) === "no" &&
      implies(other, condition, options) === "no"
    )
      return { branch, by: [at], whole: false, example: both.example };
  }
  return undefined;
}

function isRange(condition: Condition): condition is { readonly kind: "atom"; readonly atom: Atom } {
  return condition.kind === "atom" && condition.atom.test.kind === "range" && !condition.atom.test.negated;
}

/**
 * The usual If/Else needs no solving: as long as every earlier branch asks for one value of one field, and this one asks
 * for none of those values, somebody is left for it (fields hold endlessly many values).
 */
function allDistinct(branches: readonly Condition[]): boolean {
  const taken = new Set<string>();
  for (const [at, condition] of branches.entries()) {
    if (asksForAny(condition, taken)) return false;
    const value = onlyValue(condition);
    if (value !== undefined) taken.add(value);
    else if (at < branches.length - 1) return false;
  }
  return true;
}

/** Whether a row of the condition is about a taken value, or the condition is more than rows that must all hold. */
function asksForAny(condition: Condition, taken: ReadonlySet<string>): boolean {
  if (condition.kind === "all") return condition.of.some((part) => part.kind !== "atom" || asksForAny(part, taken));
  const value = onlyValue(condition);
  return condition.kind !== "atom" || (value !== undefined && taken.has(value));
}

function onlyValue(condition: Condition): string | undefined {
  if (condition.kind !== "atom") return undefined;
  const { field, test } = condition.atom;
  if (test.kind !== "equals" && test.kind !== "includes" && test.kind !== "includes-any") return undefined;
  return test.values.length === 1 ? `${field.key}\n${test.values[0]}` : undefined;
}

/** Quick out: a branch about other fields cannot take everything from this one, unless it takes everything there is. */
function mayTakeFrom(other: Condition, condition: Condition): boolean {
  const asked = new Set(fieldKeys(condition));
  return other.kind !== "atom" || asked.has(other.atom.field.key);
}

function fieldKeys(condition: Condition): readonly string[] {
  const keys: string[] = [];
  const stack: Condition[] = [condition];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.kind === "atom") keys.push(node.atom.field.key);
    else if ("of" in node) stack.push(...node.of);
  }
  return keys;
}
