import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { analyzeWith } from "../analyze.ts";
import { defineRule, type Rule, type RuleMeta, type Telling } from "../rules/rule.ts";
import type { Category, Confidence, Severity } from "./types.ts";

const meta = (code: string, category: Category = "graph"): RuleMeta => ({
  code,
  id: code.toLowerCase(),
  category,
  severity: "medium",
  scope: "W",
  title: code,
  summary: "s",
  why: "w",
  fix: "f",
  sources: ["reasoned"],
});

/** A rule that reports the steps of the given ids, one finding each. */
function reports(code: string, ids: readonly string[], telling: Partial<Telling> = {}, category?: Category): Rule {
  return defineRule({
    meta: meta(code, category),
    sees: "workflow",
    *find({ workflow }) {
      for (const id of ids) yield* workflow.steps.filter((step) => step.id === id);
    },
    tell: (step) => ({ message: "m", impact: "i", fix: "f", steps: [step], evidence: {}, ...telling }),
    wrong: () => [],
    right: () => [],
  });
}

/** a -> b -> c -> d; c and d send. */
const chain = {
  actions: [
    { id: "a", type: "add_contact_tag", config: { tags: ["x"] } },
    { id: "b", type: "add_contact_tag", config: { tags: ["y"] } },
    { id: "c", type: "sms", config: { body: "Hi" } },
    { id: "d", type: "email", config: { subject: "Hi", body: "Hi" } },
  ],
};

test("issues are ordered by severity, then confidence, then code, then the order of the steps", () => {
  const { issues } = analyzeWith(
    [
      reports("GRAPH-103", ["d", "b"]),
      reports("GRAPH-102", ["a"], { confidence: "possible" }),
      reports("GRAPH-101", ["a"], { severity: "low" }),
      reports("GRAPH-104", ["c"], { severity: "critical" }),
      reports("GRAPH-100", ["c"]),
    ],
    chain,
    { profile: "strict" },
  );
  expect(issues.map(({ code, steps }) => `${code} ${steps[0]?.id}`)).toEqual([
    "GRAPH-104 c",
    "GRAPH-100 c",
    "GRAPH-103 b",
    "GRAPH-103 d",
    "GRAPH-102 a",
    "GRAPH-101 a",
  ]);
});

test("findings of severity info stand in the notes and cost nothing", () => {
  const report = analyzeWith([reports("GRAPH-100", ["a"], { severity: "info" })], chain);
  expect([report.score, report.issues, report.notes.map(({ code }) => code), report.summary.info]).toEqual([
    100,
    [],
    ["GRAPH-100"],
    1,
  ]);
});

describe("one root cause", () => {
  test("is one finding, what follows from it at the same place stands under it and costs nothing", () => {
    const report = analyzeWith([reports("LOOP-001", ["c"]), reports("TIME-008", ["c", "d"])], chain);
    expect(report.issues.map(({ code, steps, consequences }) => [code, steps[0]?.id, consequences])).toEqual([
      ["LOOP-001", "c", [{ code: "TIME-008", steps: ["c"] }]],
      ["TIME-008", "d", []],
    ]);
    expect(report.score).toBe(88);
  });

  test("hides what follows from it together with itself", () => {
    const rules = [reports("LOOP-001", ["c"]), reports("TIME-008", ["c"])];
    const report = analyzeWith(rules, chain, { suppressions: [{ rule: "LOOP-001", reason: "agreed" }] });
    expect([report.issues, report.suppressed.length, report.score]).toEqual([[], 1, 100]);
  });
});

test("the blast radius counts the steps and sends at and behind the fault", () => {
  const { issues } = analyzeWith([reports("GRAPH-100", ["a", "c", "d"])], chain);
  expect(issues.map(({ blastRadius }) => blastRadius)).toEqual([
    { sends: 2, steps: 4 },
    { sends: 2, steps: 2 },
    { sends: 1, steps: 1 },
  ]);
});

test("the fix order weighs severity with what stands behind the fault, a send as much as three other steps", () => {
  const rules = [
    reports("GRAPH-100", ["a"], { severity: "medium" }),
    reports("GRAPH-101", ["d"], { severity: "high" }),
    reports("GRAPH-102", ["b"], { severity: "low" }),
  ];
  const { fixOrder, issues } = analyzeWith(rules, chain);
  const codeOf = (print: string) => issues.find(({ fingerprint }) => fingerprint === print)?.code;
  // 6 x (1 + 4 + 2x2) = 54; 12 x (1 + 1 + 2) = 48; 3 x (1 + 3 + 4) = 24
  expect(fixOrder.map(codeOf)).toEqual(["GRAPH-100", "GRAPH-101", "GRAPH-102"]);
});

describe("category scores", () => {
  test("use the formula of the whole, per group of rules", () => {
    const { categories } = analyzeWith(
      [
        reports("GRAPH-100", ["a", "b"], { severity: "high" }),
        reports("LOOP-100", ["c"], { severity: "low" }, "loops"),
        reports("TIME-100", [], {}, "timing"),
      ],
      chain,
    );
    expect(categories).toEqual({
      graph: { score: 82, assessed: true },
      loops: { score: 97, assessed: true },
      timing: { score: 100, assessed: true },
    });
  });

  test("are not assessed, and never 100, where no rule could answer or the only one failed", () => {
    const blind: Rule = { ...reports("GRAPH-100", []), unchecked: () => "needs location facts: users" };
    const broken: Rule = {
      ...reports("LOOP-100", ["a"], {}, "loops"),
      tell() {
        throw new Error("no words");
      },
    };
    expect(analyzeWith([blind, broken], chain).categories).toEqual({
      graph: { score: 0, assessed: false },
      loops: { score: 0, assessed: false },
    });
    expect(analyzeWith([blind, reports("GRAPH-101", [])], chain).categories).toEqual({
      graph: { score: 100, assessed: true },
    });
  });
});

test("a further finding never raises the score of the whole, nor of its category", () => {
  const severity = fc.constantFrom<Severity>("critical", "high", "medium", "low", "info");
  const confidence = fc.constantFrom<Confidence>("certain", "likely", "possible");
  const rule = fc
    .tuple(fc.constantFrom("GRAPH-100", "GRAPH-101"), fc.subarray(["a", "b", "c", "d"]), severity, confidence)
    .map(([code, ids, given, sure]) => reports(code, ids, { severity: given, confidence: sure }));
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 4 }), rule, (rules, more) => {
      const before = analyzeWith(rules, chain, { profile: "strict" });
      const after = analyzeWith([...rules, more], chain, { profile: "strict" });
      expect(after.score).toBeLessThanOrEqual(before.score);
      if (before.categories["graph"] !== undefined)
        expect(after.categories["graph"]?.score).toBeLessThanOrEqual(before.categories["graph"].score);
    }),
  );
});

test("the figures of the workflow are counted", () => {
  expect(analyzeWith([], { ...chain, triggers: [{ type: "form_submission" }] }).stats).toEqual({
    steps: 4,
    stepsUnderstood: 4,
    triggers: 1,
    branches: 0,
    loops: 0,
    longestPathSeconds: 0,
    sends: 2,
  });
});
