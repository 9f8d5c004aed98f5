import { counted } from "../words.ts";
import type { AnalysisReport, Consequence, Finding, SuppressedFinding } from "./types.ts";

export type Plan = "free" | "pro";

/** How many issues the free plan shows, in report order. */
export const FREE_ISSUES = 3;

export interface GateOptions {
  /** Where an upgrade is bought; http(s). */
  readonly checkoutUrl: string;
}

export interface Upgrade {
  readonly message: string;
  readonly checkoutUrl: string;
}

/** A report as one plan may read it. The last three keys stand only on gated (free) reports. */
export interface GatedReport extends AnalysisReport {
  readonly hiddenIssues?: number;
  readonly hiddenNotes?: number;
  readonly upgrade?: Upgrade;
}

/**
 * The one place that decides what a plan may read; it runs before every representation of a report.
 *
 * Pro reads everything, unchanged. Anything else reads the first three issues without their machine-applicable
 * suggestions, and complete figures (score, grade, summary, category scores, statistics). The free report is built key
 * by key, so what a later report adds stays hidden until it is named here. Suppressed findings are hidden too: or else
 * suppressing a finding would be a way to read it.
 */
export function gate(report: AnalysisReport, plan: Plan, options: GateOptions): GatedReport {
  if (plan === "pro") return report;
  const shown = report.issues.slice(0, FREE_ISSUES);
  const hiddenIssues = report.issues.length - shown.length;
  return {
    ...showing(report, shown),
    hiddenIssues,
    hiddenNotes: report.notes.length,
    upgrade: {
      message: upgradeMessage("workflow", shown.length, hiddenIssues, report.notes.length),
      checkoutUrl: options.checkoutUrl,
    },
  };
}

/** The same for a report as JSON text: what a plan reads unchanged is not taken apart. */
export function gateJson(report: string, plan: Plan, options: GateOptions): string {
  return plan === "pro" ? report : JSON.stringify(gate(JSON.parse(report) as AnalysisReport, plan, options));
}

/** The report with these of its issues and complete figures, and nothing else of what it found. */
export function showing(report: AnalysisReport, shown: readonly Finding[]): AnalysisReport {
  const hidden = hiddenBehind(report, shown);
  const shownFingerprints = new Set(shown.map((finding) => finding.fingerprint));
  return {
    schemaVersion: report.schemaVersion,
    engineVersion: report.engineVersion,
    workflow: report.workflow,
    score: report.score,
    grade: report.grade,
    summary: report.summary,
    issues: shown.map((finding) => gateFinding(finding, hidden)),
    notes: [],
    suppressed: [],
    notChecked: report.notChecked.filter((entry) => !hidden.rules.has(entry.rule)),
    categories: report.categories,
    fixOrder: report.fixOrder.filter((fingerprint) => shownFingerprints.has(fingerprint)),
    stats: report.stats,
  };
}

export interface Hidden {
  /** Codes and ids of rules that only hidden findings carry. */
  readonly rules: ReadonlySet<string>;
  /** Step ids of hidden findings, by code. */
  readonly stepsByCode: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What a report found beside the issues that are shown. */
export function hiddenBehind(
  report: {
    readonly issues: readonly Finding[];
    readonly notes: readonly Finding[];
    readonly suppressed: readonly SuppressedFinding[];
  },
  shown: readonly Finding[],
): Hidden {
  const inSight = new Set(shown);
  const concealed = [
    ...report.issues.filter((finding) => !inSight.has(finding)),
    ...report.notes,
    ...report.suppressed.map((entry) => entry.finding),
  ];
  const rules = new Set<string>();
  const stepsByCode = new Map<string, Set<string>>();
  for (const finding of concealed) {
    rules.add(finding.code).add(finding.rule);
    const steps = stepsByCode.get(finding.code) ?? new Set<string>();
    for (const step of finding.steps) steps.add(step.id);
    stepsByCode.set(finding.code, steps);
  }
  for (const finding of shown) {
    rules.delete(finding.code);
    rules.delete(finding.rule);
  }
  return { rules, stepsByCode };
}

/** The finding without its suggestion, and without consequences that repeat a hidden finding. */
export function gateFinding<Found extends Finding>(finding: Found, hidden: Hidden): Omit<Found, "suggestion"> {
  const { suggestion: _paid, ...rest } = finding;
  return { ...rest, consequences: finding.consequences.flatMap((consequence) => gateConsequence(consequence, hidden)) };
}

function gateConsequence(consequence: Consequence, hidden: Hidden): Consequence[] {
  if (hidden.rules.has(consequence.code)) return [];
  const hiddenSteps = hidden.stepsByCode.get(consequence.code);
  if (hiddenSteps === undefined) return [consequence];
  const steps = consequence.steps.filter((step) => !hiddenSteps.has(step));
  return steps.length === 0 ? [] : [{ ...consequence, steps }];
}

export function upgradeMessage(subject: string, shown: number, hiddenIssues: number, hiddenNotes: number): string {
  const offer = "Upgrade to Pro for every finding, the notes and ready-made fixes.";
  const parts = [
    ...(hiddenIssues > 0 ? [counted(hiddenIssues, "more issue")] : []),
    ...(hiddenNotes > 0 ? [counted(hiddenNotes, "note")] : []),
  ];
  if (parts.length === 0) return `You see every finding of this ${subject}. ${offer}`;
  const stay = hiddenIssues + hiddenNotes === 1 ? "stays" : "stay";
  return `You see ${counted(shown, "issue")}; ${parts.join(" and ")} ${stay} hidden on the free plan. ${offer}`;
}
