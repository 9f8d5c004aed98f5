import { expect, test } from "vitest";
import { analyze } from "../src/index.ts";
import { cleanWorkflows } from "./clean-workflows.ts";

const severe = new Set(["critical", "high"]);

test("the study holds eighty different workflows", () => {
  expect(cleanWorkflows.length).toBeGreaterThanOrEqual(60);
  expect(new Set(cleanWorkflows.map(({ document }) => JSON.stringify(document))).size).toBe(cleanWorkflows.length);
});

test.each(cleanWorkflows)("$title raises no alarm at high or above", ({ document }) => {
  const { issues, stats } = analyze(document, { now: "2026-11-23", timezone: "America/New_York", profile: "strict" });
  expect(
    issues.filter(({ severity }) => severe.has(severity)).map(({ code, message }) => `${code}: ${message}`),
  ).toEqual([]);
  expect(stats.stepsUnderstood).toBe(stats.steps);
});

test("hardly any of them is told anything at medium", () => {
  const medium = cleanWorkflows.flatMap(({ title, document }) =>
    analyze(document, { now: "2026-11-23" })
      .issues.filter(({ severity }) => severity === "medium")
      .map(({ code }) => `${title} ${code}`),
  );
  expect(medium).toEqual([]);
});
