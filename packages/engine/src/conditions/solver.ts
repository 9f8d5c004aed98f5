import type { Condition, Field } from "./ast.ts";
import { contradict, type Value, type Witness, witnessOf } from "./field-theory.ts";
import { and, type Formula, formulaOf, type Literal, negationOf } from "./formula.ts";

/**
 * Decides questions about conditions by searching for a contact: literals are collected field by field, a choice is
 * taken back as soon as one field contradicts itself. Sound both ways: "no" means that no contact exists under any
 * reading of the document, "yes" comes with one that exists under every reading, everything else is "unknown". The
 * search is iterative and stops after a fixed number of steps with "unknown".
 */
export type Verdict = "yes" | "no" | "unknown";

export interface Answer {
  readonly verdict: Verdict;
  /** Stands with "yes": what a contact would have to look like. */
  readonly example?: Example;
}

/** One contact, as far as the conditions ask. */
export type Example = readonly { readonly field: Field; readonly value: Value }[];

export interface SolverOptions {
  /** Search steps before the answer is "unknown". */
  readonly steps?: number;
  /** Read custom fields of unknown type as fields that hold one value. */
  readonly assumeSingle?: boolean;
}

const DEFAULT_STEPS = 4_000;

/** Can any contact meet the condition? */
export function satisfiable(condition: Condition, options: SolverOptions = {}): Answer {
  return decide(formulaOf(condition, "widest"), () => formulaOf(condition, "narrowest"), options);
}

/** Can any contact meet both? */
export function compatible(a: Condition, b: Condition, options: SolverOptions = {}): Answer {
  return satisfiable({ kind: "all", of: [a, b] }, options);
}

/**
 * Can any contact meet the condition and none of the earlier ones? "no": the earlier ones cover it together. With no
 * condition at all: can any contact miss them all?
 */
export function escapes(
  condition: Condition | null,
  earlier: readonly Condition[],
  options: SolverOptions = {},
): Answer {
  const part = (reading: "widest" | "narrowest") =>
    and([
      ...(condition === null ? [] : [formulaOf(condition, reading)]),
      ...earlier.map((other) => negationOf(other, reading)),
    ]);
  return decide(part("widest"), () => part("narrowest"), options);
}

/** Does every contact that meets `a` meet `b`? */
export function implies(a: Condition, b: Condition, options: SolverOptions = {}): Verdict {
  const { verdict } = escapes(a, [b], options);
  return verdict === "no" ? "yes" : verdict === "yes" ? "no" : "unknown";
}

function decide(widest: Formula, narrowest: () => Formula, options: SolverOptions): Answer {
  const steps = options.steps ?? DEFAULT_STEPS;
  const assumeSingle = options.assumeSingle === true;
  const possible = search(widest, { steps, assumeSingle, witness: false });
  if (possible.verdict === "no") return possible;
  const certain = search(narrowest(), { steps, assumeSingle: true, witness: true });
  return certain.verdict === "yes" ? certain : { verdict: "unknown" };
}

interface SearchOptions {
  readonly steps: number;
  readonly assumeSingle: boolean;
  /** Whether a "yes" must come with a contact. */
  readonly witness: boolean;
}

/** Formulas still to be met, as a list that shares its tail between choices. */
interface Goals {
  readonly formula: Formula;
  readonly rest: Goals | undefined;
}

/** Alternatives still to be tried, the same way. */
interface Choices {
  readonly ways: readonly Formula[];
  readonly rest: Choices | undefined;
}

interface Choice {
  readonly ways: readonly Formula[];
  next: number;
  readonly goals: Goals | undefined;
  readonly choices: Choices | undefined;
  readonly trail: number;
}

function search(formula: Formula, options: SearchOptions): Answer {
  const state = new Map<string, Literal[]>();
  const trail: Literal[] = [];
  const stack: Choice[] = [];
  let goals: Goals | undefined = { formula, rest: undefined };
  let choices: Choices | undefined;
  let steps = options.steps;
  let failed = false;
  let missed = false;
  for (;;) {
    if (--steps < 0) return { verdict: "unknown" };
    if (failed) {
      const choice = stack.at(-1);
      if (choice === undefined) return { verdict: missed ? "unknown" : "no" };
      while (trail.length > choice.trail) forget(state, trail);
      const way = choice.ways[choice.next++];
      if (way === undefined) {
        stack.pop();
        continue;
      }
      failed = false;
      goals = { formula: way, rest: choice.goals };
      choices = choice.choices;
    } else if (goals !== undefined) {
      const goal: Formula = goals.formula;
      goals = goals.rest;
      if (goal.kind === "and") for (const part of goal.of) goals = { formula: part, rest: goals };
      else if (goal.kind === "or") choices = { ways: goal.of, rest: choices };
      else if (goal.kind === "literal") failed = !assume(state, trail, goal, options.assumeSingle);
      else failed = goal.kind === "false";
    } else if (choices !== undefined) {
      stack.push({ ways: choices.ways, next: 0, goals: undefined, choices: choices.rest, trail: trail.length });
      failed = true;
    } else if (options.witness) {
      const example = exampleOf(state);
      if (example !== undefined) return { verdict: "yes", example };
      missed = true;
      failed = true;
    } else return { verdict: "yes" };
  }
}

/** Takes the literal in; false when its field contradicts itself. */
function assume(state: Map<string, Literal[]>, trail: Literal[], literal: Literal, assumeSingle: boolean): boolean {
  const known = state.get(literal.field.key);
  trail.push(literal);
  if (known === undefined) {
    state.set(literal.field.key, [literal]);
    return true;
  }
  known.push(literal);
  return !contradict(known, literal, assumeSingle);
}

/** Takes the latest literal back; there is one whenever a choice is. */
function forget(state: Map<string, Literal[]>, trail: Literal[]): void {
  const { field } = trail.pop() as Literal;
  state.get(field.key)?.pop();
}

function exampleOf(state: ReadonlyMap<string, readonly Literal[]>): Example | undefined {
  const example: { field: Field; value: Value }[] = [];
  for (const literals of state.values()) {
    const [first] = literals;
    if (first === undefined) continue;
    const witness: Witness | undefined = witnessOf(first.field, literals);
    if (witness === undefined || !witness.certain) return undefined;
    example.push({ field: first.field, value: witness.value });
  }
  return example;
}
