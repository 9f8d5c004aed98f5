import { styleText } from "node:util";
import { withHopsAsPath } from "../output/hops-in-words.ts";
import { writable } from "../output/markup.ts";
import type { AnalysisReport, Finding, LocationReport, PathHop, ReportDiff, Severity } from "../report.ts";
import { afterTime, counted } from "../words.ts";

export interface TextOptions {
  readonly file: string;
  /** Against the baseline, or null when none was given. */
  readonly change: ReportDiff | null;
  readonly colour: boolean;
}

type Paint = (style: Parameters<typeof styleText>[0], text: string) => string;

const severityStyle: Readonly<Record<Severity, Parameters<typeof styleText>[0]>> = {
  critical: ["bold", "red"],
  high: "red",
  medium: "yellow",
  low: "cyan",
  info: "gray",
};

/** The report for a person at a terminal. */
export function renderText(report: AnalysisReport, { file, change, colour }: TextOptions): string {
  const paint: Paint = (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text);
  const { workflow, score, grade, stats } = report;
  const shown = change === null ? report.issues : change.new;
  return [
    `${paint("bold", writable(workflow.name))}  ${paint("gray", file)}`,
    `${paint("bold", `${score} of 100, ${grade}`)}  ${counted(report.issues.length, "issue")}, ${counted(stats.steps, "step")} (${stats.stepsUnderstood} understood), ${counted(stats.sends, "message step")}`,
    ...(change === null ? [] : [baselineLine(change)]),
    "",
    ...shown.flatMap((finding, index) => [...findingLines(finding, index + 1, paint), ""]),
    ...tail(report, change, paint),
  ].join("\n");
}

/** A location for a person at a terminal: what lies between the workflows in full, then a line for each of them. */
export function renderLocationText(report: LocationReport, colour: boolean): string {
  const paint: Paint = (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text);
  const { score, grade, issues, notes, stats, workflows, notChecked } = report;
  const rows = workflows.flatMap((entry) =>
    entry.status === "analysed"
      ? [
          `${String(entry.report.score).padStart(3)}  ${writable(entry.report.workflow.name)}  ${paint("gray", counted(entry.report.issues.length, "issue"))}`,
        ]
      : [],
  );
  return [
    `${paint("bold", "All workflows together")}  ${paint("bold", `${score} of 100, ${grade}`)}`,
    `${counted(stats.workflows, "workflow")}, ${counted(stats.ties, "tie")} between them, ${counted(stats.cycles, "circle")}; ${counted(issues.length, "issue")} between them`,
    "",
    ...issues.flatMap((finding, index) => [...findingLines(withHopsAsPath(finding), index + 1, paint), ""]),
    ...notes.map((note) => `Note: ${writable(note.message)} ${paint("gray", note.code)}`),
    ...(notes.length === 0 ? [] : [""]),
    ...rows,
    ...(notChecked.length === 0
      ? []
      : [
          paint(
            "gray",
            `${counted(notChecked.length, "rule")} between workflows not fully checked; --format json says why.`,
          ),
        ]),
    "",
  ].join("\n");
}

function baselineLine(change: ReportDiff): string {
  return `Against the baseline: ${change.new.length} new, ${change.fixed.length} fixed, ${change.unchanged.length} unchanged`;
}

function findingLines(finding: Finding, number: number, paint: Paint): readonly string[] {
  const sure = finding.confidence === "certain" ? "" : paint("gray", ` (${finding.confidence})`);
  return [
    `${number}. ${paint(severityStyle[finding.severity], finding.severity.toUpperCase())} ${paint("bold", writable(finding.title))} ${paint("gray", finding.code)}${sure}`,
    `   ${writable(finding.message)}`,
    `   Costs: ${writable(finding.impact)}`,
    `   Do:    ${writable(finding.fix)}`,
    ...wayLines(finding.path),
  ];
}

function wayLines(path: readonly PathHop[]): readonly string[] {
  if (path.length === 0) return [];
  const hops = path.map((hop) =>
    "skipped" in hop
      ? `… ${counted(hop.skipped, "step")} …`
      : `${writable(hop.via)} (${afterTime(hop.elapsedSeconds)})`,
  );
  return [`   Way:   ${hops.join(" → ")}`];
}

function tail(report: AnalysisReport, change: ReportDiff | null, paint: Paint): readonly string[] {
  const notes =
    change === null ? report.notes.map((note) => `Note: ${writable(note.message)} ${paint("gray", note.code)}`) : [];
  const accepted = report.suppressed.length === 0 ? [] : [`${counted(report.suppressed.length, "finding")} accepted.`];
  const unchecked =
    report.notChecked.length === 0
      ? []
      : [paint("gray", `${counted(report.notChecked.length, "rule")} not checked; --format json says why.`)];
  return [...notes, ...accepted, ...unchecked, ""];
}
