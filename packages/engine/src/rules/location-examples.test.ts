import { expect, test } from "vitest";
import { analyzeLocationWith } from "../analyze-location.ts";
import type { LocationFinding } from "../report/location-types.ts";
import { locationParts, locationRegistry } from "./location-registry.ts";
import type { LocationExample, LocationRule } from "./location-rule.ts";

function found(rule: LocationRule, { workflows, options }: LocationExample): readonly LocationFinding[] {
  const { issues, notes } = analyzeLocationWith([rule], workflows, options ?? {});
  return [...issues, ...notes];
}

for (const rule of [...locationRegistry, ...locationParts]) {
  const { code, id } = rule.meta;
  for (const example of rule.wrong()) {
    test(`${code} ${id} reports: ${example.title}`, () => {
      const findings = found(rule, example);
      expect(findings.map((finding) => finding.code)).toEqual(Array(example.count ?? 1).fill(code));
      for (const finding of findings) {
        expect(finding.message).not.toBe("");
        expect(JSON.parse(JSON.stringify(finding))).toEqual(finding);
        // Of what no workflow does there is none to name.
        expect(finding.workflows.length === 0).toBe(finding.rule === "orphan-intake");
        for (const { workflowId, effect } of finding.hops) {
          expect(finding.workflows.map((one) => one.id)).toContain(workflowId);
          expect(effect).not.toBe("");
        }
      }
    });
  }
  for (const example of rule.right()) {
    test(`${code} ${id} is silent: ${example.title}`, () => {
      expect(found(rule, example)).toEqual([]);
    });
  }
}
