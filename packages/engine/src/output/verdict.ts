import type { Grade, Severity } from "../report/types.ts";
import { markIcon } from "./icons.ts";

/** From worst to least. */
export const severities: readonly Severity[] = ["critical", "high", "medium", "low", "info"];

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

const gradeClass: Readonly<Record<Grade, string>> = {
  Excellent: "is-good",
  Good: "is-good",
  "Needs Attention": "is-medium",
  "High Risk": "is-high",
  Critical: "is-critical",
};

/** What a verdict reads; a report and either side of a comparison have it. */
export interface Verdict {
  readonly score: number;
  readonly grade: Grade;
  readonly summary: Readonly<Record<Severity, number>>;
}

/**
 * Score, grade, its meaning in a sentence, and how many findings of each severity there are.
 *
 * @param heading markup that stands above the grade.
 * @param meaning what each grade means, in a sentence; default: of one workflow.
 */
export function verdict(report: Verdict, heading: string, meaning = gradeSentence): string {
  const { score, grade, summary } = report;
  const counts = severities
    .filter((severity) => summary[severity] > 0)
    .map((severity) => {
      const name = severity === "info" && summary.info !== 1 ? "Notes" : severityName[severity];
      return `<li>${markIcon(severity, "")}<b>${summary[severity]}</b> ${name}</li>`;
    });
  const list = counts.length === 0 ? "<li>No findings</li>" : counts.join("");
  return `<div class="verdict ${gradeClass[grade]}">${dial(score)}<div class="verdict-words">${heading}<p class="grade">${grade}</p><p class="meaning">${meaning[grade]}</p><ul class="counts">${list}</ul></div></div>`;
}

const RADIUS = 62;
/** The dial is open at the bottom: three quarters of a circle. */
const ARC = 1.5 * Math.PI * RADIUS;

function dial(score: number): string {
  const arc = (name: string, part: number) =>
    `<circle class="${name}" cx="75" cy="75" r="${RADIUS}" stroke-dasharray="${(ARC * part).toFixed(1)} 999" transform="rotate(135 75 75)"/>`;
  const filled = score === 0 ? arc("filled", 0.001) : arc("filled", score / 100);
  return `<svg class="dial" viewBox="0 0 150 142" role="img" aria-label="Score: ${score} of 100">${arc("track", 1)}${filled}<text class="figure" x="75" y="91">${score}</text><text class="of" x="75" y="117">of 100</text></svg>`;
}
