/**
 * What a rule of the whole location looks through: every workflow's own view in order of its key, and the shared analyses over all
 * of them, each computed once on first use. The large brother of view.ts.
 */
import { textOf } from "../model/attributes.ts";
import type { ResolvedOptions } from "../options.ts";
import type { View } from "../view.ts";

/** One workflow among the others. */
export interface Member {
  /** Dense index: `location.members[member.at] === member`. */
  readonly at: number;
  /** The workflow's id; its name when it has none. No two members share one. */
  readonly key: string;
  readonly view: View;
  /** A draft starts nothing and nothing starts it, until it is published. */
  readonly inUse: boolean;
}

/** A named fact about the location, in a file of its own: a pure function of the location view. */
export type LocationAnalysis<Result> = (location: LocationView) => Result;

export interface LocationView {
  readonly members: readonly Member[];
  readonly options: ResolvedOptions;
  readonly derive: <Result>(analysis: LocationAnalysis<Result>) => Result;
  /** A workflow by the id (or, in hand-written documents, the name) that a step names. */
  readonly member: (idOrName: string) => Member | undefined;
  /** Names of workflows that exist but were not given, or could not be read: what they do is unknown. */
  readonly unseen: readonly string[];
}

export function createLocationView(
  members: readonly Member[],
  options: ResolvedOptions,
  unseen: readonly string[],
): LocationView {
  const byName = new Map<string, Member>();
  // Backwards, so that the first one stays; ids last, so that they win.
  for (const member of members.toReversed()) byName.set(member.view.workflow.name.toLowerCase(), member);
  for (const member of members.toReversed()) byName.set(member.key.toLowerCase(), member);
  const derived = new Map<LocationAnalysis<unknown>, unknown>();
  const location: LocationView = {
    members,
    options,
    unseen,
    derive<Result>(analysis: LocationAnalysis<Result>): Result {
      // The map pairs each analysis with its own result.
      if (derived.has(analysis)) return derived.get(analysis) as Result;
      const result = analysis(location);
      derived.set(analysis, result);
      return result;
    },
    member: (idOrName) => byName.get(textOf(idOrName).trim().toLowerCase()),
  };
  return location;
}
