import { analyzeWith } from "../src/analyze.ts";
import { layout } from "../src/layout.ts";
import { renderSvg } from "../src/output/svg.ts";
import { parseWorkflow } from "../src/parse.ts";
import type { Finding } from "../src/report/types.ts";
import type { Example, Rule } from "../src/rules/rule.ts";
import { secretsIn } from "../src/text/secrets.ts";

/** An example run through its rule. */
export interface RunExample {
  readonly example: Example;
  /** What the rule says of it: at least one finding of a wrong one, none of a right one. */
  readonly findings: readonly Finding[];
  /** The workflow as a picture with the fault marked. */
  readonly drawing: string;
  /** The workflow as JSON, made to be read: long texts shortened, keys that only look real masked. */
  readonly json: string;
}

export function runExample(rule: Rule, example: Example): RunExample {
  const report = analyzeWith([rule], example.workflow, example.options ?? {});
  return {
    example,
    findings: [...report.issues, ...report.notes],
    drawing: renderSvg(report, layout(parseWorkflow(example.workflow), report)),
    json: JSON.stringify(example.workflow, (_key, value) => (typeof value === "string" ? readable(value) : value), 2),
  };
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
