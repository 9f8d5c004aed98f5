import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { markedFinding, markedFindings, reportOf } from "../../test/arbitrary-report.ts";
import { gateLocation } from "./gate-location.ts";
import type { LocationEntry, LocationFinding, LocationReport } from "./location-types.ts";
import { inReportOrder } from "./order.ts";
import type { Finding } from "./types.ts";

const options = { checkoutUrl: "https://pay.example/checkout" };

/** A finding between workflows, of which every text carries the marker. */
function between(finding: Finding, code = finding.code): LocationFinding {
  const marker = finding.fingerprint.slice("fingerprint-".length);
  return {
    ...finding,
    code,
    steps: finding.steps.map((step) => ({ ...step, workflowId: `workflow-${marker}` })),
    path: [],
    workflows: [{ id: `workflow-${marker}`, name: `name-${marker}` }],
    hops: [
      {
        workflowId: `workflow-${marker}`,
        workflowName: `name-${marker}`,
        trigger: { id: `trigger-${marker}`, name: `trigger name-${marker}`, type: "contact_tag" },
        filter: `filter-${marker}`,
        stepId: `step-${marker}`,
        stepName: `step name-${marker}`,
        effect: `effect-${marker}`,
        delaySeconds: 60,
        reentry: true,
      },
    ],
  };
}

interface Parts {
  readonly issues: readonly LocationFinding[];
  readonly notes: readonly LocationFinding[];
  readonly suppressed: readonly LocationFinding[];
  readonly entries: readonly LocationEntry[];
}

function locationOf({ issues, notes, suppressed, entries }: Parts): LocationReport {
  const reports = entries.flatMap((entry) => (entry.status === "analysed" ? [entry] : []));
  return {
    schemaVersion: 1,
    engineVersion: "0.0.0",
    score: 40,
    grade: "High Risk",
    summary: { critical: 1, high: 2, medium: 3, low: 4, info: 5, suppressed: 6, notChecked: 7 },
    workflows: entries,
    issues,
    notes,
    suppressed: suppressed.map((finding) => ({ finding, reason: `because ${finding.title}` })),
    notChecked: [...issues, ...notes, ...suppressed].map(({ rule }) => ({ rule, reason: "needs more" })),
    categories: { loops: { score: 90, assessed: true } },
    fixOrder: [
      ...issues.map(({ fingerprint }) => ({ workflowId: null, fingerprint })),
      ...reports.flatMap(({ id, report }) => report.issues.map(({ fingerprint }) => ({ workflowId: id, fingerprint }))),
      { workflowId: "gone", fingerprint: "gone" },
    ],
    map: {
      workflows: reports.map(({ id, report: { workflow, score, grade } }) => ({
        id,
        name: workflow.name,
        status: workflow.status,
        score,
        grade,
        issues: 0,
      })),
      ties: issues.map(({ hops }) => ({
        from: hops[0]?.workflowId ?? "",
        to: "x",
        kind: "tag",
        name: hops[0]?.effect ?? "",
        delaySeconds: 0,
      })),
      tiesLeftOut: 2,
      cycles: issues.flatMap(({ code, hops }) =>
        code === "XWF-001" ? [hops.map(({ workflowId }) => workflowId)] : [],
      ),
    },
    references: issues.map(({ steps, hops }) => ({
      kind: "tag",
      id: hops[0]?.effect ?? "",
      name: hops[0]?.effect ?? "",
      writers: steps.map(({ id, workflowId }) => ({ workflowId, stepId: id })),
      readers: [],
    })),
    stats: {
      workflows: entries.length,
      failed: 0,
      published: reports.length,
      steps: 9,
      stepsUnderstood: 9,
      triggers: 3,
      sends: 3,
      ties: 4,
      cycles: 1,
    },
  };
}

const locations = fc
  .record({
    issues: markedFindings("between", 5),
    notes: markedFindings("note", 3),
    suppressed: markedFindings("accepted", 3),
    workflows: fc.array(fc.record({ issues: markedFindings("own", 5), notes: markedFindings("remark", 2) }), {
      maxLength: 4,
    }),
    cycles: fc.boolean(),
  })
  .map(({ issues, notes, suppressed, workflows, cycles }) =>
    locationOf({
      issues: issues
        .map((finding, at) => between(finding, cycles && at % 2 === 0 ? "XWF-001" : finding.code))
        .sort(inReportOrder),
      notes: notes.map((finding) => between(finding)),
      suppressed: suppressed.map((finding) => between(finding)),
      entries: [
        ...workflows.map((own, at): LocationEntry => {
          const rename = (finding: Finding): Finding =>
            JSON.parse(JSON.stringify(finding).replaceAll("own", `in${at}own`));
          return {
            index: at,
            status: "analysed",
            id: `w${at}`,
            report: reportOf({ issues: own.issues.map(rename).sort(inReportOrder), notes: own.notes.map(rename) }),
          };
        }),
        { index: 9, status: "failed", id: null, name: null, error: { code: "MISSING", message: "no steps", path: "" } },
      ],
    }),
  );

function everyFinding(report: LocationReport): readonly Finding[] {
  return [
    ...report.issues,
    ...report.workflows.flatMap((entry) => (entry.status === "analysed" ? entry.report.issues : [])),
  ];
}

function marksOf(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ fingerprint }) => fingerprint.slice("fingerprint-".length));
}

test("the Pro plan reads the report unchanged", () => {
  fc.assert(fc.property(locations, (report) => gateLocation(report, "pro", options) === report));
});

describe("the free plan", () => {
  test("reads the first three issues of all reports in one order", () => {
    fc.assert(
      fc.property(locations, (report) => {
        const gated = gateLocation(report, "free", options);
        const first = everyFinding(report).toSorted(inReportOrder).slice(0, 3);
        expect(marksOf(everyFinding(gated)).toSorted()).toEqual(marksOf(first).toSorted());
        expect(gated.hiddenIssues).toBe(everyFinding(report).length - first.length);
        expect(gated.fixOrder.map(({ fingerprint }) => fingerprint).toSorted()).toEqual(
          first.map(({ fingerprint }) => fingerprint).toSorted(),
        );
      }),
    );
  });

  test("reads nothing of a hidden finding, in whatever part of the report it would stand", () => {
    fc.assert(
      fc.property(locations, (report) => {
        const gated = gateLocation(report, "free", options);
        const bytes = JSON.stringify(gated);
        const shown = new Set(marksOf(everyFinding(gated)));
        const concealed = [
          ...everyFinding(report),
          ...report.notes,
          ...report.suppressed.map(({ finding }) => finding),
          ...report.workflows.flatMap((entry) => (entry.status === "analysed" ? entry.report.notes : [])),
        ].filter((finding) => !shown.has(marksOf([finding])[0] ?? ""));
        for (const mark of marksOf(concealed)) expect(bytes).not.toContain(mark);
        expect(bytes).not.toContain("patch-");
      }),
    );
  });

  test("reads complete figures, the failed documents and how much is hidden", () => {
    fc.assert(
      fc.property(locations, (report) => {
        const gated = gateLocation(report, "free", options);
        for (const key of ["score", "grade", "summary", "categories", "stats"] as const)
          expect(gated[key]).toEqual(report[key]);
        expect(gated.map.workflows).toEqual(report.map.workflows);
        expect(gated.workflows.filter(({ status }) => status === "failed")).toEqual(
          report.workflows.filter(({ status }) => status === "failed"),
        );
        expect(gated.map.tiesLeftOut).toBe(report.map.ties.length + 2);
        expect(gated.upgrade?.checkoutUrl).toBe(options.checkoutUrl);
      }),
    );
  });

  test("repairs shown issues that the report's own order leaves out behind the others", () => {
    fc.assert(
      fc.property(locations, (report) => {
        const gated = gateLocation({ ...report, fixOrder: report.fixOrder.slice(1) }, "free", options);
        expect(gated.fixOrder).toHaveLength(everyFinding(gated).length);
      }),
    );
  });

  test("keeps the cycle that a shown finding tells of, and says when nothing is hidden", () => {
    const cycle = between(
      markedFinding("cycle", {
        severity: "critical",
        confidence: "certain",
        category: "cross-workflow",
        suggested: false,
        stepCount: 1,
        consequenceCount: 0,
      }),
      "XWF-001",
    );
    const gated = gateLocation(
      locationOf({ issues: [cycle], notes: [], suppressed: [], entries: [] }),
      "free",
      options,
    );
    expect(gated.map.cycles).toEqual([["workflow-cycle"]]);
    expect(gated.fixOrder).toEqual([{ workflowId: null, fingerprint: "fingerprint-cycle" }]);
    expect(gated.upgrade?.message).toContain("every finding of this location");
  });
});
