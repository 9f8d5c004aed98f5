import { expect, test } from "vitest";
import { analyzeLocation } from "../src/analyze-location.ts";
import { cleanFacts, cleanLocation } from "./clean-location.ts";

const report = analyzeLocation(cleanLocation, { now: "2026-11-23", timezone: "America/New_York", facts: cleanFacts });
const alarming = new Set(["critical", "high", "medium"]);

test("the clean location holds twenty workflows that are tied to each other", () => {
  expect(cleanLocation.length).toBe(20);
  expect(report.stats.failed).toBe(0);
  expect(report.map.ties.length).toBeGreaterThanOrEqual(8);
});

test("no rule over the location says anything at medium or above", () => {
  const alarms = report.issues.filter(({ severity }) => alarming.has(severity));
  expect(alarms.map(({ code, message }) => `${code}: ${message}`)).toEqual([]);
  expect(report.map.cycles).toEqual([]);
});

test("nor does any rule say more of a workflow because of the others", () => {
  const alarms = report.workflows.flatMap((entry) =>
    entry.status === "analysed"
      ? entry.report.issues
          .filter(({ severity }) => alarming.has(severity))
          .map(({ code, message }) => `${entry.report.workflow.name} ${code}: ${message}`)
      : [],
  );
  expect(alarms).toEqual([]);
});
