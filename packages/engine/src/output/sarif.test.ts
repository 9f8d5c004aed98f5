import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import fc from "fast-check";
import type { Log, Result } from "sarif";
import { describe, expect, test } from "vitest";
import { markedFinding, markedFindings, reportOf } from "../../test/arbitrary-report.ts";
import schema from "../../test/schemas/sarif-2.1.0.json" with { type: "json" };
import { gate } from "../report/gate.ts";
import type { Finding, Severity } from "../report/types.ts";
import { renderSarif } from "./sarif.ts";

/** The schema is draft 4, whose `id` and `$schema` this validator does not know; nothing else in it differs. */
function compileSchema() {
  const { $schema: _draft, id: _id, ...rest } = schema;
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats.default(ajv);
  return ajv.compile(rest);
}

const validate = compileSchema();

function sarif(report: Parameters<typeof renderSarif>[0]): Log {
  const log = JSON.parse(renderSarif(report, null));
  expect(validate(log), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
  return log;
}

const resultsOf = (log: Log): readonly Result[] => log.runs[0]?.results ?? [];

function finding(parts: Partial<Finding> = {}): Finding {
  const plain = markedFinding("a", {
    severity: "high",
    confidence: "certain",
    category: "logic",
    suggested: true,
    stepCount: 2,
    consequenceCount: 1,
  });
  return { ...plain, ...parts };
}

describe("SARIF", () => {
  test("of any report is valid against the 2.1.0 schema, gated or not", () => {
    const reports = fc
      .record({ issues: markedFindings("i", 6), notes: markedFindings("n", 3), suppressed: markedFindings("s", 3) })
      .map(({ issues, notes, suppressed }) =>
        reportOf({
          issues,
          notes: notes.map((note) => ({ ...note, severity: "info" as const })),
          suppressed: suppressed.map((one) => ({ finding: one, reason: "agreed", until: "2027-01-01" })),
          notChecked: [{ rule: "DATA-001", reason: "needs location facts: users" }],
        }),
      );
    fc.assert(
      fc.property(reports, fc.boolean(), (report, free) => {
        const read = free ? gate(report, "free", { checkoutUrl: "https://pay.example/" }) : report;
        const log = sarif(read);
        expect(resultsOf(log)).toHaveLength(read.issues.length + read.notes.length + read.suppressed.length);
        expect(renderSarif(read, null)).toBe(renderSarif(structuredClone(read), null));
      }),
      { numRuns: 50 },
    );
  });

  test.each<readonly [Severity, string, string, number]>([
    ["critical", "error", "fail", 100],
    ["high", "error", "fail", 80],
    ["medium", "warning", "fail", 50],
    ["low", "note", "fail", 20],
    ["info", "none", "informational", 0],
  ])("gives %s findings the level %s", (severity, level, kind, rank) => {
    const [result] = resultsOf(sarif(reportOf({ issues: [finding({ severity })] })));
    expect([result?.level, result?.kind, result?.rank]).toEqual([level, kind, rank]);
    const [unsure] = resultsOf(sarif(reportOf({ issues: [finding({ severity, confidence: "possible" })] })));
    expect(unsure?.rank).toBe(Math.max(0, rank - 10));
  });

  test("holds each rule once, in the order of codes, and results point at it", () => {
    const issues = [finding({ code: "B-1" }), finding({ code: "A-1" }), finding({ code: "B-1" })];
    const log = sarif(reportOf({ issues }));
    expect(log.runs[0]?.tool.driver.rules?.map((rule) => rule.id)).toEqual(["A-1", "B-1"]);
    for (const { shortDescription, help } of log.runs[0]?.tool.driver.rules ?? [])
      expect([shortDescription?.text, help?.text]).not.toContain("");
    expect(resultsOf(log).map((result) => [result.ruleId, result.ruleIndex])).toEqual([
      ["B-1", 1],
      ["A-1", 0],
      ["B-1", 1],
    ]);
  });

  test("shows steps as logical locations and the witness as a code flow", () => {
    const path = [
      { stepId: "t", via: "Form submitted", elapsedSeconds: 0 },
      { skipped: 7 },
      { stepId: "w", via: "timeout", elapsedSeconds: 86_400 },
    ];
    const [result] = resultsOf(sarif(reportOf({ issues: [finding({ path })] })));
    expect(result?.locations?.[0]?.logicalLocations).toEqual([
      { name: "name-a-0", fullyQualifiedName: "step-a-0", kind: "sms" },
    ]);
    expect(result?.relatedLocations).toHaveLength(1);
    const flow = result?.codeFlows?.[0]?.threadFlows[0]?.locations ?? [];
    expect(flow.map((hop) => [hop.location?.message?.text, hop.properties?.["elapsedSeconds"]])).toEqual([
      ["Form submitted", 0],
      ["7 steps left out here", undefined],
      ["timeout", 86_400],
    ]);
  });

  test("carries fingerprints, suggestions and accepted findings with their reason", () => {
    const report = reportOf({
      issues: [finding()],
      suppressed: [{ finding: finding({ code: "B-2" }), reason: "agreed" }],
    });
    const [open, accepted] = resultsOf(sarif(report));
    expect(open?.partialFingerprints).toEqual({ "workflowFinding/v1": "fingerprint-a" });
    expect(open?.properties?.["suggestion"]).toEqual(finding().suggestion);
    expect(open?.suppressions).toEqual([]);
    expect(accepted?.suppressions).toEqual([{ kind: "external", status: "accepted", justification: "agreed" }]);
  });

  test("never turns a workflow's words into a link", () => {
    const [result] = resultsOf(sarif(reportOf({ issues: [finding({ message: "See [here](javascript:alert(1))" })] })));
    expect(result?.message.text).toContain("\\[here\\](javascript:alert(1))");
  });
});
