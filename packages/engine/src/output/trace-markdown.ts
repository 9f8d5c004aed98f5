import type { Trace, TraceEntry } from "../simulate/types.ts";
import { counted } from "../words.ts";
import { clip, escaped } from "./markdown-text.ts";
import { daysOf, inShortWords, timeOf } from "./trace-words.ts";

/** The trace as a story. Every text of workflows and contact is escaped. */
export function renderTraceMarkdown(trace: Trace): string {
  const { start, timezones, workflows, summary, assumptions, contact } = trace;
  const names = new Map(workflows.map(({ id, name }) => [id, name]));
  const { days, more } = daysOf(trace);
  const sections = [
    `# What happens to a contact from ${escaped(start.local)} on`,
    inShortWords(trace),
    `Times are on the contact's clock (${escaped(timezones.contact)}; account: ${escaped(timezones.account)}).`,
    "## What happens",
    ...days.flatMap(({ day, entries }) => [
      `### ${escaped(day)}`,
      entries.map((entry) => line(entry, names)).join("\n"),
    ]),
    ...(more === 0 ? [] : [`${counted(more, "more entry", "more entries")} in the JSON.`]),
    ...list(
      "How each passage ended",
      summary.enrolments.map(({ workflowName, text }) => `**${escaped(clip(workflowName))}**: ${escaped(clip(text))}`),
    ),
    ...list(
      "What had to be assumed",
      assumptions.map(({ text, times }) => `${escaped(text)}${times > 1 ? ` (${times} times)` : ""}`),
    ),
    ...list("The contact at the end", [
      `Tags: ${contact.tags.length === 0 ? "none" : contact.tags.slice(0, 50).map(escaped).join(", ")}`,
      ...(contact.dnd.length === 0 ? [] : [`Do not disturb: ${contact.dnd.map(escaped).join(", ")}`]),
      ...(contact.deleted ? ["Deleted"] : []),
    ]),
  ];
  return `${sections.join("\n\n")}\n`;
}

function line(entry: TraceEntry, names: ReadonlyMap<string, string>): string {
  const place = entry.workflowId === null ? "" : ` · ${escaped(clip(names.get(entry.workflowId) ?? ""))}`;
  const strong = entry.kind === "message" || entry.kind === "loop-lock" ? "**" : "";
  const { subject, text } = entry.detail;
  const said = entry.kind === "message" ? [subject, text].filter((part) => typeof part === "string") : [];
  const quote = said.map((part) => `\n  > ${escaped(String(part))}`).join("\n  >");
  return `- \`${timeOf(entry)}\`${place} · ${strong}${escaped(entry.text)}${strong}${quote}`;
}

function list(title: string, items: readonly string[]): readonly string[] {
  return items.length === 0 ? [] : [`## ${title}`, items.map((item) => `- ${item}`).join("\n")];
}
