import { type Atom, allOf, type Condition } from "./ast.ts";
import { isEmptyInterval } from "./ranges.ts";
import { type SolverOptions, satisfiable } from "./solver.ts";

/** Rows that cannot hold together, as few as possible: nearly always two. */
export interface Conflict {
  readonly atoms: readonly Atom[];
  /** False when it rests on reading custom fields of unknown type as fields that hold one value. */
  readonly certain: boolean;
}

/**
 * Why no contact can ever meet the condition, or null when one can or it is not known. Of OR groups every alternative
 * must be impossible; the conflict shown is that of the first. Cheap for the usual branch: one row, or rows about
 * different fields, cannot conflict.
 */
export function findConflict(condition: Condition, options: SolverOptions = {}): Conflict | null {
  const alternatives = "of" in condition && condition.kind !== "all" ? condition.of : [condition];
  if (!alternatives.every(mayConflict)) return null;
  for (const assumeSingle of [false, true]) {
    if (satisfiable(condition, { ...options, assumeSingle }).verdict !== "no") continue;
    const [first] = alternatives;
    const atoms = first === undefined ? [] : smallestConflict(first, { ...options, assumeSingle });
    return { atoms, certain: !assumeSingle };
  }
  return null;
}

/** Without two rows about one field, a range that holds nothing or a blank group, nothing conflicts. */
function mayConflict(condition: Condition): boolean {
  const seen = new Set<string>();
  const stack: Condition[] = [condition];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.kind === "never") return true;
    if ("of" in node) stack.push(...node.of);
    if (node.kind !== "atom") continue;
    const { test } = node.atom;
    if (test.kind === "range" && isEmptyInterval(test.range.possible)) return true;
    if (seen.has(node.atom.field.key)) return true;
    seen.add(node.atom.field.key);
  }
  return false;
}

/** Looks for a pair first; else drops part after part while the rest stays impossible. */
function smallestConflict(condition: Condition, options: SolverOptions): readonly Atom[] {
  const parts = flatten(condition);
  const impossible = (of: readonly Condition[]) => satisfiable(allOf(of), options).verdict === "no";
  for (const [at, a] of parts.entries())
    for (const b of parts.slice(at + 1)) if (sharesField(a, b) && impossible([a, b])) return atomsIn([a, b]);
  let core = parts;
  for (const part of parts) {
    const without = core.filter((other) => other !== part);
    if (without.length > 0 && impossible(without)) core = without;
  }
  return atomsIn(core);
}

function flatten(condition: Condition): readonly Condition[] {
  return condition.kind === "all" ? condition.of.flatMap(flatten) : [condition];
}

function sharesField(a: Condition, b: Condition): boolean {
  const keys = new Set(atomsIn([a]).map((atom) => atom.field.key));
  return atomsIn([b]).some((atom) => keys.has(atom.field.key));
}

function atomsIn(conditions: readonly Condition[]): readonly Atom[] {
  return conditions.flatMap((part) => (part.kind === "atom" ? [part.atom] : "of" in part ? atomsIn(part.of) : []));
}
