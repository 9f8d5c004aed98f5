import type { Grade, Severity } from "../report/types.ts";

export const severityName: Readonly<Record<Severity, string>> = {
  critical: "Critical",
  high: "High",
  medium: "Medium",
  low: "Low",
  info: "Note",
};

const gradeSentence: Readonly<Record<Grade, string>> = {
  Excellent: "This workflow is in very good shape.",
  Good: "This workflow works; a few things deserve a look.",
  "Needs Attention": "Some contacts get the wrong thing, or nothing. Repair the first items soon.",
  "High Risk": "A real share of contacts is hit. Repair the first items before more people enter.",
  Critical: "Stop enrolling people until the first items are repaired.",
};

/** What a verdict reads; a report and either side of a comparison have it. */
export interface Verdict {
  readonly score: number;
  readonly grade: Grade;
  readonly summary: Readonly<Record<Severity, number>>;
}

/** Score, grade, its meaning in a sentence, and how many findings of each severity there are. */
export function verdict(report: Verdict, label = "Verdict"): string {
  const grade = report.grade === "Critical" ? "critical-grade" : report.grade.toLowerCase().replaceAll(" ", "-");
  const length = 2 * Math.PI * 56;
  const filled = (length * report.score) / 100;
  const counts = (Object.keys(severityName) as Severity[])
    .filter((severity) => report.summary[severity] > 0)
    .map(
      (severity) =>
        `<li class="${severity}"><b>${report.summary[severity]}</b>${severityName[severity].toLowerCase()}</li>`,
    );
  return `<section class="verdict ${grade}" aria-label="${label}"><svg class="gauge" viewBox="0 0 132 132" role="img" aria-label="Score ${report.score} of 100"><circle class="track" cx="66" cy="66" r="56"/><circle class="arc" cx="66" cy="66" r="56" stroke-dasharray="${filled.toFixed(1)} ${length.toFixed(1)}" transform="rotate(-90 66 66)"/><text class="figure" x="66" y="74" text-anchor="middle">${report.score}</text><text class="of" x="66" y="92" text-anchor="middle">of 100</text></svg><div><p class="grade">${report.grade}</p><p>${gradeSentence[report.grade]}</p><ul class="counts">${counts.join("")}</ul></div></section>`;
}
