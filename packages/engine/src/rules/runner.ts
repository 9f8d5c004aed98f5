/** Runs rules over one view: who runs, what they found, who could not answer. Words are made here; paths and order are not. */
import type { LocationView } from "../location/location-view.ts";
import type { Step } from "../model/workflow.ts";
import type { ResolvedOptions } from "../options.ts";
import { admits, type RuleSetup, setupOf } from "../report/settings.ts";
import type { Confidence, JsonPatchOperation, Severity } from "../report/types.ts";
import type { View } from "../view.ts";
import type { LocationRule, LocationTelling } from "./location-rule.ts";
import type { Place, Rule, RuleMeta, Sees, Settings, Telling } from "./rule.ts";

/** A fault in words, before it has a path, a fingerprint and its place in the report. */
export interface Reported<Told = Telling> {
  readonly meta: RuleMeta;
  readonly telling: Told;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly suggestion: readonly JsonPatchOperation[] | null;
  /** Faults of the same rule that were not told because of the limit; 0 on all but the last told one. */
  readonly more: number;
}

export interface RunOutcome<Told = Telling> {
  readonly reported: readonly Reported<Told>[];
  readonly notChecked: readonly { readonly rule: string; readonly reason: string }[];
  readonly errors: readonly { readonly meta: RuleMeta; readonly reason: string }[];
  /** Rules that answered, whether or not they found something. */
  readonly checked: readonly RuleMeta[];
  /** Rules that could not answer, or had nothing to look at. */
  readonly unchecked: readonly RuleMeta[];
}

/** What rules of one workflow and rules of a location have in common: `Seen` is what they look through. */
interface Runnable<Seen, Told> {
  readonly meta: RuleMeta;
  unchecked?(view: Seen): string | null;
  partlyUnchecked?(view: Seen): string | null;
  find(view: Seen, settings: Settings): Iterable<unknown>;
  tell(state: unknown, view: Seen, settings: Settings): Told;
  mend?(state: unknown, view: Seen): readonly JsonPatchOperation[] | null;
}

/**
 * A rule ready to run, with all that does not depend on what it looks through. All have one shape: a dozen shapes of 143 rules cost
 * a small workflow more than many a rule.
 */
interface Ready<Seen, Told> {
  readonly meta: RuleMeta;
  readonly types: readonly string[];
  /** ALWAYS: whatever there is. */
  readonly traits: number;
  /** How it is set up when the options name no rule. */
  readonly setup: RuleSetup;
  readonly unchecked: ((view: Seen) => string | null) | undefined;
  readonly partlyUnchecked: ((view: Seen) => string | null) | undefined;
  readonly find: (view: Seen, settings: Settings) => Iterable<unknown>;
  readonly tell: (state: unknown, view: Seen, settings: Settings) => Told;
  readonly mend: ((state: unknown, view: Seen) => readonly JsonPatchOperation[] | null) | undefined;
}

const ALWAYS = -1;

export type ReadyRules = readonly Ready<View, Telling>[];
export type ReadyLocationRules = readonly Ready<LocationView, LocationTelling>[];

/** Made once for many runs, in the order of the codes: a report does not depend on that in which the rules are given. */
export function readyRules(rules: readonly Rule[]): ReadyRules {
  return inCodeOrder(rules.map((rule) => ready<View, Telling>(rule, rule.sees)));
}

export function readyLocationRules(rules: readonly LocationRule[]): ReadyLocationRules {
  return inCodeOrder(rules.map((rule) => ready<LocationView, LocationTelling>(rule, "workflow")));
}

function ready<Seen, Told>(rule: Runnable<Seen, Told>, sees: Sees): Ready<Seen, Told> {
  const { meta, unchecked, partlyUnchecked, find, tell, mend } = rule;
  const { types = [], traits = 0 } = sees === "workflow" ? { traits: ALWAYS } : sees;
  return { meta, types, traits, setup: setupOf(meta, {}), unchecked, partlyUnchecked, find, tell, mend };
}

function inCodeOrder<One extends { readonly meta: RuleMeta }>(rules: readonly One[]): readonly One[] {
  return rules.toSorted(({ meta: a }, { meta: b }) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0));
}

interface Seeing {
  readonly options: ResolvedOptions;
}

interface Toned {
  readonly severity?: Severity;
  readonly confidence?: Confidence;
}

export function runRules(rules: ReadyRules, view: View): RunOutcome {
  return runAll(rules, view, "workflow", canSee);
}

export function runLocationRules(rules: ReadyLocationRules, location: LocationView): RunOutcome<LocationTelling> {
  return runAll(rules, location, "location", () => true);
}

function runAll<Seen extends Seeing, Told extends Toned>(
  rules: readonly Ready<Seen, Told>[],
  view: Seen,
  subject: string,
  applies: (rule: Ready<Seen, Told>, view: Seen) => boolean,
): RunOutcome<Told> {
  const reported: Reported<Told>[] = [];
  const notChecked: { rule: string; reason: string }[] = [];
  const errors: { meta: RuleMeta; reason: string }[] = [];
  const checked: RuleMeta[] = [];
  const unchecked: RuleMeta[] = [];
  const asDeclared = Object.keys(view.options.rules).length === 0;
  for (const rule of rules) {
    const { meta } = rule;
    const setup = asDeclared ? rule.setup : setupOf(meta, view.options.rules);
    if (setup.off) continue;
    if (!applies(rule, view)) {
      unchecked.push(meta);
      continue;
    }
    try {
      const reason = rule.unchecked?.(view) ?? null;
      if (reason !== null) {
        notChecked.push({ rule: meta.id, reason });
        unchecked.push(meta);
        continue;
      }
      runRule(rule, view, setup, reported);
      checked.push(meta);
      const leftOut = rule.partlyUnchecked?.(view) ?? null;
      if (leftOut !== null) notChecked.push({ rule: meta.id, reason: leftOut });
    } catch (error) {
      const reason = (error instanceof Error ? error.message : String(error)).slice(0, 200);
      errors.push({ meta, reason });
      unchecked.push(meta);
      notChecked.push({ rule: meta.id, reason: `the rule failed on this ${subject}` });
    }
  }
  return { reported, notChecked, errors, checked, unchecked };
}

function canSee({ traits, types }: Ready<View, Telling>, view: View): boolean {
  if (traits === ALWAYS || (view.traits & traits) !== 0) return true;
  for (const type of types) if (view.stepsOfType(type).length > 0) return true;
  return false;
}

function runRule<Seen extends Seeing, Told extends Toned>(
  rule: Ready<Seen, Told>,
  view: Seen,
  { settings, severity }: RuleSetup,
  reported: Reported<Told>[],
): void {
  const limit = view.options.findingsPerRule;
  const states: unknown[] = [];
  let more = 0;
  for (const state of rule.find(view, settings)) {
    if (states.length < limit) states.push(state);
    else more++;
  }
  if (states.length === 0) return;
  const told: Reported<Told>[] = [];
  for (let at = 0; at < states.length; at++) {
    const state = states[at];
    const telling = rule.tell(state, view, settings);
    const finding: Reported<Told> = {
      meta: rule.meta,
      telling,
      severity: severity ?? telling.severity ?? rule.meta.severity,
      confidence: telling.confidence ?? "certain",
      suggestion: rule.mend?.(state, view) ?? null,
      more: at === states.length - 1 ? more : 0,
    };
    if (admits(view.options.profile, finding)) told.push(finding);
  }
  // All or none: a rule that fails while it tells has found nothing.
  reported.push(...told);
}

/** Where the witness of a finding ends and its blast radius starts; null when it concerns no step. */
export function faultStep(telling: Telling): Step | null {
  if (telling.at !== undefined) return telling.at;
  for (const place of telling.steps) if (isStep(place)) return place;
  return null;
}

function isStep(place: Place): place is Step {
  return "traits" in place;
}
