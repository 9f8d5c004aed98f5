import { escaped, fenced } from "../src/output/markdown-text.ts";
import type { Finding } from "../src/report/types.ts";
import type { RuleMeta, RuleScope } from "../src/rules/rule.ts";
import type { RunExample } from "./example.ts";

export const scopeWords: Readonly<Record<RuleScope, string>> = {
  W: "the workflow alone",
  L: "the other workflows of the location",
  F: "facts about the location",
  "W+F": "the workflow alone; facts about the location make it firmer",
  "W+L": "the workflow alone; the other workflows of the location make it firmer",
};

export type DrawingKind = "wrong" | "right" | "location-wrong" | "location-right";

/** Where the drawings of a rule's example stand, beside its page: one per workflow. */
export function drawingsOf(meta: RuleMeta, kind: DrawingKind, { drawings }: RunExample): readonly string[] {
  const name = `drawings/${meta.code}-${kind}`;
  return drawings.map((_, at) => (drawings.length === 1 ? `${name}.svg` : `${name}-${at + 1}.svg`));
}

interface PagedRule {
  readonly meta: RuleMeta;
  /** The rule offers patches. */
  readonly mends: boolean;
  /** Titles of all its examples. */
  readonly wrong: readonly string[];
  readonly right: readonly string[];
}

/** A rule with its first example of each kind, run. */
export interface Paged {
  readonly rule: PagedRule;
  readonly wrong: RunExample | null;
  readonly right: RunExample | null;
}

/**
 * The page of one rule. The first example of each kind is drawn, the others are named. `between`: what the rule sees between the
 * workflows of a location.
 */
export function rulePage({ rule, wrong, right }: Paged, between: Paged | undefined): string {
  const { meta } = rule;
  const sections = [
    "<!-- Made from the rule's file by `pnpm rule-pages`. Do not edit. -->",
    `# ${meta.code}: ${escaped(meta.title)}`,
    `\`${meta.id}\` · ${meta.category} · **${meta.severity}** · needs ${scopeWords[meta.scope]}`,
    escaped(meta.summary),
    "## Why it hurts",
    escaped(meta.why),
    "## What to do",
    escaped(meta.fix),
    ...(rule.mends ? ["Where the fix is certain, the finding carries it as a JSON Patch (`suggestion`)."] : []),
    ...shown("## Reported", "Reported as well:", meta, "wrong", wrong, rule.wrong),
    ...shown("## Not reported", "Nor are these:", meta, "right", right, rule.right),
    ...(between === undefined ? [] : withTheOthers(between)),
    ...settings(meta),
    "## Sources",
    meta.sources.map((source) => `- ${linked(source)}`).join("\n"),
    `The same as data: \`GET /api/rules/${meta.code}\`. [All rules](README.md)`,
  ];
  return `${sections.join("\n\n")}\n`;
}

function withTheOthers({ rule, wrong, right }: Paged): string[] {
  const { meta } = rule;
  return [
    "## With the other workflows",
    `**${escaped(meta.title)}.** ${escaped(meta.why)} ${escaped(meta.fix)}`,
    ...shown("### Reported", "Reported as well:", meta, "location-wrong", wrong, rule.wrong),
    ...shown("### Not reported", "Nor are these:", meta, "location-right", right, rule.right),
  ];
}

function shown(
  heading: string,
  others: string,
  meta: RuleMeta,
  kind: DrawingKind,
  run: RunExample | null,
  titles: readonly string[],
): string[] {
  if (run === null) return [];
  const rest = titles.slice(1).map((title) => `- ${escaped(title)}`);
  const { options } = run;
  const drawings = drawingsOf(meta, kind, run);
  const [words, subject] =
    drawings.length === 1
      ? ["The workflow as a picture", "The workflow as JSON"]
      : ["One of the workflows as a picture", "The workflows as JSON"];
  return [
    heading,
    sentence(run.title),
    drawings.map((drawing) => `![${words}](${drawing})`).join("\n"),
    ...run.findings.slice(0, 1).map(told),
    `<details><summary>${subject}</summary>\n\n${fenced(run.json)}\n\n</details>`,
    ...(options === undefined ? [] : [`With these options:\n\n${fenced(JSON.stringify(options, null, 2))}`]),
    ...(rest.length === 0 ? [] : [others, rest.join("\n")]),
  ];
}

function told({ severity, confidence, message, impact, fix }: Finding): string {
  return [
    `> **${severity}, ${confidence}.** ${escaped(message)}`,
    `**What it costs:** ${escaped(impact)}`,
    `**What to do:** ${escaped(fix)}`,
  ].join("\n>\n> ");
}

function settings({ settings: given = [], code }: RuleMeta): string[] {
  if (given.length === 0) return [];
  const rows = given.map(
    ({ key, type, default: value, description }) =>
      `| \`${key}\` | ${type} | \`${JSON.stringify(value)}\` | ${escaped(description)} |`,
  );
  const first = given[0];
  const example = { rules: { [code]: { settings: { [first?.key ?? ""]: first?.default } } } };
  return [
    "## Settings",
    ["| Setting | Type | Default | Meaning |", "| --- | --- | --- | --- |", ...rows].join("\n"),
    `In the options of an analysis: \`${JSON.stringify(example)}\``,
  ];
}

const ARTICLES = "https://help.gohighlevel.com/support/solutions/articles/";
const linkable =
  /\b(?<article>\d{11,12})\b|\b(?<fact>F\d{1,2})\b|(?<![\w/])(?<page>(?:[a-z\d-]+\.)+[a-z]{2,4}\/[^\s,;)]+)/g;

/** Help articles, platform facts and pages become links. */
function linked(source: string): string {
  let out = "";
  let from = 0;
  for (const { 0: text, index, groups = {} } of source.matchAll(linkable)) {
    const { article, fact } = groups;
    const address =
      article !== undefined
        ? ARTICLES + article
        : fact !== undefined
          ? `../PLATFORM_FACTS.md#${fact.toLowerCase()}`
          : `https://${text}`;
    out += `${inText(source.slice(from, index))}[${escaped(text)}](${address})`;
    from = index + text.length;
  }
  return out + inText(source.slice(from));
}

/** Escaped, with the blanks around it. */
function inText(text: string): string {
  return text.replace(/\S(?:.*\S)?/s, (words) => escaped(words));
}

function sentence(text: string): string {
  const words = escaped(text);
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${/[.!?]$/.test(words) ? "" : "."}`;
}
