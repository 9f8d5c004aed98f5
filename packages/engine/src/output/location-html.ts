import type { LocationLayout } from "../drawing/location-picture.ts";
import type { GatedLocationReport } from "../report/gate-location.ts";
import type { LocationEntry, LocationReference, Use } from "../report/location-types.ts";
import type { Finding, Grade } from "../report/types.ts";
import { counted, listed, quoted } from "../words.ts";
import { findingCards, reach } from "./finding-cards.ts";
import { withHopsAsPath } from "./hops-in-words.ts";
import { markIcon } from "./icons.ts";
import { locationMap, mapDescription, mapStyle } from "./location-map.ts";
import { escapeMarkup } from "./markup.ts";
import { htmlPage, type PageOptions, upgradeBox } from "./page.ts";
import { severities, severityName, verdict } from "./verdict.ts";

const MOST_FIRST = 5;
const MOST_REFERENCES = 300;
const MOST_USES = 4;

const meaning: Readonly<Record<Grade, string>> = {
  Excellent: "These workflows are in very good shape, and they do not get in each other's way.",
  Good: "These workflows work together; a few things deserve a look.",
  "Needs Attention": "Some contacts get the wrong thing, or the same thing twice. Repair the first items soon.",
  "High Risk":
    "Workflows get in each other's way, or many of them have faults that reach contacts. Repair the first items now.",
  Critical: "Stop publishing new workflows until the first items are repaired.",
};

type Analysed = Extract<LocationEntry, { readonly status: "analysed" }>;

/** The report on a location as one page that needs nothing from outside and runs no script. Every text of the workflows is escaped. */
export function renderLocationHtml(
  report: GatedLocationReport,
  layout: LocationLayout | null,
  options: PageOptions = {},
): string {
  const analysed = report.workflows.filter((entry) => entry.status === "analysed");
  const rowOf = new Map(analysed.map(({ id }, at) => [id, `row-${at + 1}`]));
  return htmlPage({
    title: `All workflows: ${report.score} of 100, ${report.grade}`,
    main: [
      `<section class="hero" aria-label="Verdict">${verdict(report, "<h1>All workflows together</h1>", meaning)}${facts(report)}</section>`,
      repairFirst(report, analysed),
      upgradeBox(report.upgrade),
      picture(report, layout, rowOf),
      between(report, layout),
      workflows(analysed),
      failed(report),
      references(report, analysed),
      `<div class="rest">${notChecked(report)}</div>`,
    ].join("\n"),
    footer: footer(report),
    options,
    style: mapStyle,
  });
}

function facts({ stats }: GatedLocationReport): string {
  const entries: readonly (readonly [string, string])[] = [
    ["Workflows", String(stats.workflows)],
    ["In use", String(stats.published)],
    ["Steps", String(stats.steps)],
    ["Messages", String(stats.sends)],
    ["Ties between them", String(stats.ties)],
    ["Circles", String(stats.cycles)],
  ];
  return `<dl class="facts">${entries.map(([term, text]) => `<div><dt>${term}</dt><dd>${text}</dd></div>`).join("")}</dl>`;
}

interface Repair {
  readonly finding: Finding;
  readonly where: string;
  readonly address: string | undefined;
  readonly mark: string;
}

function repairFirst(report: GatedLocationReport, analysed: readonly Analysed[]): string {
  const numbers = new Map(report.issues.map(({ fingerprint }, at) => [fingerprint, at]));
  const entries = new Map(analysed.map((entry, at) => [entry.id, { entry, at }]));
  const first = report.fixOrder.flatMap(({ workflowId, fingerprint }): Repair[] => {
    if (workflowId === null) {
      const at = numbers.get(fingerprint);
      const finding = at === undefined ? undefined : report.issues[at];
      if (finding === undefined || at === undefined) return [];
      const where = listed(finding.workflows.map(quoted), 3);
      return [{ finding, where, address: `finding-${at + 1}-text`, mark: String(at + 1) }];
    }
    const known = entries.get(workflowId);
    const finding = known?.entry.report.issues.find((one) => one.fingerprint === fingerprint);
    if (known === undefined || finding === undefined) return [];
    return [{ finding, where: quoted(known.entry.report.workflow), address: `row-${known.at + 1}`, mark: "" }];
  });
  if (first.length === 0) return "";
  return `<section class="first" aria-labelledby="first"><h2 id="first">Repair these first</h2><ol>${first.slice(0, MOST_FIRST).map(repair).join("")}</ol></section>`;
}

function repair({ finding: { title, impact, fix, severity, blastRadius }, where, address, mark }: Repair): string {
  const words = escapeMarkup(title);
  return `<li><div><h3>${address === undefined ? words : `<a href="#${address}">${words}</a>`}</h3><p>${escapeMarkup(impact)}</p><p class="small">${markIcon(severity, mark)}${severityName[severity]} · ${escapeMarkup(where)} · ${reach(blastRadius)}</p></div><div class="do"><h4>What to do</h4><p>${escapeMarkup(fix)}</p></div></li>`;
}

function picture(
  report: GatedLocationReport,
  layout: LocationLayout | null,
  rowOf: ReadonlyMap<string, string>,
): string {
  const open = `<section class="map" aria-labelledby="map"><h2 id="map">The workflows and what ties them</h2>`;
  if (layout === null)
    return `${open}<p class="muted">This audit was stored without its map. Run it again to see it drawn.</p></section>`;
  const { width, height, folded } = layout;
  const hint = [
    ...(report.map.cycles.length === 0
      ? []
      : ["Thick red lines are circles: these workflows start each other again and again."]),
    ...(folded === 0
      ? []
      : [
          `What is around the findings is drawn; ${counted(folded, "other workflow")} ${folded === 1 ? "is" : "are"} in the list only.`,
        ]),
    ...(report.upgrade === undefined ? [] : ["What ties the workflows is not shown on this plan."]),
  ].join(" ");
  const svg = `<svg class="drawing" role="group" aria-label="${escapeMarkup(mapDescription(layout))}" viewBox="0 0 ${width} ${height}">${locationMap(layout, report.issues, { rowOf: (id) => rowOf.get(id) })}</svg>`;
  return `${open}${hint === "" ? "" : `<p class="hint">${hint}</p>`}<div class="canvas" tabindex="0" role="region" aria-label="Map of the workflows"><div class="paper" style="--width:${width};--height:${height}">${svg}</div></div></section>`;
}

function between({ issues, notes }: GatedLocationReport, layout: LocationLayout | null): string {
  const places = new Map(layout?.nodes.map(({ id }, at) => [id, `place-${at + 1}`]));
  const cards = (findings: GatedLocationReport["issues"], first: number) =>
    findingCards(findings.map(withHopsAsPath), { first, boxOf: (id) => places.get(id) });
  const found =
    issues.length === 0 ? `<p class="muted">The workflows do not get in each other's way.</p>` : cards(issues, 1);
  const remarks =
    notes.length === 0
      ? ""
      : `<section aria-labelledby="notes"><h2 id="notes">Notes</h2>${cards(notes, issues.length + 1)}</section>`;
  return `<section aria-labelledby="between"><h2 id="between">Between the workflows</h2>${found}</section>${remarks}`;
}

function workflows(analysed: readonly Analysed[]): string {
  const rows = analysed.map(({ report: { workflow, score, grade, summary, issues } }, at) => {
    const counts = severities
      .filter((severity) => severity !== "info" && summary[severity] > 0)
      .map((severity) => `${summary[severity]} ${severityName[severity].toLowerCase()}`);
    const worst = issues[0] === undefined ? "" : escapeMarkup(issues[0].title);
    return `<tr id="row-${at + 1}"><td dir="auto">${escapeMarkup(workflow.name)}</td><td>${escapeMarkup(workflow.status)}</td><td class="figure">${score}</td><td>${grade}</td><td>${counts.join(", ")}</td><td>${worst}</td></tr>`;
  });
  const head = ["Workflow", "Status", "Score", "Grade", "Issues", "Worst issue"];
  return `<section aria-labelledby="workflows"><h2 id="workflows">Workflow by workflow</h2>${table("Workflows with their scores", head, rows)}</section>`;
}

function table(caption: string, head: readonly string[], rows: readonly string[]): string {
  return `<div class="table" tabindex="0" role="region" aria-label="${caption}"><table><thead><tr>${head.map((name) => `<th scope="col">${name}</th>`).join("")}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

function failed({ workflows: entries }: GatedLocationReport): string {
  const items = entries.flatMap((entry) =>
    entry.status === "failed"
      ? [
          `<li><b>${escapeMarkup(entry.name ?? entry.id ?? `Document ${entry.index + 1}`)}</b>: ${escapeMarkup(entry.error.message)}</li>`,
        ]
      : [],
  );
  if (items.length === 0) return "";
  return `<section class="accepted" aria-labelledby="failed"><h2 id="failed">Could not be read</h2><ul>${items.join("")}</ul></section>`;
}

function references({ references: all }: GatedLocationReport, analysed: readonly Analysed[]): string {
  if (all.length === 0) return "";
  const names = new Map(analysed.map(({ id, report }) => [id, report.workflow.name]));
  const rows = all.slice(0, MOST_REFERENCES).map((reference) => referenceRow(reference, names));
  const rest = all.length - rows.length;
  const more =
    rest > 0 ? `<p class="muted">${counted(rest, "more entry", "more entries")} in the report as JSON.</p>` : "";
  return `<section aria-labelledby="references"><h2 id="references">Where everything is used</h2>${table("References", ["What", "Name", "Set, added or started by", "Read or listened to by"], rows)}${more}</section>`;
}

function referenceRow({ kind, name, writers, readers }: LocationReference, names: ReadonlyMap<string, string>): string {
  const users = (uses: readonly Use[]) => {
    const all = [...new Set(uses.map(({ workflowId }) => names.get(workflowId) ?? workflowId))];
    return escapeMarkup(
      listed(
        all.map((one) => quoted({ name: one })),
        MOST_USES,
      ),
    );
  };
  return `<tr><td>${escapeMarkup(kind)}</td><td dir="auto">${escapeMarkup(name)}</td><td>${users(writers)}</td><td>${users(readers)}</td></tr>`;
}

function notChecked({ notChecked: all }: GatedLocationReport): string {
  if (all.length === 0) return "";
  const items = all.map(({ rule, reason }) => `<li><b>${escapeMarkup(rule)}</b>: ${escapeMarkup(reason)}</li>`);
  return `<section class="unchecked" aria-labelledby="unchecked"><h2 id="unchecked">Not fully checked</h2><ul>${items.join("")}</ul></section>`;
}

function footer({ engineVersion, hiddenIssues = 0, hiddenNotes = 0 }: GatedLocationReport): string {
  const hidden =
    hiddenIssues + hiddenNotes === 0
      ? ""
      : ` ${counted(hiddenIssues + hiddenNotes, "finding")} not shown on this plan.`;
  return `<p>The score is the mean of the workflows in use, less what the findings between them cost. What none of the given workflows does is taken to be done by nobody.${hidden}</p><p>Analysis engine ${escapeMarkup(engineVersion)}</p>`;
}
