import type { GatedLocationReport } from "../report/gate-location.ts";
import type { Use } from "../report/location-types.ts";
import { counted, listed, quoted } from "../words.ts";
import { withHopsAsPath } from "./hops-in-words.ts";
import { findingSection, list, severityCounts, upgrade } from "./markdown.ts";
import { code, escaped } from "./markdown-text.ts";

const MOST_REFERENCES = 300;

/** The report on a location as Markdown. Every text of the workflows is escaped. */
export function renderLocationMarkdown(report: GatedLocationReport): string {
  const { score, grade, issues, notes, stats, notChecked, hiddenIssues = 0 } = report;
  const hidden = hiddenIssues === 0 ? "" : ` ${counted(hiddenIssues, "issue")} not shown on this plan.`;
  const sections = [
    `# All workflows: ${score} of 100, ${grade}`,
    `${severityCounts(report.summary)}${hidden} ${counted(stats.workflows, "workflow")}, ${stats.published} in use; ${counted(stats.ties, "tie")} between them; ${counted(stats.cycles, "circle")}.`,
    "## Between the workflows",
    ...(issues.length === 0 ? ["The workflows do not get in each other's way."] : []),
    ...issues.flatMap((finding, at) => findingSection(withHopsAsPath(finding), `${at + 1}. `)),
    ...upgrade(report),
    ...list(
      "Notes",
      notes.map((note) => `**${escaped(note.title)}** (\`${code(note.code)}\`): ${escaped(note.message)}`),
    ),
    ...workflows(report),
    ...references(report),
    ...list(
      "Not checked",
      notChecked.map(({ rule, reason }) => `\`${code(rule)}\`: ${escaped(reason)}`),
    ),
  ];
  return `${sections.join("\n\n")}\n`;
}

function workflows({ workflows: entries }: GatedLocationReport): string[] {
  const rows: string[] = [];
  const failed: string[] = [];
  for (const entry of entries) {
    if (entry.status === "failed")
      failed.push(
        `${escaped(entry.name ?? entry.id ?? `Document ${entry.index + 1}`)}: ${escaped(entry.error.message)}`,
      );
    else {
      const { workflow, score, grade, issues } = entry.report;
      const worst = issues[0] === undefined ? "" : escaped(issues[0].title);
      rows.push(
        `| ${escaped(workflow.name)} | ${escaped(workflow.status)} | ${score} | ${grade} | ${issues.length} | ${worst} |`,
      );
    }
  }
  const table = [
    "| Workflow | Status | Score | Grade | Issues | Worst issue |",
    "| --- | --- | ---: | --- | ---: | --- |",
    ...rows,
  ];
  return [
    ...(rows.length === 0 ? [] : ["## Workflow by workflow", table.join("\n")]),
    ...list("Could not be read", failed),
  ];
}

function references({ references: all, workflows: entries }: GatedLocationReport): string[] {
  if (all.length === 0) return [];
  const names = new Map(
    entries.flatMap((entry) => (entry.status === "analysed" ? [[entry.id, entry.report.workflow.name]] : [])),
  );
  const users = (uses: readonly Use[]) =>
    escaped(
      listed(
        [...new Set(uses.map(({ workflowId }) => names.get(workflowId) ?? workflowId))].map((name) => quoted({ name })),
        4,
      ),
    );
  const rows = all
    .slice(0, MOST_REFERENCES)
    .map(
      ({ kind, name, writers, readers }) =>
        `| ${escaped(kind)} | ${escaped(name)} | ${users(writers)} | ${users(readers)} |`,
    );
  const rest = all.length - rows.length;
  return [
    "## Where everything is used",
    ["| What | Name | Set, added or started by | Read or listened to by |", "| --- | --- | --- | --- |", ...rows].join(
      "\n",
    ),
    ...(rest > 0 ? [`${counted(rest, "more entry", "more entries")} in the report as JSON.`] : []),
  ];
}
