import { expect, test } from "vitest";
import { analyzeWith } from "../analyze.ts";
import type { AnalysisReport } from "../report/types.ts";
import { registry } from "./registry.ts";
import type { Example, Rule } from "./rule.ts";

const ran = (rule: Rule, example: Example): AnalysisReport =>
  analyzeWith([rule], example.workflow, example.options ?? {});

const found = (report: AnalysisReport) => [...report.issues, ...report.notes];

for (const rule of registry) {
  const { code, id } = rule.meta;
  for (const example of rule.wrong()) {
    test(`${code} ${id} reports: ${example.title}`, () => {
      const findings = found(ran(rule, example));
      expect(findings.map((finding) => finding.code)).toEqual(Array(example.count ?? 1).fill(code));
      for (const finding of findings) {
        expect(finding.message).not.toBe("");
        expect(JSON.parse(JSON.stringify(finding.evidence))).toEqual(finding.evidence);
      }
    });
  }
  for (const example of rule.right()) {
    test(`${code} ${id} is silent: ${example.title}`, () => {
      expect(found(ran(rule, example))).toEqual([]);
    });
  }
}
