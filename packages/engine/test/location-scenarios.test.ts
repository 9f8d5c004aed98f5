import { expect, test } from "vitest";
import { type LocationScenario, locationScenarios, readFixture } from "../fixtures/scenarios.ts";
import { analyzeLocation } from "../src/analyze-location.ts";
import { locationRegistry } from "../src/rules/location-registry.ts";

const severe = new Set(["critical", "high"]);
const between = new Set(locationRegistry.map(({ meta }) => meta.code));

function audit({ workflows, options }: LocationScenario) {
  return analyzeLocation(
    workflows.map(({ file }) => readFixture(file)),
    options,
  );
}

for (const scenario of locationScenarios) {
  const { title, workflows, together } = scenario;
  test(`${title}: the workflows together show exactly the faults of the story`, () => {
    const { issues } = audit(scenario);
    expect(issues.map(({ code }) => code).sort()).toEqual([...together].sort());
  });

  test(`${title}: each workflow still shows what it alone can show, and nothing else at high or above`, () => {
    const report = audit(scenario);
    workflows.forEach(({ expected, changed }, index) => {
      const entry = report.workflows.find((one) => one.index === index);
      const found = entry?.status === "analysed" ? entry.report.issues : [];
      const told = new Set(found.flatMap(({ code, consequences }) => [code, ...consequences.map((one) => one.code)]));
      const wanted = (changed ?? expected).filter((code) => !between.has(code));
      expect(wanted.filter((code) => !told.has(code))).toEqual([]);
      expect(found.filter(({ severity, code }) => severe.has(severity) && !wanted.includes(code))).toEqual([]);
    });
  });

  test(`${title}: every hop of what lies between them names workflow, step and what it does`, () => {
    for (const { hops } of audit(scenario).issues) {
      expect(hops.length).toBeGreaterThan(0);
      for (const { workflowName, stepId, effect, delaySeconds } of hops) {
        expect(workflowName).not.toBe("");
        expect(stepId).not.toBe("");
        expect(effect).not.toBe("");
        expect(delaySeconds).toBeGreaterThanOrEqual(0);
      }
    }
  });
}
