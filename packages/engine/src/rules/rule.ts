/**
 * What a rule is. One file per rule: data about it, what it wants to see, `find` (yields faults as plain states), `tell` (words
 * one), `mend` (patches one where the fix is certain) and its own examples, which are tests and documentation at once.
 *
 * A rule never walks the graph or scans text: it asks the view for a shared analysis (`view.derive(reachability)`), which is
 * computed once for all rules. It keeps no state of its own and never changes what it reads.
 *
 * Cheap by habit: with a hundred rules on, a rule that finds nothing may take 5 µs per 1,000 steps of the clean control
 * (`pnpm bench:engine` lists what each takes). So it starts from the shortest list that can hold a fault, and leaves when that
 * is empty, before it derives anything else:
 * - steps: `sees`, `stepsOfType`, `stepsWith`, `waitTimings` (waits by kind, each read once); not `workflow.steps`;
 * - texts: `withPhrase(kind)`, `merging`, `paths`, `payloads`, `sms` of `texts`, or a bit of `flags`; not `texts.all`;
 * - a phrase or a word to look for is a row in domain/phrase-profiles.ts: one scan finds them all, and a row costs nothing.
 *   A regular expression is for a text that a phrase or a flag has picked out;
 * - what several steps ask alike (the meaning of a path, the class of a host) is asked once per distinct value;
 * - Map, Set, slices and closures are made when there is something to put into them.
 */
import type { Step } from "../model/workflow.ts";
import type { Category, Confidence, JsonPatchOperation, Severity } from "../report/types.ts";
import type { View } from "../view.ts";

/** W: the one workflow is enough. L: needs the other workflows of the location. F: needs location facts. */
export type RuleScope = "W" | "L" | "F" | "W+F" | "W+L";

export interface RuleSetting {
  readonly key: string;
  readonly type: "number" | "boolean" | "string" | "strings";
  readonly default: number | boolean | string | readonly string[];
  readonly description: string;
}

export interface RuleMeta {
  /** Catalogue code, such as LOOP-001. Never changes meaning. */
  readonly code: string;
  /** Stable id in kebab case, such as goto-loop-no-delay. */
  readonly id: string;
  readonly category: Category;
  /** Default severity; `tell` may lower or raise it for one finding as `why` explains. */
  readonly severity: Severity;
  readonly scope: RuleScope;
  /** What is wrong, in a few words a workflow owner uses. */
  readonly title: string;
  /** One sentence: what the rule looks for. */
  readonly summary: string;
  /** What it costs the business when it is ignored. */
  readonly why: string;
  /** What to do, in general. */
  readonly fix: string;
  readonly settings?: readonly RuleSetting[];
  /** Where the claim comes from; "reasoned" when it follows from the model. */
  readonly sources: readonly string[];
}

/**
 * What must be in the workflow for the rule to run at all: one of the step types, or a step with one of the trait bits.
 * "workflow" runs always.
 */
export type Sees = "workflow" | { readonly types?: readonly string[]; readonly traits?: number };

/** What a finding points at: a step, a branch, or a trigger. */
export interface Place {
  readonly id: string;
  readonly name: string;
  readonly type: string;
}

/** One fault in words. */
export interface Telling {
  /** What is wrong here, naming the steps. */
  readonly message: string;
  /** What it costs the business. */
  readonly impact: string;
  /** What to do here. */
  readonly fix: string;
  /** The steps it is about, the one to open first in front. */
  readonly steps: readonly Place[];
  /** The rule's own figures. Plain JSON. */
  readonly evidence: Readonly<Record<string, unknown>>;
  readonly severity?: Severity;
  /** Default: certain. */
  readonly confidence?: Confidence;
  /** Where the witness path ends and the blast radius starts. Default: the first of `steps` that is a step; null: no path. */
  readonly at?: Step | null;
  /** Ids that identify the fault, when they are fewer than `steps` (a loop hangs on its Go To, not on all it passes). */
  readonly hangsOn?: readonly string[];
  /** Ids at which another rule's finding would be the cause of this one (precedence.ts). Default: the ids of `steps`. */
  readonly causedAt?: readonly string[];
}

/** A small workflow in any accepted format; `count` findings are expected of a wrong one (default 1). */
export interface Example {
  readonly title: string;
  readonly workflow: unknown;
  readonly count?: number;
  /** Analyse options for this example: facts, now, settings. */
  readonly options?: Readonly<Record<string, unknown>>;
}

/** Values of the rule's own settings: the defaults overlaid with the user's. */
export type Settings = Readonly<Record<string, unknown>>;

/** Method syntax on purpose: a registry holds rules of many state types, and a state only goes from a rule's find to its own tell. */
export interface Rule<State = unknown> {
  readonly meta: RuleMeta;
  readonly sees: Sees;
  /** Why the rule cannot answer for this workflow ("needs location facts: users"), or null when it can. */
  unchecked?(view: View): string | null;
  /** What the rule leaves out although it runs ("2 steps of types the engine does not know"), or null. */
  partlyUnchecked?(view: View): string | null;
  /** Yields every fault as a small state; words come later. Must be linear in the workflow. */
  find(view: View, settings: Settings): Iterable<State>;
  tell(state: State, view: View, settings: Settings): Telling;
  /** A patch of the given document that removes the fault and adds none, or null. */
  mend?(state: State, view: View): readonly JsonPatchOperation[] | null;
  /** Must be reported by this rule `count` times. Thunks, so that a cold start does not build them. */
  wrong(): readonly Example[];
  /** Near misses: must not be reported by this rule. */
  right(): readonly Example[];
}

/** Declares a rule. `State` is what `find` yields and `tell` and `mend` get; it is inferred. */
export function defineRule<State>(rule: Rule<State>): Rule {
  return rule;
}
