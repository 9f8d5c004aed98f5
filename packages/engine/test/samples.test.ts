import { expect, test } from "vitest";
import { samples } from "../samples/index.ts";
import { analyze } from "../src/index.ts";
import { render } from "../src/report.ts";

const table = [
  ["critical", 0, 12, "Critical"],
  ["medium", 22, 7, "High Risk"],
  ["healthy", 94, 2, "Excellent"],
] as const;

test.each(table)("the %s sample scores %i with %i issues, %s", (name, score, issues, grade) => {
  const report = analyze(samples[name], { now: "2026-11-23" });
  expect([report.score, report.issues.length, report.grade]).toEqual([score, issues, grade]);
  expect(report.notes).toEqual([]);
  expect(report.stats.stepsUnderstood).toBe(report.stats.steps);
});

test("the critical sample shows every rule of the first slice, as an issue or as what follows from one", () => {
  const { issues } = analyze(samples.critical);
  const codes = new Set(issues.flatMap(({ code, consequences }) => [code, ...consequences.map((one) => one.code)]));
  const slice = [
    ...["GRAPH-003", "GRAPH-004", "GRAPH-007", "LOOP-001", "LOOP-002", "LOGIC-001"],
    ...["TIME-001", "TIME-002", "INTG-001", "INTG-003", "CONT-006", "CONT-014"],
  ];
  expect([...codes].sort()).toEqual(slice.sort());
});

test.each(["critical", "medium", "healthy"] as const)("the %s sample reads in Markdown as reviewed", (name) => {
  expect(render(analyze(samples[name], { now: "2026-11-23" }), null, null, "md")).toMatchSnapshot();
});
