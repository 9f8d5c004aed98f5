import type { Layout } from "../drawing/types.ts";
import type { GatedReport } from "../report/gate.ts";
import type { Finding } from "../report/types.ts";
import { counted } from "../words.ts";
import { findingCards } from "./finding-cards.ts";
import { escapeMarkup } from "./markup.ts";
import { type Brand, htmlPage, upgradeBox } from "./page.ts";
import { drawing } from "./svg.ts";
import { verdict } from "./verdict.ts";

/**
 * The report as one page that needs nothing from outside and runs no script: choosing a finding opens it and, by style
 * alone, lights up its way on the drawing. Every text of the workflow is escaped.
 */
export function renderHtml(report: GatedReport, layout: Layout, brand: Brand = {}): string {
  return htmlPage({
    title: `${report.workflow.name}: ${report.score} of 100, ${report.grade}`,
    main: [
      `<h1>${escapeMarkup(report.workflow.name)}</h1>`,
      verdict(report),
      fixOrder(report),
      upgradeBox(report.upgrade),
      `<div class="work">${picture(report, layout)}<section aria-labelledby="issues"><h2 id="issues">${counted(report.issues.length, "issue")}</h2>${findingCards(report.issues, 1)}</section></div>`,
      notes(report),
      categories(report),
      suppressed(report),
      notChecked(report),
    ].join("\n"),
    footer: footer(report),
    brand,
    style: traceStyle(report.issues.length),
  });
}

function picture(report: GatedReport, layout: Layout): string {
  return `<section aria-labelledby="picture"><h2 id="picture">The workflow and its faults</h2>${legend(layout)}<div class="canvas" tabindex="0" role="region" aria-label="Drawing of the workflow, scrollable">${drawing(report, layout, { standalone: false, traces: true })}</div>${printBands(layout)}</section>`;
}

function footer({ stats, workflow, engineVersion }: GatedReport): string {
  return `<p>${counted(stats.steps, "step")}, of which ${stats.stepsUnderstood} understood; ${counted(stats.triggers, "trigger")}; ${counted(stats.sends, "message step")}. Status ${escapeMarkup(workflow.status)}. Engine ${escapeMarkup(engineVersion)}.</p>`;
}

/** An open finding shows its layer of the drawing. */
function traceStyle(issues: number): string {
  const shown = Array.from(
    { length: issues },
    (_, index) => `:root:has(#finding-${index + 1}[open]) #trace-${index + 1}`,
  );
  return shown.length === 0 ? "" : `@media screen{${shown.join(",")}{display:inline}}`;
}

function fixOrder(report: GatedReport): string {
  const numberOf = new Map(report.issues.map((issue, index) => [issue.fingerprint, index + 1]));
  const rows = report.fixOrder.slice(0, 5).flatMap((fingerprint) => {
    const number = numberOf.get(fingerprint);
    const issue = number === undefined ? undefined : report.issues[number - 1];
    if (issue === undefined) return [];
    return [
      `<li><a href="#fix-${number}">${escapeMarkup(issue.title)}</a> <span class="muted">${reach(issue)}</span><br>${escapeMarkup(issue.fix)}</li>`,
    ];
  });
  return rows.length === 0
    ? ""
    : `<section aria-labelledby="first"><h2 id="first">Repair these first</h2><ol>${rows.join("")}</ol></section>`;
}

function reach(issue: Finding): string {
  const { sends, steps } = issue.blastRadius;
  return `reaches ${counted(steps, "step")}${sends > 0 ? `, ${counted(sends, "message")}` : ""}`;
}

function legend(layout: Layout): string {
  const folded =
    layout.foldedSteps > 0 ? `<li>${counted(layout.foldedSteps, "step")} without a fault folded away</li>` : "";
  return `<ul class="legend"><li>C critical</li><li>H high</li><li>M medium</li><li>L low</li><li>Open an issue to see the way to it</li>${folded}</ul>`;
}

function notes(report: GatedReport): string {
  const hidden = report.hiddenNotes ?? 0;
  if (report.notes.length === 0 && hidden === 0) return "";
  const shown = report.notes.map((note) => `<li><b>${escapeMarkup(note.title)}</b> ${escapeMarkup(note.message)}</li>`);
  const rest = hidden > 0 ? `<p class="muted">${counted(hidden, "note")} hidden on this plan.</p>` : "";
  return `<section aria-labelledby="notes"><h2 id="notes">Notes</h2><ul>${shown.join("")}</ul>${rest}</section>`;
}

function categories(report: GatedReport): string {
  const rows = Object.entries(report.categories).map(([name, { score, assessed }]) => {
    const label = escapeMarkup(name.replaceAll("-", " "));
    const figure = assessed
      ? `<meter min="0" max="100" low="50" high="70" optimum="100" value="${score}" aria-label="${label}: ${score} of 100"></meter> ${score}`
      : `<span class="muted">not assessed</span>`;
    return `<tr><th scope="row">${label}</th><td>${figure}</td></tr>`;
  });
  return `<section aria-labelledby="categories"><h2 id="categories">By category</h2><table><thead><tr><th scope="col">Category</th><th scope="col">Score</th></tr></thead><tbody>${rows.join("")}</tbody></table></section>`;
}

function suppressed(report: GatedReport): string {
  if (report.suppressed.length === 0) return "";
  const rows = report.suppressed.map(
    ({ finding: accepted, reason, until }) =>
      `<tr><td>${escapeMarkup(accepted.title)} <span class="muted">${escapeMarkup(accepted.code)}</span></td><td>${escapeMarkup(reason)}</td><td>${until === undefined ? "until removed" : escapeMarkup(until)}</td></tr>`,
  );
  return `<section aria-labelledby="suppressed"><h2 id="suppressed">Accepted</h2><table><thead><tr><th scope="col">Finding</th><th scope="col">Why it is accepted</th><th scope="col">Until</th></tr></thead><tbody>${rows.join("")}</tbody></table></section>`;
}

function notChecked(report: GatedReport): string {
  if (report.notChecked.length === 0) return "";
  const byReason = new Map<string, string[]>();
  for (const { rule, reason } of report.notChecked) byReason.set(reason, [...(byReason.get(reason) ?? []), rule]);
  const rows = [...byReason].map(
    ([reason, rules]) => `<tr><td>${escapeMarkup(reason)}</td><td>${escapeMarkup(rules.join(", "))}</td></tr>`,
  );
  return `<section aria-labelledby="unchecked"><h2 id="unchecked">What was not checked</h2><p>Nothing is guessed: these checks need more than the workflow itself.</p><table><thead><tr><th scope="col">Why</th><th scope="col">Rules</th></tr></thead><tbody>${rows.join("")}</tbody></table></section>`;
}

/** On paper the drawing is cut between rows into pieces that fit a page; on screen it scrolls. */
function printBands(layout: Layout): string {
  const tallest = Math.max(400, layout.width * 1.25);
  const rows = new Map<number, number>();
  for (const { y, height } of layout.nodes) rows.set(y, Math.max(rows.get(y) ?? 0, y + height));
  const cuts = [0];
  for (const [top, bottom] of [...rows].sort(([a], [b]) => a - b)) {
    const start = cuts.at(-1) ?? 0;
    if (bottom - start > tallest && top - 24 > start) cuts.push(top - 24);
  }
  const bands = cuts.map((top, index) => {
    const height = (cuts[index + 1] ?? layout.height) - top;
    return `<svg class="drawing" viewBox="0 ${top} ${layout.width} ${height}" aria-hidden="true"><use href="#workflow"/></svg>`;
  });
  return `<div class="bands">${bands.join("")}</div>`;
}
