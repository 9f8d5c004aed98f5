import type { Finding, PathHop } from "../report/types.ts";
import { afterTime, counted } from "../words.ts";
import { escapeMarkup } from "./markup.ts";
import { severityName } from "./verdict.ts";

/** Findings as cards that open one at a time; numbered from `first`, so that links and traces can name them. */
export function findingCards(issues: readonly Finding[], first: number): string {
  if (issues.length === 0) return `<p>Nothing found.</p>`;
  return issues.map((issue, index) => card(issue, first + index)).join("\n");
}

function card(issue: Finding, number: number): string {
  const parts: readonly (readonly [string, string])[] = [
    ["What is wrong", escapeMarkup(issue.message)],
    ["What it costs", escapeMarkup(issue.impact)],
    ["What to do", `<span id="fix-${number}">${escapeMarkup(issue.fix)}</span>`],
    ["The way there", way(issue.path)],
    ["Where", escapeMarkup(issue.steps.map(({ name, type }) => `${name} (${type})`).join(", "))],
    [
      "What follows from it",
      escapeMarkup(
        issue.consequences.map(({ code, steps }) => `${code} (${counted(steps.length, "step")})`).join(", "),
      ),
    ],
    ["How sure", issue.confidence === "certain" ? "" : `${issue.confidence}, not certain`],
  ];
  const rows = parts.filter(([, text]) => text !== "").map(([term, text]) => `<dt>${term}</dt><dd>${text}</dd>`);
  return `<details class="finding ${issue.severity}" name="finding" id="finding-${number}"><summary><span class="tag ${issue.severity}">${severityName[issue.severity]}</span>${escapeMarkup(issue.title)} <span class="code">${escapeMarkup(issue.code)}</span></summary><div class="inside"><dl>${rows.join("")}</dl></div></details>`;
}

function way(path: readonly PathHop[]): string {
  if (path.length === 0) return "";
  const hops = path.map((hop) =>
    "skipped" in hop
      ? `<li class="muted">${counted(hop.skipped, "step")} left out</li>`
      : `<li>${escapeMarkup(hop.via)} <span class="elapsed">${afterTime(hop.elapsedSeconds)}</span></li>`,
  );
  return `<ol class="way">${hops.join("")}</ol>`;
}
