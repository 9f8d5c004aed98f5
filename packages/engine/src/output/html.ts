import type { Layout } from "../drawing/types.ts";
import type { GatedReport } from "../report/gate.ts";
import type { Category, Finding } from "../report/types.ts";
import { counted, inWords } from "../words.ts";
import { findingCards, reach } from "./finding-cards.ts";
import { markIcon } from "./icons.ts";
import { escapeMarkup } from "./markup.ts";
import { htmlPage, type PageOptions, upgradeBox } from "./page.ts";
import { printParts } from "./print-parts.ts";
import { description, drawing } from "./svg.ts";
import { type Traces, tracesOf } from "./traces.ts";
import { severities, severityName, verdict } from "./verdict.ts";

/** Repairs named at the top. */
const MOST_FIRST = 5;

/**
 * The report as one page that needs nothing from outside and runs no script: choosing a finding opens it and, by style
 * alone, lights up its way on the drawing. Every text of the workflow is escaped.
 */
export function renderHtml(report: GatedReport, layout: Layout | null, options: PageOptions = {}): string {
  const { workflow, score, grade } = report;
  const traces = layout === null ? null : tracesOf([...report.issues, ...report.notes], layout);
  return htmlPage({
    title: `${workflow.name}: ${score} of 100, ${grade}`,
    main: [
      `<section class="hero" aria-label="Verdict">${verdict(report, `<h1 dir="auto">${escapeMarkup(workflow.name)}</h1>`)}${facts(report)}</section>`,
      repairFirst(report),
      upgradeBox(report.upgrade),
      `<div class="work">${picture(report, layout, traces)}<div class="list">${issues(report, layout)}${notes(report, layout)}</div></div>`,
      `<div class="rest">${categories(report)}${notChecked(report)}${accepted(report)}</div>`,
    ].join("\n"),
    footer: footer(report),
    options,
    style: traces?.style ?? "",
  });
}

function facts({ stats, workflow }: GatedReport): string {
  const known = stats.stepsUnderstood === stats.steps ? "" : ` (${stats.stepsUnderstood} understood)`;
  const entries: readonly (readonly [string, string])[] = [
    ["Status", workflow.status],
    ["Steps", `${stats.steps}${known}`],
    ["Triggers", String(stats.triggers)],
    ["Messages", String(stats.sends)],
    ...(stats.loops === 0 ? [] : ([["Loops", String(stats.loops)]] as const)),
    ["Longest way", stats.longestPathSeconds === 0 ? "no waiting" : inWords(stats.longestPathSeconds)],
  ];
  return `<dl class="facts">${entries.map(([term, text]) => `<div><dt>${term}</dt><dd>${escapeMarkup(text)}</dd></div>`).join("")}</dl>`;
}

function repairFirst({ issues, fixOrder }: GatedReport): string {
  const numberOf = new Map(issues.map((issue, index) => [issue.fingerprint, index + 1]));
  const first = fixOrder.slice(0, MOST_FIRST).flatMap((fingerprint) => {
    const number = numberOf.get(fingerprint);
    const issue = number === undefined ? undefined : issues[number - 1];
    return number === undefined || issue === undefined ? [] : [repair(issue, number)];
  });
  if (first.length === 0) return "";
  return `<section class="first" aria-labelledby="first"><h2 id="first">Repair these first</h2><ol>${first.join("")}</ol></section>`;
}

function repair({ title, impact, fix, severity, blastRadius }: Finding, number: number): string {
  return `<li><div><h3><a href="#finding-${number}-text">${escapeMarkup(title)}</a></h3><p>${escapeMarkup(impact)}</p><p class="small">${markIcon(severity, String(number))}${severityName[severity]} · ${reach(blastRadius)}</p></div><div class="do"><h4>What to do</h4><p>${escapeMarkup(fix)}</p></div></li>`;
}

function picture(report: GatedReport, layout: Layout | null, traces: Traces | null): string {
  const open = `<section class="picture" aria-labelledby="picture"><h2 id="picture">The workflow and its faults</h2>`;
  if (layout === null || traces === null) {
    return `${open}<p class="muted">This analysis was stored without its drawing. Analyse the workflow again to see it drawn.</p></section>`;
  }
  const { width, height } = layout;
  const svg = `<svg class="drawing" role="group" aria-label="${escapeMarkup(description(report, layout))}" viewBox="0 0 ${width} ${height}">${drawing(report, layout, { linked: true })}${traces.layers}</svg>`;
  const canvas = `<div class="canvas" tabindex="0" role="region" aria-label="Drawing of the workflow"><div class="paper" style="--width:${width};--height:${height}">${traces.aims}${svg}</div></div>`;
  return `${open}${hint(report, layout)}${sizes}${canvas}<div class="parts">${printParts(layout)}</div>${legend(report)}</section>`;
}

function hint({ issues, hiddenIssues = 0 }: GatedReport, { foldedSteps }: Layout): string {
  const sentences = [
    ...(issues.length === 0
      ? []
      : ["Open a finding to see the way to it, with the time that has passed at each step."]),
    ...(foldedSteps === 0
      ? []
      : [
          `What is around the findings is drawn; ${counted(foldedSteps, "other step")} ${foldedSteps === 1 ? "is" : "are"} folded.`,
        ]),
    ...(hiddenIssues === 0
      ? []
      : [`${counted(hiddenIssues, "more finding")} ${hiddenIssues === 1 ? "is" : "are"} not shown on this plan.`]),
  ];
  return `<p class="hint">${sentences.join(" ")}</p>`;
}

const sizes = `<fieldset class="sizes"><legend>Size</legend>${(
  [
    ["whole", "Whole"],
    ["half", "Small"],
    ["full", "Full"],
  ] as const
)
  .map(
    ([id, name]) =>
      `<label><input type="radio" name="size" id="size-${id}"${id === "full" ? " checked" : ""}>${name}</label>`,
  )
  .join("")}</fieldset>`;

function legend({ issues }: GatedReport): string {
  const present = severities.filter((severity) => issues.some((issue) => issue.severity === severity));
  if (present.length === 0) return "";
  return `<ul class="legend" aria-label="Marks">${present.map((severity) => `<li>${markIcon(severity, "")}${severityName[severity]}</li>`).join("")}</ul>`;
}

function boxesOf(layout: Layout | null): (stepId: string) => string | undefined {
  const boxes = new Map<string, string>();
  layout?.nodes.forEach(({ id }, index) => {
    if (id !== "" && !boxes.has(id)) boxes.set(id, `step-${index}`);
  });
  return (stepId) => boxes.get(stepId);
}

function issues({ issues, hiddenIssues = 0 }: GatedReport, layout: Layout | null): string {
  const cards =
    issues.length === 0
      ? `<p class="muted">Nothing found.</p>`
      : findingCards(issues, { first: 1, boxOf: boxesOf(layout) });
  const rest =
    hiddenIssues === 0 ? "" : `<p class="muted">${counted(hiddenIssues, "more finding")} hidden on this plan.</p>`;
  return `<section aria-labelledby="issues"><h2 id="issues">${counted(issues.length + hiddenIssues, "finding")}</h2>${cards}${rest}</section>`;
}

function notes({ notes, issues, hiddenNotes = 0 }: GatedReport, layout: Layout | null): string {
  if (notes.length === 0 && hiddenNotes === 0) return "";
  const cards = findingCards(notes, { first: issues.length + 1, boxOf: boxesOf(layout) });
  const rest = hiddenNotes === 0 ? "" : `<p class="muted">${counted(hiddenNotes, "note")} hidden on this plan.</p>`;
  return `<section aria-labelledby="notes"><h2 id="notes">Good to know</h2>${cards}${rest}</section>`;
}

const categoryNames: Readonly<Record<Category, string>> = {
  graph: "Structure",
  loops: "Loops",
  logic: "Conditions",
  timing: "Waits and timing",
  compliance: "Consent and law",
  content: "Message texts",
  data: "Contact data",
  integrations: "Integrations",
  "cross-workflow": "Other workflows",
  performance: "Load",
  maintainability: "Upkeep",
  ai: "AI steps",
  cost: "Costs",
  booking: "Bookings",
  lifecycle: "Life of the workflow",
  observability: "Oversight",
};

function categories(report: GatedReport): string {
  const rows = Object.entries(report.categories).map(([name, { score, assessed }]) => {
    const label = Object.hasOwn(categoryNames, name) ? categoryNames[name as Category] : escapeMarkup(name);
    if (!assessed)
      return `<li><span>${label}</span><span class="bar"></span><span class="muted">not checked</span></li>`;
    const level = score >= 70 ? "good" : score >= 50 ? "medium" : score >= 20 ? "high" : "critical";
    return `<li><span>${label}</span><span class="bar ${level}"><i style="width:${score}%"></i></span><b>${score}</b></li>`;
  });
  return `<section class="categories" aria-labelledby="categories"><h2 id="categories">How each part does</h2><ul>${rows.join("")}</ul></section>`;
}

function accepted(report: GatedReport): string {
  if (report.suppressed.length === 0) return "";
  const rows = report.suppressed.map(
    ({ finding, reason, by, until }) =>
      `<li><h3>${escapeMarkup(finding.title)}</h3><p>${escapeMarkup(reason)}</p><p class="small">${severityName[finding.severity]} · Check ${escapeMarkup(finding.code)}${by === undefined ? "" : ` · accepted by ${escapeMarkup(by)}`} · ${until === undefined ? "until it is removed" : `until ${escapeMarkup(until)}`}</p></li>`,
  );
  return `<section class="accepted" aria-labelledby="accepted"><h2 id="accepted">Accepted on purpose</h2><ul>${rows.join("")}</ul></section>`;
}

function notChecked(report: GatedReport): string {
  if (report.notChecked.length === 0) return "";
  const byReason = new Map<string, string[]>();
  for (const { rule, reason } of report.notChecked) byReason.set(reason, [...(byReason.get(reason) ?? []), rule]);
  const rows = [...byReason].map(
    ([reason, rules]) =>
      `<li><h3>${escapeMarkup(sentence(reason))}</h3><p class="small">${counted(rules.length, "check")}: ${escapeMarkup(rules.join(", "))}</p></li>`,
  );
  return `<section class="unchecked" aria-labelledby="unchecked"><h2 id="unchecked">What was not checked, and why</h2><p class="muted">Nothing is guessed. These checks need more than the workflow itself.</p><ul>${rows.join("")}</ul></section>`;
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function footer({ engineVersion }: GatedReport): string {
  return `<p>The score starts at 100 and loses points for every finding by its severity; more of the same kind weigh less. 90 and above is Excellent, 70 Good, 50 Needs Attention, 20 High Risk.</p><p>Analysis engine ${escapeMarkup(engineVersion)}</p>`;
}
