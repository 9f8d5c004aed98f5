import type { FieldOption } from "../location/field-options.ts";
import { type Atom, atomsOf, type Condition, type Field } from "./ast.ts";
import { type Example, escapes, type SolverOptions } from "./solver.ts";

/** What the branches of a decision leave to None. */
export interface Gap {
  /** A contact that no branch takes. */
  readonly example: Example;
  /** Of a field with known options: the options that no branch takes. */
  readonly options: readonly string[];
}

/** Options beyond this many are not tried one by one. */
const MOST_OPTIONS = 100;

/**
 * Contacts that certainly meet none of the branches; null when the branches take everybody, or when that is not known
 * (a pair such as "is" and "is not" never leaves a certain gap). `optionsOf` gives a field's options, where known.
 */
export function findGap(
  branches: readonly Condition[],
  optionsOf: (field: Field) => readonly FieldOption[] | undefined,
  options: SolverOptions = {},
): Gap | null {
  const answer = escapes(null, branches, options);
  if (answer.verdict !== "yes" || answer.example === undefined) return null;
  const field = singleField(branches);
  const known = (field === undefined ? undefined : optionsOf(field)) ?? [];
  const missed = (value: string) =>
    escapes(field === undefined ? null : isOption(field, value), branches, options).verdict === "yes";
  // A branch may ask for the option by its label or by its id.
  const uncovered = known
    .slice(0, MOST_OPTIONS)
    .filter(({ label, id }) => missed(label) && (id === null || missed(id)))
    .map(({ label }) => label);
  return { example: answer.example, options: uncovered };
}

function isOption(field: Field, option: string): Condition {
  const values = [option];
  return { kind: "atom", atom: { field, operator: "is", values, test: { kind: "equals", values } } };
}

/** The one field that every row of every branch is about, if there is one. */
function singleField(branches: readonly Condition[]): Field | undefined {
  const atoms: readonly Atom[] = branches.flatMap((branch) => [...atomsOf(branch)]);
  const field = atoms[0]?.field;
  return atoms.every((atom) => atom.field.key === field?.key) ? field : undefined;
}

/**
 * Whether the branches sort contacts by what a field holds (source, stage, amount), so that a value may be forgotten.
 * Rows that only ask yes or no (a tag, a filled field, a reply) are filters: who fails them is meant to stop.
 */
export function sortsByValue(branches: readonly Condition[]): boolean {
  return branches.some((branch) =>
    atomsOf(branch).some(({ field, test }) => {
      if (!holdsOneValue(field)) return false;
      return test.kind === "equals" || test.kind === "contains" || test.kind === "starts-with" || test.kind === "range";
    }),
  );
}

/** Not a field that holds several values, nor one that only says yes or no. */
export function holdsOneValue({ shape, kind }: Field): boolean {
  return shape !== "multiple" && kind !== "reply" && kind !== "workflow";
}
