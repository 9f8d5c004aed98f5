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
  const shadows: Shadow[] = [];
  const count = Math.min(branches.length, MOST_BRANCHES);
  if (count < 2 || allDistinct(branches, count)) return shadows;
  for (let branch = 1; branch < count; branch++) {
    const condition = branches[branch];
    // What nobody can meet is contradictory, not shadowed.
    if (condition === undefined || condition.kind === "never") continue;
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
function allDistinct(branches: readonly Condition[], count: number): boolean {
  for (let at = 0; at < count; at++) {
    const condition = branches[at] as Condition;
    if (asksForAny(condition, branches, at)) return false;
    if (at < count - 1 && (condition.kind !== "atom" || onlyValue(condition.atom) === undefined)) return false;
  }
  return true;
}

/** Whether a row of the condition is about a value that an earlier branch takes, or it is more than rows that must all hold. */
function asksForAny(condition: Condition, branches: readonly Condition[], before: number): boolean {
  if (condition.kind === "all")
    return condition.of.some((part) => part.kind !== "atom" || asksForAny(part, branches, before));
  if (condition.kind !== "atom") return true;
  const value = onlyValue(condition.atom);
  if (value === undefined) return false;
  const { key } = condition.atom.field;
  for (let at = 0; at < before; at++) {
    const earlier = branches[at];
    if (earlier?.kind === "atom" && earlier.atom.field.key === key && onlyValue(earlier.atom) === value) return true;
  }
  return false;
}

function onlyValue({ test }: Atom): string | undefined {
  if (test.kind !== "equals" && test.kind !== "includes" && test.kind !== "includes-any") return undefined;
  return test.values.length === 1 ? test.values[0] : undefined;
}

/** Quick out: a branch about other fields cannot take everything from this one, unless it takes everything there is. */
function mayTakeFrom(other: Condition, condition: Condition): boolean {
  if (other.kind === "never") return false;
  return other.kind !== "atom" || fieldKeys(condition).includes(other.atom.field.key);
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
