/** Runs rules over one view: who runs, what they found, who could not answer. Words are made here; paths and order are not. */
import type { LocationView } from "../location/location-view.ts";
import type { Step } from "../model/workflow.ts";
import type { ResolvedOptions } from "../options.ts";
import { admits, setupOf } from "../report/settings.ts";
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

interface Seeing {
  readonly options: ResolvedOptions;
}

interface Toned {
  readonly severity?: Severity;
  readonly confidence?: Confidence;
}

export function runRules(rules: readonly Rule[], view: View): RunOutcome {
  return runAll(rules, view, "workflow", (rule) => canSee(rule.sees, view));
}

export function runLocationRules(rules: readonly LocationRule[], location: LocationView): RunOutcome<LocationTelling> {
  return runAll(rules, location, "location", () => true);
}

function runAll<Seen extends Seeing, Told extends Toned, One extends Runnable<Seen, Told>>(
  rules: readonly One[],
  view: Seen,
  subject: string,
  applies: (rule: One) => boolean,
): RunOutcome<Told> {
  const reported: Reported<Told>[] = [];
  const notChecked: { rule: string; reason: string }[] = [];
  const errors: { meta: RuleMeta; reason: string }[] = [];
  const checked: RuleMeta[] = [];
  const unchecked: RuleMeta[] = [];
  for (const rule of rules) {
    const { meta } = rule;
    const setup = setupOf(meta, view.options.rules);
    if (setup.off) continue;
    if (!applies(rule)) {
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
      const found = runRule<Seen, Told>(rule, view, setup.settings, setup.severity);
      for (const finding of found) reported.push(finding);
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

function canSee(sees: Sees, view: View): boolean {
  if (sees === "workflow") return true;
  if (sees.traits !== undefined && (view.traits & sees.traits) !== 0) return true;
  return sees.types?.some((type) => view.stepsOfType(type).length > 0) ?? false;
}

function runRule<Seen extends Seeing, Told extends Toned>(
  rule: Runnable<Seen, Told>,
  view: Seen,
  settings: Settings,
  severity: Severity | null,
): readonly Reported<Told>[] {
  const limit = view.options.findingsPerRule;
  const states: unknown[] = [];
  let more = 0;
  for (const state of rule.find(view, settings)) {
    if (states.length < limit) states.push(state);
    else more++;
  }
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
  return told;
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
