import { cyclesOf } from "./cycles.ts";
import {
  FREE_ISSUES,
  type GateOptions,
  gateFinding,
  hiddenBehind,
  type Plan,
  showing,
  type Upgrade,
  upgradeMessage,
} from "./gate.ts";
import type { LocationEntry, LocationReport } from "./location-types.ts";
import { inReportOrder } from "./order.ts";
import type { Finding } from "./types.ts";

/** The report on a location as one plan may read it. The last three keys stand only on gated (free) reports. */
export interface GatedLocationReport extends LocationReport {
  readonly hiddenIssues?: number;
  readonly hiddenNotes?: number;
  readonly upgrade?: Upgrade;
}

/**
 * `gate` for a whole location: the free plan reads three issues of it all, those between workflows and those within them in one
 * order, and complete figures. Built key by key. Ties and references are hidden: they would tell what the hidden findings say.
 */
export function gateLocation(report: LocationReport, plan: Plan, options: GateOptions): GatedLocationReport {
  if (plan === "pro") return report;
  const shown = firstIssues(report);
  const between = report.issues.filter((finding) => shown.has(finding));
  const hidden = hiddenBehind(report, between);
  const workflows = report.workflows.map((entry) => gateEntry(entry, shown));
  const reports = report.workflows.flatMap((entry) => (entry.status === "analysed" ? [entry.report] : []));
  const hiddenIssues = reports.reduce((sum, { issues }) => sum + issues.length, report.issues.length) - shown.size;
  const hiddenNotes = reports.reduce((sum, { notes }) => sum + notes.length, report.notes.length);
  return {
    schemaVersion: report.schemaVersion,
    engineVersion: report.engineVersion,
    score: report.score,
    grade: report.grade,
    summary: report.summary,
    workflows,
    issues: between.map((finding) => gateFinding(finding, hidden)),
    notes: [],
    suppressed: [],
    notChecked: report.notChecked.filter(({ rule }) => !hidden.rules.has(rule)),
    categories: report.categories,
    fixOrder: fixOrderOf(report, between, workflows),
    map: {
      workflows: report.map.workflows,
      ties: [],
      tiesLeftOut: report.map.ties.length + report.map.tiesLeftOut,
      cycles: cyclesOf(between),
    },
    references: [],
    stats: report.stats,
    hiddenIssues,
    hiddenNotes,
    upgrade: {
      message: upgradeMessage("location", shown.size, hiddenIssues, hiddenNotes),
      checkoutUrl: options.checkoutUrl,
    },
  };
}

/** In report order; of equal ones those between workflows first, then by workflow. */
function firstIssues(report: LocationReport): ReadonlySet<Finding> {
  const all: Finding[] = [...report.issues];
  for (const entry of report.workflows)
    if (entry.status === "analysed") all.push(...entry.report.issues.slice(0, FREE_ISSUES));
  return new Set(all.sort(inReportOrder).slice(0, FREE_ISSUES));
}

/** The shown issues in the report's order; those that it does not name, since it names the first hundred, behind them. */
function fixOrderOf(
  report: LocationReport,
  between: readonly Finding[],
  workflows: readonly LocationEntry[],
): LocationReport["fixOrder"] {
  const shown = [
    ...between.map(({ fingerprint }) => ({ workflowId: null, fingerprint })),
    ...workflows.flatMap((entry) =>
      entry.status === "analysed"
        ? entry.report.issues.map(({ fingerprint }) => ({ workflowId: entry.id, fingerprint }))
        : [],
    ),
  ];
  const keyOf = (one: LocationReport["fixOrder"][number]) => `${one.workflowId ?? ""}\n${one.fingerprint}`;
  const place = new Map(report.fixOrder.map((one, at) => [keyOf(one), at]));
  const placeOf = (one: LocationReport["fixOrder"][number]) => place.get(keyOf(one)) ?? place.size;
  return shown.sort((a, b) => placeOf(a) - placeOf(b));
}

function gateEntry(entry: LocationEntry, shown: ReadonlySet<Finding>): LocationEntry {
  if (entry.status === "failed") return entry;
  const { index, status, id, report } = entry;
  return {
    index,
    status,
    id,
    report: showing(
      report,
      report.issues.filter((finding) => shown.has(finding)),
    ),
  };
}
