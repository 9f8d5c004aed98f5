import { escaped } from "../src/output/markdown-text.ts";
import type { Severity } from "../src/report/types.ts";
import type { RuleMeta } from "../src/rules/rule.ts";
import { scopeWords } from "./page.ts";

const severities: readonly Severity[] = ["critical", "high", "medium", "low", "info"];

/** The index: every rule by category, then by severity. */
export function contentsPage(rules: readonly RuleMeta[]): string {
  const categories = [...new Set(rules.map(({ category }) => category))].sort();
  const sections = [
    "<!-- Made from the rules' files by `pnpm rule-pages`. Do not edit. -->",
    "# Rules",
    `${rules.length} rules. Each page says what the rule looks for, why it hurts and what to do, with an example that is reported and one that is not. How to add one: [How to write a rule](../WRITING_RULES.md).`,
    "## By category",
    ...categories.flatMap((category) => [
      `### ${category}`,
      [
        "| Rule | What is wrong | Severity | Needs |",
        "| --- | --- | --- | --- |",
        ...rules.filter((rule) => rule.category === category).map(row),
      ].join("\n"),
    ]),
    "## By severity",
    ...severities.flatMap((severity) => {
      const some = rules.filter((rule) => rule.severity === severity);
      if (some.length === 0) return [];
      return [`### ${severity}`, some.map(({ code, title }) => `- ${link(code)} ${escaped(title)}`).join("\n")];
    }),
  ];
  return `${sections.join("\n\n")}\n`;
}

function row({ code, title, severity, scope }: RuleMeta): string {
  return `| ${link(code)} | ${escaped(title)} | ${severity} | ${scopeWords[scope].split(";")[0]} |`;
}

function link(code: string): string {
  return `[${code}](${code}.md)`;
}
