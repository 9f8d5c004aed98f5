import type { GatedReport } from "../report/gate.ts";
import type { Finding, PathHop, Severity } from "../report/types.ts";
import { afterTime, counted } from "../words.ts";
import { clip, code, escaped, fenced } from "./markdown-text.ts";
import { severityName } from "./verdict.ts";

const confidenceWords = { certain: "", likely: ", likely", possible: ", possible" } as const;

/** The report as Markdown for whoever owns the workflow. Every text of the workflow is escaped. */
export function renderMarkdown(report: GatedReport): string {
  const sections = [
    ...headline(report),
    ...firstRepairs(report),
    ...(report.issues.length === 0 ? [] : ["## Issues"]),
    ...report.issues.flatMap((finding, at) => findingSection(finding, `${at + 1}. `)),
    ...upgrade(report),
    ...list(
      "Notes",
      report.notes.map((note) => `**${escaped(note.title)}** (\`${code(note.code)}\`): ${escaped(note.message)}`),
    ),
    ...list("Accepted", report.suppressed.map(accepted)),
    ...list(
      "Not checked",
      report.notChecked.map(({ rule, reason }) => `\`${code(rule)}\`: ${escaped(reason)}`),
    ),
    ...areas(report),
  ];
  return `${sections.join("\n\n")}\n`;
}

/** "7 issues: 2 critical, 5 high." */
export function severityCounts(summary: GatedReport["summary"]): string {
  const severities: readonly Severity[] = ["critical", "high", "medium", "low"];
  const parts = severities
    .filter((severity) => summary[severity] > 0)
    .map((severity) => `${summary[severity]} ${severity}`);
  const total = severities.reduce((sum, severity) => sum + summary[severity], 0);
  return total === 0 ? "No issues found." : `${counted(total, "issue")}: ${parts.join(", ")}.`;
}

function headline({ workflow, score, grade, summary, stats, hiddenIssues }: GatedReport): string[] {
  const shown =
    hiddenIssues === undefined || hiddenIssues === 0
      ? ""
      : ` ${counted(hiddenIssues, "issue")} not shown on this plan.`;
  return [
    `# ${escaped(workflow.name)}: ${score} of 100, ${grade}`,
    `${severityCounts(summary)}${shown} ${counted(stats.steps, "step")}, ${stats.stepsUnderstood} of them understood; ${counted(stats.triggers, "trigger")}; ${counted(stats.sends, "message step")}. Status: ${escaped(workflow.status)}.`,
  ];
}

function firstRepairs({ fixOrder, issues }: GatedReport): string[] {
  const numbers = new Map(issues.map((issue, at) => [issue.fingerprint, at]));
  const lines = fixOrder.slice(0, 5).flatMap((fingerprint) => {
    const at = numbers.get(fingerprint);
    const issue = at === undefined ? undefined : issues[at];
    if (at === undefined || issue === undefined) return [];
    const where = issue.steps[0] === undefined ? "" : ` in "${escaped(issue.steps[0].name)}"`;
    return [`1. ${escaped(issue.title)}${where} (issue ${at + 1})`];
  });
  return lines.length === 0 ? [] : ["## What to repair first", lines.join("\n")];
}

export function findingSection(finding: Finding, number: string): string[] {
  const level = `${severityName[finding.severity]}${confidenceWords[finding.confidence]}`;
  const steps = finding.steps.map((step) => `"${escaped(step.name)}" (\`${code(step.type)}\`)`);
  const follows = finding.consequences.map((consequence) => `\`${code(consequence.code)}\``);
  return [
    `### ${number}${escaped(finding.title)}`,
    `**${level}** · \`${code(finding.code)}\`${steps.length === 0 ? "" : ` · ${steps.join(", ")}`}`,
    escaped(finding.message),
    `**What it costs:** ${escaped(finding.impact)}`,
    `**What to do:** ${escaped(finding.fix)}`,
    ...way(finding.path),
    ...figures(finding.evidence),
    ...(follows.length === 0 ? [] : [`Repairing this also settles: ${[...new Set(follows)].join(", ")}.`]),
    ...(finding.suggestion === undefined
      ? []
      : ["Ready-made fix (JSON Patch):", fenced(JSON.stringify(finding.suggestion, null, 2))]),
  ];
}

function way(path: readonly PathHop[]): string[] {
  if (path.length === 0) return [];
  const hops = path.map((hop) => {
    if ("skipped" in hop) return `1. … ${counted(hop.skipped, "step")} left out`;
    return `1. ${escaped(hop.via)} (${afterTime(hop.elapsedSeconds)})`;
  });
  return ["How a contact gets there:", hops.join("\n")];
}

/** The rule's own figures, as far as they read as a line. */
function figures(evidence: Finding["evidence"]): string[] {
  const lines = Object.entries(evidence).flatMap(([key, value]) => {
    const words = inLine(value);
    return words === undefined ? [] : [`- ${escaped(spaced(key))}: ${words}`];
  });
  return lines.length === 0 ? [] : ["Figures:", lines.join("\n")];
}

function inLine(value: unknown): string | undefined {
  if (typeof value === "string") return value === "" ? undefined : escaped(clip(value));
  if (typeof value === "number" || typeof value === "boolean")
    return escaped(value === true ? "yes" : value === false ? "no" : String(value));
  if (Array.isArray(value)) {
    const parts = value.slice(0, 10).map(inLine);
    if (value.length === 0 || parts.includes(undefined)) return undefined;
    return `${parts.join("; ")}${value.length > 10 ? `; ${value.length - 10} more` : ""}`;
  }
  return undefined;
}

function accepted({ finding, reason, by, until }: GatedReport["suppressed"][number]): string {
  const who = by === undefined ? "" : ` by ${escaped(by)}`;
  const end = until === undefined ? "" : `, until ${escaped(until)}`;
  return `**${escaped(finding.title)}** (\`${code(finding.code)}\`): ${escaped(finding.message)} Accepted${who} because: ${escaped(reason)}${end}.`;
}

export function upgrade({ upgrade: offer }: Pick<GatedReport, "upgrade">): string[] {
  if (offer === undefined) return [];
  const { message, checkoutUrl } = offer;
  const target = URL.canParse(checkoutUrl) ? new URL(checkoutUrl) : undefined;
  const safe = target !== undefined && /^https?:$/.test(target.protocol);
  return [safe ? `${escaped(message)} [Upgrade](<${target.href}>)` : escaped(message)];
}

export function list(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`## ${title}`, items.map((item) => `- ${item}`).join("\n")];
}

function areas({ categories }: GatedReport): string[] {
  const rows = Object.entries(categories).map(
    ([name, { score, assessed }]) => `| ${escaped(name)} | ${assessed ? score : "not assessed"} |`,
  );
  return rows.length === 0 ? [] : ["## Areas", ["| Area | Score |", "| --- | --- |", ...rows].join("\n")];
}

function spaced(key: string): string {
  return key.replace(/([a-z\d])([A-Z])/g, "$1 $2").toLowerCase();
}
