import fc from "fast-check";
import { expect, test } from "vitest";
import { gradeOf, penaltyOf, scoreOf } from "./score.ts";
import type { Confidence, Severity } from "./types.ts";

const finding = fc.record({
  code: fc.constantFrom("A", "B", "C"),
  severity: fc.constantFrom<Severity>("critical", "high", "medium", "low", "info"),
  confidence: fc.constantFrom<Confidence>("certain", "likely", "possible"),
});

const of = (code: string, severity: Severity, confidence: Confidence = "certain") => ({ code, severity, confidence });

test("nothing found is 100", () => {
  expect(scoreOf([])).toBe(100);
});

test("each severity costs its points, and a possible finding half", () => {
  expect(
    (["critical", "high", "medium", "low", "info"] as const).map((severity) => penaltyOf(of("A", severity))),
  ).toEqual([20, 12, 6, 3, 0]);
  expect(penaltyOf(of("A", "high", "possible"))).toBe(6);
  expect(penaltyOf(of("A", "high", "likely"))).toBe(12);
});

test("the k-th finding of one rule counts 1/k, the largest first", () => {
  expect(scoreOf([of("A", "low"), of("A", "critical"), of("A", "medium")])).toBe(100 - 20 - 3 - 1);
  expect(scoreOf([of("A", "critical"), of("B", "critical")])).toBe(60);
});

test("the score never falls below 0", () => {
  expect(scoreOf([..."ABCDEFG"].map((code) => of(code, "critical")))).toBe(0);
});

test("a further finding never raises the score, and order does not matter", () => {
  fc.assert(
    fc.property(fc.array(finding, { maxLength: 30 }), finding, fc.nat(30), (findings, more, at) => {
      const before = scoreOf(findings);
      const with1 = findings.toSpliced(at, 0, more);
      expect(scoreOf(with1)).toBeLessThanOrEqual(before);
      expect(scoreOf(with1.toReversed())).toBe(scoreOf(with1));
    }),
  );
});

test("grades begin at 90, 70, 50 and 20", () => {
  expect([100, 90, 89, 70, 69, 50, 49, 20, 19, 0].map(gradeOf)).toEqual([
    "Excellent",
    "Excellent",
    "Good",
    "Good",
    "Needs Attention",
    "Needs Attention",
    "High Risk",
    "High Risk",
    "Critical",
    "Critical",
  ]);
});
