import { END } from "../model/workflow.ts";

/** From a step id in the document to its dense index, for triggers that name where they enter. */
export interface StepIndex {
  /** END when the document holds no such step. */
  readonly stepOf: (id: string) => number;
  /** Where a run starts unless its trigger says otherwise. */
  readonly entry: number;
}

/** Ids by their position in a list; the first of several equal ids is the one that references reach. */
export interface IdTable {
  readonly ids: readonly string[];
  readonly positionOf: ReadonlyMap<string, number>;
  readonly duplicates: readonly string[];
}

export function tabulate(ids: readonly string[]): IdTable {
  const positionOf = new Map<string, number>();
  // Backwards, so that the first of several equal ids stays.
  for (let at = ids.length - 1; at >= 0; at--) positionOf.set(ids[at] as string, at);
  return { ids, positionOf, duplicates: positionOf.size === ids.length ? [] : duplicatesIn(ids, positionOf) };
}

function duplicatesIn(ids: readonly string[], positionOf: ReadonlyMap<string, number>): readonly string[] {
  const duplicates = new Set<string>();
  for (let at = 0; at < ids.length; at++)
    if (positionOf.get(ids[at] as string) !== at) duplicates.add(ids[at] as string);
  return [...duplicates];
}

export function stepIndex(table: IdTable): StepIndex {
  return { stepOf: (id) => table.positionOf.get(id) ?? END, entry: table.ids.length === 0 ? END : 0 };
}
