/** From faults in words to the report: root causes, order, fingerprints, paths, suppressions, score. */
import { blastRadii } from "../graph/blast-radius.ts";
import { components } from "../graph/components.ts";
import { longestPathSeconds } from "../graph/longest-path.ts";
import { Trait } from "../model/traits.ts";
import { ENGINE_VERSION } from "../parse.ts";
import { rootCauses } from "../rules/precedence.ts";
import type { RuleMeta } from "../rules/rule.ts";
import { faultStep, type Reported, type RunOutcome } from "../rules/runner.ts";
import type { View } from "../view.ts";
import { boundedFigures, boundedSuggestion, boundedWords } from "./bounded.ts";
import { createFingerprints, type Fingerprints } from "./fingerprint.ts";
import { inReportOrder } from "./order.ts";
import { gradeOf, penaltyOf, scoreOf } from "./score.ts";
import { applySuppressions } from "./suppressions.ts";
import type { AnalysisReport, Category, Consequence, Finding, Severity } from "./types.ts";
import { witness } from "./witness.ts";

/** Ids of steps that a consequence names; the rest is in its own rule's page. */
const MOST_CONSEQUENCE_STEPS = 50;

/** A finding of the whole location that may be the cause of findings of one of its workflows. */
export interface Claim {
  readonly code: string;
  /** Ids in this workflow that it names. */
  readonly places: readonly string[];
}

export function assembleReport(view: View, outcome: RunOutcome): AnalysisReport {
  return assemble(view, outcome, [], false).report;
}

/**
 * The report of one workflow of a location. `taken`: for each claim the findings that follow from it and stand under it, not here. The
 * location itself says which suppressions hide nothing.
 */
export function assembleAmong(
  view: View,
  outcome: RunOutcome,
  claims: readonly Claim[],
): { readonly report: AnalysisReport; readonly taken: readonly (readonly Consequence[])[] } {
  return assemble(view, outcome, claims, true);
}

function assemble(view: View, outcome: RunOutcome, claims: readonly Claim[], amongOthers: boolean) {
  const { workflow } = view;
  const { findings: all, taken } = withConsequences(view, outcome.reported, claims);
  const { suppressions, now } = view.options;
  // What is accepted in another workflow is none of this one's business.
  const own = suppressions.filter((one) => one.workflow === undefined || one.workflow === workflow.id);
  const { kept, suppressed, notes } = applySuppressions(all, own, now, () => [workflow.id]);
  const issues = kept.filter((finding) => finding.severity !== "info");
  const info = kept.filter((finding) => finding.severity === "info");
  const score = scoreOf(issues);
  const counts: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  for (const { severity } of issues) counts[severity]++;
  const remarks = [...info, ...outcome.errors.map(ruleError), ...(amongOthers ? [] : notes)];
  const report: AnalysisReport = {
    schemaVersion: 1,
    engineVersion: ENGINE_VERSION,
    workflow: { id: workflow.id, name: workflow.name, status: workflow.status, format: workflow.format },
    score,
    grade: gradeOf(score),
    summary: {
      ...counts,
      info: remarks.length,
      suppressed: suppressed.length,
      notChecked: outcome.notChecked.length,
    },
    issues,
    notes: remarks,
    suppressed,
    notChecked: outcome.notChecked,
    categories: categoryScores(issues, outcome),
    fixOrder: fixOrder(issues),
    stats: {
      steps: workflow.steps.length,
      stepsUnderstood: countSteps(view, Trait.known),
      triggers: workflow.triggers?.length ?? 0,
      branches: workflow.steps.reduce((sum, step) => sum + step.branches.length, 0),
      loops: view.derive(components).cyclicCount,
      longestPathSeconds: view.derive(longestPathSeconds),
      sends: countSteps(view, Trait.send),
    },
  };
  return { report, taken };
}

function countSteps(view: View, trait: number): number {
  let count = 0;
  for (const step of view.workflow.steps) if ((step.traits & trait) !== 0) count++;
  return count;
}

/** Findings in report order, then in that of the document; those that follow from another one set under it. */
function withConsequences(
  view: View,
  reported: readonly Reported[],
  claims: readonly Claim[],
): { readonly findings: readonly Finding[]; readonly taken: readonly (readonly Consequence[])[] } {
  const sorted = reported
    .map((found) => ({ found, ...ranked(found), order: faultStep(found.telling)?.index ?? -1 }))
    .sort((a, b) => inReportOrder(a, b) || a.order - b.order)
    .map(({ found }) => found);
  const causes = rootCauses([
    ...sorted.map(({ meta, telling }) => {
      const places = telling.steps.map((place) => place.id);
      return { code: meta.code, places, causedAt: telling.causedAt ?? places };
    }),
    ...claims.map(({ code, places }) => ({ code, places, causedAt: places })),
  ]);
  const consequences = new Map<number, Consequence[]>();
  sorted.forEach(({ meta, telling }, at) => {
    const cause = causes[at] as number;
    if (cause === -1) return;
    const steps = telling.steps.slice(0, MOST_CONSEQUENCE_STEPS).map((place) => place.id);
    const list = consequences.get(cause);
    if (list === undefined) consequences.set(cause, [{ code: meta.code, steps }]);
    else list.push({ code: meta.code, steps });
  });
  const roots = sorted.map((found, at) => ({ found, at })).filter(({ at }) => causes[at] === -1);
  const radii = radiiOf(
    view,
    roots.map(({ found }) => found),
  );
  const fingerprints = createFingerprints();
  return {
    findings: roots.map(({ found, at }, order) =>
      finish(view, found, radii[order] ?? NO_RADIUS, consequences.get(at) ?? [], fingerprints),
    ),
    taken: claims.map((_, at) => consequences.get(sorted.length + at) ?? []),
  };
}

function ranked({ severity, confidence, meta: { code } }: Reported) {
  return { severity, confidence, code };
}

const NO_RADIUS = { sends: 0, steps: 0 };

function radiiOf(view: View, found: readonly Reported[]): readonly (typeof NO_RADIUS)[] {
  const faults = found.map(({ telling }) => faultStep(telling)?.index ?? -1);
  const placed = faults.filter((fault) => fault !== -1);
  const radii = placed.length === 0 ? [] : blastRadii(view, placed);
  let at = 0;
  return faults.map((fault) => (fault === -1 ? NO_RADIUS : (radii[at++] ?? NO_RADIUS)));
}

function finish(
  view: View,
  { meta, telling, severity, confidence, suggestion, more }: Reported,
  blastRadius: Finding["blastRadius"],
  consequences: readonly Consequence[],
  fingerprints: Fingerprints,
): Finding {
  const fault = faultStep(telling);
  const draft = view.workflow.status === "draft";
  const patch = boundedSuggestion(suggestion);
  return {
    fingerprint: fingerprints.of(meta.code, telling.hangsOn ?? telling.steps.map((place) => place.id)),
    code: meta.code,
    rule: meta.id,
    category: meta.category,
    severity,
    confidence,
    title: meta.title,
    message: boundedWords(telling.message),
    impact: boundedWords(draft ? `Would happen when published: ${telling.impact}` : telling.impact),
    fix: boundedWords(telling.fix),
    blastRadius,
    steps: telling.steps.map(({ id, name, type }) => ({ id, name, type })),
    path: fault === null ? [] : witness(view, fault),
    evidence: boundedFigures(more === 0 ? telling.evidence : { ...telling.evidence, more }),
    ...(patch === null ? {} : { suggestion: patch }),
    consequences,
    docs: `/api/rules/${meta.code}`,
  };
}

/** A rule that failed is said, not hidden; the rest of the report stands. */
export function ruleError({ meta, reason }: { readonly meta: RuleMeta; readonly reason: string }): Finding {
  return {
    fingerprint: `RULE-ERROR:${meta.code}`,
    code: "RULE-ERROR",
    rule: "rule-error",
    category: meta.category,
    severity: "info",
    confidence: "certain",
    title: "A check could not be completed",
    message: `The check ${meta.code} (${meta.title}) stopped with an error and was left out: ${reason}`,
    impact: "Faults that only this check looks for are not in this report.",
    fix: "Nothing in your workflow needs to change for this. Please report it with the workflow's structure.",
    blastRadius: NO_RADIUS,
    steps: [],
    path: [],
    evidence: { rule: meta.code, reason },
    consequences: [],
    docs: `/api/rules/${meta.code}`,
  };
}

/** The score formula per rule group. A group of which nothing could be checked is not assessed, and never scores. */
function categoryScores(issues: readonly Finding[], outcome: RunOutcome): AnalysisReport["categories"] {
  const found = Map.groupBy(issues, (finding) => finding.category);
  const assessed = new Map<Category, boolean>();
  for (const { category } of outcome.unchecked) assessed.set(category, false);
  for (const { category } of outcome.checked) assessed.set(category, true);
  const scores: Record<string, { score: number; assessed: boolean }> = {};
  for (const name of [...assessed.keys()].sort()) {
    const known = assessed.get(name) === true;
    scores[name] = { score: known ? scoreOf(found.get(name) ?? []) : 0, assessed: known };
  }
  return scores;
}

/** What to repair first: severity times what stands behind the fault; a send weighs as much as three other steps. */
function fixOrder(issues: readonly Finding[]): readonly string[] {
  return issues
    .map((finding, order) => {
      const { sends, steps } = finding.blastRadius;
      return { fingerprint: finding.fingerprint, weight: penaltyOf(finding) * (1 + steps + 2 * sends), order };
    })
    .sort((a, b) => b.weight - a.weight || a.order - b.order)
    .map(({ fingerprint }) => fingerprint);
}
