import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { markedFinding, markedFindings, reportOf } from "../../test/arbitrary-report.ts";
import { gate, gateJson } from "./gate.ts";
import type { Finding } from "./types.ts";

const options = { checkoutUrl: "https://pay.example/checkout" };

const reports = fc
  .record({
    issues: markedFindings("issue", 9),
    notes: markedFindings("note", 4),
    suppressed: markedFindings("suppressed", 3),
    repeatsHidden: fc.boolean(),
  })
  .map(({ issues, notes, suppressed, repeatsHidden }) => {
    const concealed = [...issues.slice(3), ...notes, ...suppressed];
    const shown = issues.slice(0, 3).map((finding) => ({
      ...finding,
      consequences: [...finding.consequences, ...(repeatsHidden ? concealed.map(asConsequence) : [])],
    }));
    return reportOf({
      issues: [...shown, ...issues.slice(3)],
      notes,
      suppressed: suppressed.map((finding) => ({ finding, reason: `because ${finding.title}` })),
      notChecked: [{ rule: "DATA-001", reason: "needs location facts: users" }, ...concealed.map(asNotChecked)],
    });
  });

function asConsequence(finding: Finding) {
  return { code: finding.code, steps: finding.steps.map((step) => step.id) };
}

function asNotChecked(finding: Finding, at: number) {
  return { rule: at % 2 === 0 ? finding.code : finding.rule, reason: "needs location facts: users" };
}

function plain(marker: string, parts: Partial<Finding> = {}): Finding {
  return {
    ...markedFinding(marker, {
      severity: "high",
      confidence: "certain",
      category: "logic",
      suggested: true,
      stepCount: 2,
      consequenceCount: 0,
    }),
    ...parts,
  };
}

describe("the Pro plan", () => {
  test("reads every report unchanged", () => {
    fc.assert(fc.property(reports, (report) => gate(report, "pro", options) === report));
  });
});

test.each(["pro", "free"] as const)("a %s report as text is the text of what the plan reads", (plan) => {
  fc.assert(
    fc.property(reports, (report) => {
      expect(gateJson(JSON.stringify(report), plan, options)).toBe(JSON.stringify(gate(report, plan, options)));
    }),
  );
});

describe("the free plan", () => {
  test("reads nothing of a hidden finding: no fingerprint, code, step id or text of it is in the bytes", () => {
    fc.assert(
      fc.property(reports, (report) => {
        const bytes = JSON.stringify(gate(report, "free", options));
        for (const finding of [...report.issues.slice(3), ...report.notes, ...report.suppressed.map((s) => s.finding)])
          expect(bytes).not.toContain(finding.fingerprint.slice("fingerprint-".length));
      }),
    );
  });

  test("reads the first three issues in report order, whole but for their suggestion", () => {
    fc.assert(
      fc.property(reports, (report) => {
        const gated = gate(report, "free", options);
        const expected = report.issues.slice(0, 3).map(({ suggestion: _, consequences, ...rest }) => ({
          ...rest,
          consequences: consequences.filter((consequence) => consequence.code.startsWith("FOLLOWS-")),
        }));
        expect(gated.issues).toEqual(expected);
        expect(JSON.stringify(gated)).not.toContain("patch-");
      }),
    );
  });

  test("reads complete figures, and how much is hidden", () => {
    fc.assert(
      fc.property(reports, (report) => {
        const gated = gate(report, "free", options);
        const figures = ["schemaVersion", "engineVersion", "workflow", "score", "grade", "summary", "stats"] as const;
        for (const key of [...figures, "categories" as const]) expect(gated[key]).toEqual(report[key]);
        expect(gated.hiddenIssues).toBe(Math.max(0, report.issues.length - 3));
        expect(gated.hiddenNotes).toBe(report.notes.length);
        expect(gated.notes).toEqual([]);
        expect(gated.suppressed).toEqual([]);
        expect(gated.upgrade?.checkoutUrl).toBe(options.checkoutUrl);
      }),
    );
  });

  test("reads a fix order of the shown issues only, in the report's order", () => {
    fc.assert(
      fc.property(reports, (report) => {
        const shown = report.issues.slice(0, 3).map((finding) => finding.fingerprint);
        expect(gate(report, "free", options).fixOrder).toEqual(shown.toReversed());
      }),
    );
  });

  test("does not see keys that this version of the gate does not know", () => {
    const report = { ...reportOf({}), layout: { secret: 1 } };
    expect(gate(report, "free", options)).not.toHaveProperty("layout");
  });

  test("keeps what could not be checked, unless only a hidden finding names that rule", () => {
    const notChecked = ["CODE-a", "CODE-d", "rule-d", "DATA-001"].map((rule) => ({ rule, reason: "needs facts" }));
    const report = reportOf({ issues: ["a", "b", "c", "d"].map((marker) => plain(marker)), notChecked });
    expect(gate(report, "free", options).notChecked.map((entry) => entry.rule)).toEqual(["CODE-a", "DATA-001"]);
  });

  test("keeps of a consequence the steps that no hidden finding of that code hangs on", () => {
    const same = { code: "TIME-008", rule: "rapid-fire-sends" };
    const first = plain("a", {
      consequences: [
        { code: "TIME-008", steps: ["step-d-0", "elsewhere"] },
        { code: "TIME-008", steps: ["step-d-1"] },
        { code: "CONT-008", steps: ["elsewhere"] },
      ],
    });
    const report = reportOf({ issues: [first, plain("b", same), plain("c"), plain("d", same)] });
    expect(gate(report, "free", options).issues[0]?.consequences).toEqual([
      { code: "TIME-008", steps: ["elsewhere"] },
      { code: "CONT-008", steps: ["elsewhere"] },
    ]);
  });

  test("is told in a sentence what an upgrade would open", () => {
    const message = (issues: number, notes: number) =>
      gate(
        reportOf({
          issues: Array.from({ length: issues }, (_, at) => plain(`i${at}`)),
          notes: Array.from({ length: notes }, (_, at) => plain(`n${at}`)),
        }),
        "free",
        options,
      ).upgrade?.message;
    const offer = "Upgrade to Pro for every finding, the notes and ready-made fixes.";
    expect(message(12, 1)).toBe(`You see 3 issues; 9 more issues and 1 note stay hidden on the free plan. ${offer}`);
    expect(message(4, 0)).toBe(`You see 3 issues; 1 more issue stays hidden on the free plan. ${offer}`);
    expect(message(5, 1)).toBe(`You see 3 issues; 2 more issues and 1 note stay hidden on the free plan. ${offer}`);
    expect(message(1, 2)).toBe(`You see 1 issue; 2 notes stay hidden on the free plan. ${offer}`);
    expect(message(2, 0)).toBe(`You see every finding of this workflow. ${offer}`);
  });

  test("is what any plan this version does not know reads", () => {
    const report = reportOf({ issues: ["a", "b", "c", "d"].map((marker) => plain(marker)) });
    expect(gate(report, JSON.parse('"trial"'), options).issues).toHaveLength(3);
  });
});
