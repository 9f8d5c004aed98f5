import { applyPatch } from "fast-json-patch";
import { expect, test } from "vitest";
import { analyze, analyzeWith } from "../analyze.ts";
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

for (const rule of registry) {
  if (rule.mend === undefined) continue;
  const { code } = rule.meta;
  for (const example of rule.wrong()) {
    test(`${code}: the suggestion removes the finding and adds none: ${example.title}`, () => {
      const before = analyze(example.workflow, example.options);
      for (const finding of found(before)) {
        if (finding.code !== code || finding.suggestion === undefined) continue;
        const mended = applyPatch(structuredClone(example.workflow), [...finding.suggestion], true).newDocument;
        const after = analyze(mended, example.options);
        const left = new Set(found(after).map(({ fingerprint }) => fingerprint));
        const had = new Set(found(before).map(({ fingerprint }) => fingerprint));
        expect(left.has(finding.fingerprint)).toBe(false);
        expect([...left].filter((fingerprint) => !had.has(fingerprint))).toEqual([]);
      }
    });
  }
  test(`${code} offers a suggestion in at least one of its examples`, () => {
    const offered = rule
      .wrong()
      .flatMap((example) => found(ran(rule, example)).filter((finding) => finding.suggestion));
    expect(offered.length).toBeGreaterThan(0);
  });
}
