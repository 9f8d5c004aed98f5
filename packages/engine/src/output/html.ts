import type { Layout } from "../drawing/types.ts";
import type { GatedReport } from "../report/gate.ts";
import type { Finding, Grade, PathHop, Severity } from "../report/types.ts";
import { counted, escapeMarkup, inWords, safeLink } from "./markup.ts";
import { pageStyle } from "./style.ts";
import { drawing } from "./svg.ts";

/** White label: whose report this is. */
export interface Brand {
  readonly name?: string;
  /** `data:image/…;base64,…`; anything else is left out. */
  readonly logo?: string;
  /** `#rrggbb`; anything else is left out. */
  readonly colour?: string;
}

const severityName: Readonly<Record<Severity, string>> = {
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

/**
 * The report as one page that needs nothing from outside and runs no script: choosing a finding opens it and, by style
 * alone, lights up its way on the drawing. Every text of the workflow is escaped.
 */
export function renderHtml(report: GatedReport, layout: Layout, brand: Brand = {}): string {
  const name = escapeMarkup(report.workflow.name);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer"><title>${name}: ${report.score} of 100, ${report.grade}</title>
<style>${pageStyle}${brandStyle(brand)}${traceStyle(report.issues.length)}</style></head>
<body>${brandBar(brand)}<main><h1>${name}</h1>
${verdict(report)}
${fixOrder(report)}
${upgrade(report)}
<div class="work"><section aria-labelledby="picture"><h2 id="picture">The workflow and its faults</h2>${legend(layout)}
<div class="canvas" tabindex="0" role="region" aria-label="Drawing of the workflow, scrollable">${drawing(report, layout, { standalone: false, traces: true })}</div>${printBands(layout)}</section>
<section aria-labelledby="issues"><h2 id="issues">${counted(report.issues.length, "issue")}</h2>${findings(report.issues, 1)}</section></div>
${notes(report)}
${categories(report)}
${suppressed(report)}
${notChecked(report)}
</main><footer><p>${counted(report.stats.steps, "step")}, of which ${report.stats.stepsUnderstood} understood; ${counted(report.stats.triggers, "trigger")}; ${counted(report.stats.sends, "message step")}. Status ${escapeMarkup(report.workflow.status)}. Engine ${escapeMarkup(report.engineVersion)}.</p></footer></body></html>
`;
}

function brandStyle(brand: Brand): string {
  return brand.colour !== undefined && /^#[0-9a-f]{6}$/i.test(brand.colour) ? `:root{--brand:${brand.colour}}` : "";
}

function brandBar(brand: Brand): string {
  const logo =
    brand.logo !== undefined && /^data:image\/(png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=]+$/.test(brand.logo)
      ? `<img src="${brand.logo}" alt="${escapeMarkup(brand.name ?? "Logo")}">`
      : "";
  return `<header class="top">${logo}<span>${escapeMarkup(brand.name ?? "Workflow health report")}</span></header>`;
}

/** An open finding shows its layer of the drawing. */
function traceStyle(issues: number): string {
  const shown = Array.from(
    { length: issues },
    (_, index) => `:root:has(#finding-${index + 1}[open]) #trace-${index + 1}`,
  );
  return shown.length === 0 ? "" : `@media screen{${shown.join(",")}{display:inline}}`;
}

function verdict(report: GatedReport): string {
  const grade = report.grade === "Critical" ? "critical-grade" : report.grade.toLowerCase().replaceAll(" ", "-");
  const length = 2 * Math.PI * 56;
  const filled = (length * report.score) / 100;
  const counts = (Object.keys(severityName) as Severity[])
    .filter((severity) => report.summary[severity] > 0)
    .map(
      (severity) =>
        `<li class="${severity}"><b>${report.summary[severity]}</b>${severityName[severity].toLowerCase()}</li>`,
    );
  return `<section class="verdict ${grade}" aria-label="Verdict"><svg class="gauge" viewBox="0 0 132 132" role="img" aria-label="Score ${report.score} of 100"><circle class="track" cx="66" cy="66" r="56"/><circle class="arc" cx="66" cy="66" r="56" stroke-dasharray="${filled.toFixed(1)} ${length.toFixed(1)}" transform="rotate(-90 66 66)"/><text class="figure" x="66" y="74" text-anchor="middle">${report.score}</text><text class="of" x="66" y="92" text-anchor="middle">of 100</text></svg><div><p class="grade">${report.grade}</p><p>${gradeSentence[report.grade]}</p><ul class="counts">${counts.join("")}</ul></div></section>`;
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

function upgrade(report: GatedReport): string {
  if (report.upgrade === undefined) return "";
  const link = safeLink(report.upgrade.checkoutUrl);
  const action = link === undefined ? "" : ` <a href="${link}" rel="noopener noreferrer">Upgrade</a>`;
  return `<p class="upgrade">${escapeMarkup(report.upgrade.message)}${action}</p>`;
}

function legend(layout: Layout): string {
  const folded =
    layout.foldedSteps > 0 ? `<li>${counted(layout.foldedSteps, "step")} without a fault folded away</li>` : "";
  return `<ul class="legend"><li>C critical</li><li>H high</li><li>M medium</li><li>L low</li><li>Open an issue to see the way to it</li>${folded}</ul>`;
}

function findings(issues: readonly Finding[], first: number): string {
  if (issues.length === 0) return `<p>Nothing found.</p>`;
  return issues.map((issue, index) => finding(issue, first + index)).join("\n");
}

function finding(issue: Finding, number: number): string {
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
      : `<li>${escapeMarkup(hop.via)} <span class="elapsed">${inWords(hop.elapsedSeconds)}</span></li>`,
  );
  return `<ol class="way">${hops.join("")}</ol>`;
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
