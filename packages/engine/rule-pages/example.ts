import { analyzeWith } from "../src/analyze.ts";
import { analyzeLocationWith } from "../src/analyze-location.ts";
import { layout } from "../src/layout.ts";
import { renderSvg } from "../src/output/svg.ts";
import { parseWorkflow } from "../src/parse.ts";
import type { LocationFinding } from "../src/report/location-types.ts";
import type { Finding } from "../src/report/types.ts";
import type { LocationExample, LocationRule } from "../src/rules/location-rule.ts";
import type { Example, Rule } from "../src/rules/rule.ts";
import { secretsIn } from "../src/text/secrets.ts";
import { slim } from "./slim.ts";

/** An example run through its rule. */
export interface RunExample {
  readonly title: string;
  readonly options: Readonly<Record<string, unknown>> | undefined;
  /** What the rule says of it: at least one finding of a wrong one, none of a right one. */
  readonly findings: readonly Finding[];
  /** Each workflow as a picture with the fault marked. */
  readonly drawings: readonly string[];
  /** The workflow, or the list of them, as JSON, made to be read: long texts shortened, keys that only look real masked. */
  readonly json: string;
}

export function runExample(rule: Rule, { title, workflow, options }: Example): RunExample {
  const report = analyzeWith([rule], workflow, options ?? {});
  return {
    title,
    options,
    findings: [...report.issues, ...report.notes],
    drawings: [slim(renderSvg(report, layout(parseWorkflow(workflow), report)))],
    json: asJson(workflow),
  };
}

export function runLocationExample(rule: LocationRule, { title, workflows, options }: LocationExample): RunExample {
  const location = analyzeLocationWith([rule], workflows, options ?? {});
  const findings = [...location.issues, ...location.notes];
  const drawings = workflows.map((given, index) => {
    const entry = location.workflows.find((one) => one.index === index);
    if (entry?.status !== "analysed") throw new Error(`${rule.meta.code}: an example is no workflow`);
    const { report, id } = entry;
    const marked = { ...report, issues: findings.map((finding) => within(finding, id)), notes: [] };
    return slim(renderSvg(marked, layout(parseWorkflow(given), marked)));
  });
  return { title, options, findings, drawings, json: asJson(workflows) };
}

/** The finding as far as it concerns one of its workflows. */
function within(finding: LocationFinding, workflow: string): Finding {
  return { ...finding, steps: finding.steps.filter(({ workflowId }) => workflowId === workflow) };
}

function asJson(given: unknown): string {
  return JSON.stringify(given, (_key, value) => (typeof value === "string" ? readable(value) : value), 2);
}

const LONGEST = 200;

/** Scanners take a made-up key in the pages for a leaked one. */
function readable(text: string): string {
  let out = "";
  let from = 0;
  for (const { start, end, masked, confidence } of secretsIn(text, { label: "", entropy: false })) {
    if (confidence !== "certain") continue;
    out += text.slice(from, start) + masked;
    from = end;
  }
  const shown = out + text.slice(from);
  return shown.length > LONGEST ? `${shown.slice(0, LONGEST - 30)}… (${shown.length} characters)` : shown;
}
