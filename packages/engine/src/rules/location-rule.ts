/**
 * A rule of scope L: what only several workflows together show. Built like a rule of one workflow (rule.ts), but it looks through the
 * location, and its finding names hops instead of a path. Its `find` must be near-linear in the location: it asks an index by key
 * (`location.derive(effects)`), and never compares all pairs.
 */
import type { LocationView, Member } from "../location/location-view.ts";
import type { Hop } from "../report/location-types.ts";
import type { Confidence, Severity } from "../report/types.ts";
import type { Place, RuleMeta, Settings } from "./rule.ts";

/** A step or trigger of one of the workflows. */
export interface MemberPlace {
  readonly member: Member;
  readonly place: Place;
}

export interface LocationTelling {
  readonly message: string;
  readonly impact: string;
  readonly fix: string;
  /** The workflows it is about, the one to open first in front. */
  readonly members: readonly Member[];
  readonly places: readonly MemberPlace[];
  readonly hops: readonly Hop[];
  readonly evidence: Readonly<Record<string, unknown>>;
  readonly severity?: Severity;
  /** Default: certain. */
  readonly confidence?: Confidence;
  /** What identifies the fault, when it is not the places. Default: workflow and id of each place. */
  readonly hangsOn?: readonly string[];
  /** What another rule's finding would have to name to be the cause of this one (precedence.ts). Default: the places. */
  readonly causedAt?: readonly string[];
}

/** A small location: workflows in any accepted format. `count` findings are expected of a wrong one (default 1). */
export interface LocationExample {
  readonly title: string;
  readonly workflows: readonly unknown[];
  readonly count?: number;
  readonly options?: Readonly<Record<string, unknown>>;
}

export interface LocationRule<State = unknown> {
  readonly meta: RuleMeta;
  /** Why the rule cannot answer for this location, or null when it can. */
  unchecked?(location: LocationView): string | null;
  /** What it leaves out although it runs, or null. */
  partlyUnchecked?(location: LocationView): string | null;
  find(location: LocationView, settings: Settings): Iterable<State>;
  tell(state: State, location: LocationView, settings: Settings): LocationTelling;
  wrong(): readonly LocationExample[];
  right(): readonly LocationExample[];
}
/** Declares a rule over the location. `State` is what `find` yields and `tell` gets; it is inferred. */
export function defineLocationRule<State>(rule: LocationRule<State>): LocationRule {
  return rule;
}
