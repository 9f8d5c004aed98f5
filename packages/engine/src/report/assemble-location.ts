/** From the workflows' reports and the faults between them to the report on the location. */
import { locationMap } from "../location/location-map.ts";
import type { LocationView, Member } from "../location/location-view.ts";
import { locationReferences } from "../location/uses.ts";
import { Trait } from "../model/traits.ts";
import { ENGINE_VERSION } from "../parse.ts";
import type { LocationTelling } from "../rules/location-rule.ts";
import { rootCauses } from "../rules/precedence.ts";
import type { Reported, RunOutcome } from "../rules/runner.ts";
import { ruleError } from "./assemble.ts";
import { boundedFigures, boundedWords } from "./bounded.ts";
import { createFingerprints, type Fingerprints } from "./fingerprint.ts";
import type { LocationEntry, LocationFinding, LocationReport } from "./location-types.ts";
import { inReportOrder } from "./order.ts";
import { gradeOf, penaltiesOf, penaltyOf } from "./score.ts";
import { applySuppressions, unusedSuppressions } from "./suppressions.ts";
import type { AnalysisReport, Consequence, Finding, Severity } from "./types.ts";

const MOST_TO_FIX = 100;
const MOST_PLACES = 50;

/**
 * `entries` in order of their ids; the analysed ones stand for the members of the location, in the same order. `taken`: findings of
 * single workflows that follow from one between them.
 */
export function assembleLocation(
  location: LocationView,
  entries: readonly LocationEntry[],
  outcome: RunOutcome<LocationTelling>,
  taken: ReadonlyMap<LocationTelling, readonly Consequence[]>,
): LocationReport {
  const reports = entries.flatMap((entry) => (entry.status === "analysed" ? [entry.report] : []));
  const fingerprints = createFingerprints();
  const inOrder = outcome.reported.toSorted((a, b) => inReportOrder(ranked(a), ranked(b)));
  const causes = rootCauses(inOrder.map(placesOf));
  const found = inOrder.flatMap((reported, at) => {
    if (causes[at] !== -1) return [];
    const follows = inOrder.filter((_, other) => causes[other] === at).map(asConsequence);
    return [finish(reported, [...follows, ...(taken.get(reported.telling) ?? [])], fingerprints)];
  });
  const { suppressions, now } = location.options;
  const { kept, suppressed } = applySuppressions(found, suppressions, now, workflowsOf);
  const issues = kept.filter(({ severity }) => severity !== "info");
  const info = kept.filter(({ severity }) => severity === "info");
  const ofWorkflows = reports.flatMap((report) =>
    report.suppressed.map(({ finding }) => ({ finding, workflows: [report.workflow.id] })),
  );
  const between = suppressed.map(({ finding }) => ({ finding, workflows: workflowsOf(finding) }));
  const remarks = [
    ...outcome.errors.map(ruleError),
    ...unusedSuppressions([...ofWorkflows, ...between], suppressions, now),
  ];
  const notes = [...info, ...remarks.map(withoutPlaces)];
  const score = Math.max(0, Math.round(meanScore(reports) - penaltiesOf(issues)));
  const map = locationMap(location, reports, issues);
  const count = (severity: Severity) =>
    issues.filter((finding) => finding.severity === severity).length + sum(reports, ({ summary }) => summary[severity]);
  return {
    schemaVersion: 1,
    engineVersion: ENGINE_VERSION,
    score,
    grade: gradeOf(score),
    summary: {
      critical: count("critical"),
      high: count("high"),
      medium: count("medium"),
      low: count("low"),
      info: notes.length + sum(reports, ({ summary }) => summary.info),
      suppressed: suppressed.length + ofWorkflows.length,
      notChecked: outcome.notChecked.length + sum(reports, ({ summary }) => summary.notChecked),
    },
    workflows: entries,
    issues,
    notes,
    suppressed,
    notChecked: outcome.notChecked,
    categories: categoryScores(reports, issues, outcome),
    fixOrder: fixOrder(entries, issues),
    map,
    references: location.derive(locationReferences),
    stats: {
      workflows: entries.length,
      failed: entries.length - reports.length,
      published: location.members.filter(({ inUse }) => inUse).length,
      steps: sum(reports, ({ stats }) => stats.steps),
      stepsUnderstood: sum(reports, ({ stats }) => stats.stepsUnderstood),
      triggers: sum(reports, ({ stats }) => stats.triggers),
      sends: sum(reports, ({ stats }) => stats.sends),
      ties: map.ties.length + map.tiesLeftOut,
      cycles: map.cycles.length,
    },
  };
}

function workflowsOf({ workflows }: LocationFinding): readonly string[] {
  return workflows.map(({ id }) => id);
}

function sum<Item>(items: readonly Item[], figure: (item: Item) => number): number {
  let total = 0;
  for (const item of items) total += figure(item);
  return total;
}

function ranked({ severity, confidence, meta: { code } }: Reported<LocationTelling>) {
  return { severity, confidence, code };
}

function placesOf({ meta: { code }, telling }: Reported<LocationTelling>) {
  const places = telling.places.map(({ member, place }) => `${member.key}/${place.id}`);
  return { code, places, causedAt: telling.causedAt ?? places };
}

function asConsequence({ meta: { code }, telling }: Reported<LocationTelling>): Consequence {
  return { code, steps: telling.places.slice(0, MOST_PLACES).map(({ place }) => place.id) };
}

function finish(
  { meta, telling, severity, confidence, more }: Reported<LocationTelling>,
  consequences: readonly Consequence[],
  fingerprints: Fingerprints,
): LocationFinding {
  const places = telling.places.slice(0, MOST_PLACES);
  const ids = telling.hangsOn ?? places.map(({ member, place }) => `${member.key}/${place.id}`);
  const published = telling.members.every(({ inUse }) => inUse);
  return {
    fingerprint: fingerprints.of(meta.code, ids),
    code: meta.code,
    rule: meta.id,
    category: meta.category,
    severity,
    confidence,
    title: meta.title,
    message: boundedWords(telling.message),
    impact: boundedWords(published ? telling.impact : `Would happen when published: ${telling.impact}`),
    fix: boundedWords(telling.fix),
    blastRadius: radiusOf(telling.members),
    steps: places.map(({ member, place: { id, name, type } }) => ({ workflowId: member.key, id, name, type })),
    path: [],
    evidence: boundedFigures(more === 0 ? telling.evidence : { ...telling.evidence, more }),
    consequences,
    docs: `/api/rules/${meta.code}`,
    workflows: telling.members.slice(0, MOST_PLACES).map(({ key, view }) => ({ id: key, name: view.workflow.name })),
    hops: telling.hops.slice(0, MOST_PLACES),
  };
}

/** Everything in the workflows that the fault concerns. */
function radiusOf(members: readonly Member[]): Finding["blastRadius"] {
  return {
    sends: sum(members, ({ view }) => view.stepsWith(Trait.send).length),
    steps: sum(members, ({ view }) => view.workflow.steps.length),
  };
}

function withoutPlaces(finding: Finding): LocationFinding {
  return { ...finding, steps: [], workflows: [], hops: [] };
}

/** Of the workflows that run; of all where none does. */
function meanScore(reports: readonly AnalysisReport[]): number {
  const running = reports.filter(({ workflow }) => workflow.status !== "draft");
  const counted = running.length > 0 ? running : reports;
  return counted.length === 0 ? 100 : sum(counted, ({ score }) => score) / counted.length;
}

/** The same per group: the mean of the workflows in which it was assessed, less what stands between them. */
function categoryScores(
  reports: readonly AnalysisReport[],
  issues: readonly LocationFinding[],
  outcome: RunOutcome<LocationTelling>,
): LocationReport["categories"] {
  const scores = new Map<string, number[]>();
  const assess = (name: string) => {
    const list = scores.get(name) ?? [];
    scores.set(name, list);
    return list;
  };
  const unassessed = new Set(outcome.unchecked.map(({ category }): string => category));
  for (const { category } of outcome.checked) assess(category);
  for (const { categories } of reports)
    for (const [name, { score, assessed }] of Object.entries(categories))
      if (assessed) assess(name).push(score);
      else unassessed.add(name);
  const result: Record<string, { score: number; assessed: boolean }> = {};
  for (const name of [...new Set([...scores.keys(), ...unassessed])].sort()) {
    const list = scores.get(name);
    if (list === undefined) result[name] = { score: 0, assessed: false };
    else {
      const mean = list.length === 0 ? 100 : sum(list, (score) => score) / list.length;
      const between = penaltiesOf(issues.filter(({ category }) => category === name));
      result[name] = { score: Math.max(0, Math.round(mean - between)), assessed: true };
    }
  }
  return result;
}

/** Severity times what stands behind the fault, over all reports; what lies between workflows comes first where the weights are equal. */
function fixOrder(entries: readonly LocationEntry[], issues: readonly LocationFinding[]): LocationReport["fixOrder"] {
  const weighed = (workflowId: string | null, finding: Finding) => {
    const { sends, steps } = finding.blastRadius;
    return { workflowId, fingerprint: finding.fingerprint, weight: penaltyOf(finding) * (1 + steps + 2 * sends) };
  };
  return [
    ...issues.map((finding) => weighed(null, finding)),
    ...entries.flatMap((entry) =>
      entry.status === "analysed" ? entry.report.issues.map((finding) => weighed(entry.id, finding)) : [],
    ),
  ]
    .sort((a, b) => b.weight - a.weight)
    .slice(0, MOST_TO_FIX)
    .map(({ workflowId, fingerprint }) => ({ workflowId, fingerprint }));
}
