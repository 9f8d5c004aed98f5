import type { EntryKind, Trace, TraceEntry } from "../simulate/types.ts";
import { counted, inWords } from "../words.ts";
import { escapeMarkup } from "./markup.ts";
import { htmlPage, type PageOptions } from "./page.ts";
import { daysOf, inShortWords, messagesInWords, timeOf } from "./trace-words.ts";

/** The trace as one page that needs nothing from outside and runs no script. Every text of workflows and contact is escaped. */
export function renderTracePage(trace: Trace, options: PageOptions = {}): string {
  const title = `What happens to a contact from ${trace.start.local} on`;
  return htmlPage({
    title,
    kind: "Dry run",
    main: [
      `<section class="hero" aria-label="In short"><h1 dir="auto">${escapeMarkup(title)}</h1><p class="meaning">${escapeMarkup(inShortWords(trace))}</p>${facts(trace)}</section>`,
      timeline(trace),
      `<div class="rest">${passages(trace)}${assumptions(trace)}${atTheEnd(trace)}</div>`,
    ].join("\n"),
    footer: `<p>Times are on the contact's clock (${escapeMarkup(trace.timezones.contact)}; account: ${escapeMarkup(trace.timezones.account)}). Nothing was sent: this is a simulation.</p><p>Analysis engine ${escapeMarkup(trace.engineVersion)}</p>`,
    options,
    style: traceStyle,
  });
}

function facts({ summary }: Trace): string {
  const entries: readonly (readonly [string, string])[] = [
    ["Messages", messagesInWords(summary.messages)],
    ["Most within a minute", String(summary.mostInOneMinute)],
    ["Texts and calls at night", String(summary.atNight)],
    ["Steps run", String(summary.steps)],
    ["Ends after", summary.elapsedSeconds === 0 ? "no time" : inWords(summary.elapsedSeconds)],
  ];
  return `<dl class="facts">${entries.map(([term, text]) => `<div><dt>${term}</dt><dd>${escapeMarkup(text)}</dd></div>`).join("")}</dl>`;
}

function timeline(trace: Trace): string {
  const lanes = new Map(trace.workflows.map(({ id, name }, at) => [id, { name, lane: at % LANES }]));
  const { days, more } = daysOf(trace);
  const parts = days.map(
    ({ day, entries }) =>
      `<h3><time>${escapeMarkup(day)}</time></h3><ol class="day">${entries.map((entry) => row(entry, lanes)).join("")}</ol>`,
  );
  const rest = more === 0 ? "" : `<p class="muted">${counted(more, "more entry", "more entries")} in the JSON.</p>`;
  return `<section class="story" aria-labelledby="story"><h2 id="story">What happens</h2>${parts.join("")}${rest}</section>`;
}

/** Colours that tell workflows apart; with more of them the names do. */
const LANES = 6;

/** Entries that a reader looks for; the others stand back. */
const loud: ReadonlySet<EntryKind> = new Set(["message", "loop-lock", "limit", "event"]);

function row(entry: TraceEntry, lanes: ReadonlyMap<string, { readonly name: string; readonly lane: number }>): string {
  const place = entry.workflowId === null ? undefined : lanes.get(entry.workflowId);
  const name = place === undefined ? "" : `<span class="lane" dir="auto">${escapeMarkup(place.name)}</span>`;
  const lane = place === undefined ? "" : ` lane-${place.lane}`;
  const strength = loud.has(entry.kind) ? "" : " quiet";
  return `<li class="entry ${entry.kind}${strength}${lane}"><span class="clock">${timeOf(entry)}</span><div>${name}<p dir="auto">${escapeMarkup(entry.text)}</p>${bubble(entry)}${tested(entry)}</div></li>`;
}

function bubble({ kind, detail }: TraceEntry): string {
  if (kind !== "message" || typeof detail["text"] !== "string") return "";
  const subject = typeof detail["subject"] === "string" ? `<b>${escapeMarkup(detail["subject"])}</b><br>` : "";
  return `<blockquote dir="auto">${subject}${escapeMarkup(detail["text"])}</blockquote>`;
}

/** Why a decision took its way: every branch that was asked. */
function tested({ detail }: TraceEntry): string {
  const branches = detail["tested"];
  if (!Array.isArray(branches) || branches.length === 0) return "";
  const lines = branches.slice(0, 20).flatMap((branch: unknown) => {
    const { branch: name, asks, holds } = branch as { branch?: unknown; asks?: unknown; holds?: unknown };
    const answer = holds === true ? "yes" : holds === false ? "no" : "cannot be told";
    return [`<li dir="auto"><b>${escapeMarkup(String(name))}</b>: ${escapeMarkup(String(asks))} – ${answer}</li>`];
  });
  return `<details><summary>Why</summary><ul>${lines.join("")}</ul></details>`;
}

function passages({ summary }: Trace): string {
  if (summary.enrolments.length === 0) return "";
  const rows = summary.enrolments
    .slice(0, 200)
    .map(({ workflowName, text }) => `<li dir="auto"><b>${escapeMarkup(workflowName)}</b>: ${escapeMarkup(text)}</li>`);
  return `<section aria-labelledby="ends"><h2 id="ends">How each passage ended</h2><ul class="plain">${rows.join("")}</ul></section>`;
}

function assumptions({ assumptions: made }: Trace): string {
  if (made.length === 0) return "";
  const rows = made.slice(0, 200).map(({ text }) => `<li dir="auto">${escapeMarkup(text)}</li>`);
  return `<section aria-labelledby="assumed"><h2 id="assumed">What had to be assumed</h2><ul class="plain">${rows.join("")}</ul></section>`;
}

function atTheEnd({ contact }: Trace): string {
  const tags = contact.tags.length === 0 ? "none" : contact.tags.slice(0, 50).join(", ");
  const dnd = contact.dnd.length === 0 ? "" : `<li>Do not disturb: ${escapeMarkup(contact.dnd.join(", "))}</li>`;
  return `<section aria-labelledby="end"><h2 id="end">The contact at the end</h2><ul class="plain"><li dir="auto">Tags: ${escapeMarkup(tags)}</li>${dnd}</ul></section>`;
}

const laneColours = ["low", "good", "medium", "high", "critical", "soft"];

const traceStyle = `
.story h3{margin:24px 0 8px}
.day{border-left:2px solid var(--rim);padding-left:18px}
.entry{display:grid;grid-template-columns:74px 1fr;gap:2px 12px;padding:5px 0;position:relative}
.entry::before{content:"";position:absolute;left:-24px;top:12px;width:10px;height:10px;border-radius:50%;background:var(--lane,var(--soft))}
.clock{font-variant-numeric:tabular-nums;color:var(--soft);font-size:.9rem;padding-top:2px}
.lane{display:inline-block;font-size:.78rem;font-weight:600;color:var(--lane,var(--soft))}
.quiet p{color:var(--soft)}
.event p{font-weight:600}
.entry blockquote{margin:6px 0 4px;padding:10px 14px;border-radius:4px 14px 14px 14px;background:var(--sheet);border:1px solid var(--rim);max-width:44em;white-space:pre-wrap}
.loop-lock p,.limit p{color:var(--critical);font-weight:600}
.suppressed p,.ignored p{color:var(--medium)}
.assumption p{font-style:italic}
.entry details{font-size:.88rem;color:var(--soft)}
.entry details li{padding-left:14px}
.plain li{padding:4px 0}
${laneColours.map((colour, at) => `.lane-${at}{--lane:var(--${colour})}`).join("")}
`;
