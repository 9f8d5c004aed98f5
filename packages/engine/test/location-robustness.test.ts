import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { analyzeLocation } from "../src/analyze-location.ts";
import type { LocationReport } from "../src/report.ts";
import { gateLocation } from "../src/report.ts";
import { mutated } from "./arbitrary-mutation.ts";
import { options, workflow } from "./arbitrary-workflow.ts";

const MEMBERS = 6;
const numbers = fc.array(fc.nat({ max: MEMBERS }), { minLength: 8, maxLength: 8 });

/** A generated workflow that knows the others: its own id, hand-overs and removals that name them, tags that they share. */
const member = fc.tuple(workflow, numbers).map(([document, picks]) => {
  let next = 0;
  const pick = (prefix: string) => `${prefix}${picks[next++ % picks.length]}`;
  return JSON.parse(JSON.stringify(document), (key, value) => {
    if (key === "workflow_id") return Array.isArray(value) ? [pick("w")] : pick("w");
    if (key === "tags" && Array.isArray(value)) return [pick("tag ")];
    return value;
  });
});

const location = fc
  .array(member, { maxLength: MEMBERS })
  .map((documents) =>
    documents.map((document, at) => ({ ...document, workflow: { ...document.workflow, _id: `w${at}`, id: `w${at}` } })),
  );

const damaged: fc.Arbitrary<unknown[]> = location.chain((documents) =>
  documents.length === 0 ? fc.constant<unknown[]>([]) : fc.array(mutated(documents), { maxLength: 5 }),
);

function everything(report: LocationReport) {
  return [
    ...report.issues,
    ...report.notes,
    ...report.workflows.flatMap((entry) =>
      entry.status === "analysed" ? [...entry.report.issues, ...entry.report.notes] : [],
    ),
  ];
}

const errorsOf = (report: LocationReport) =>
  everything(report).flatMap(({ rule, evidence }) => (rule === "rule-error" ? [evidence] : []));

describe("whatever is given", () => {
  test("a location gets a report, and no rule fails on it", () => {
    fc.assert(
      fc.property(location, options, (documents, given) => {
        expect(errorsOf(analyzeLocation(documents, given))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test("a damaged one gets one, too: what is no workflow is a failed entry", () => {
    fc.assert(
      fc.property(damaged, options, (documents, given) => {
        const report = analyzeLocation(documents, given);
        expect(errorsOf(report)).toEqual([]);
        expect(report.workflows.map(({ index }) => index).sort((a, b) => a - b)).toEqual(documents.map((_, at) => at));
      }),
      { numRuns: 150 },
    );
  });

  test("any JSON at all gets one", () => {
    const value = fc.anything({ maxDepth: 4, values: [fc.constantFrom("sms", "w0", "__proto__"), fc.jsonValue()] });
    fc.assert(
      fc.property(fc.array(value, { maxLength: 4 }), (documents) => {
        expect(analyzeLocation(documents).workflows).toHaveLength(documents.length);
      }),
      { numRuns: 500 },
    );
  });
});

describe("every report on a location", () => {
  test("is plain JSON with sound references, and bounded words", () => {
    fc.assert(
      fc.property(location, options, (documents, given) => {
        const report = analyzeLocation(documents, given);
        expect(JSON.parse(JSON.stringify(report))).toEqual(report);
        const ids = new Set(report.map.workflows.map(({ id }) => id));
        for (const { from, to, delaySeconds } of report.map.ties) {
          expect(ids.has(from) && ids.has(to)).toBe(true);
          expect(delaySeconds).toBeGreaterThanOrEqual(0);
        }
        for (const cycle of report.map.cycles) for (const id of cycle) expect(ids.has(id)).toBe(true);
        for (const finding of [...report.issues, ...report.notes]) {
          for (const words of [finding.message, finding.impact, finding.fix])
            expect(words).not.toMatch(/undefined|NaN|\[object|Infinity/);
          for (const hop of finding.hops) expect(ids.has(hop.workflowId)).toBe(true);
        }
        const prints = report.issues.map(({ fingerprint }) => fingerprint);
        expect(new Set(prints).size).toBe(prints.length);
      }),
      { numRuns: 150 },
    );
  });

  test("does not depend on the order of the list, but for the places in it", () => {
    const shuffled = location.chain((documents) =>
      fc.tuple(
        fc.constant(documents),
        fc.shuffledSubarray(documents, { minLength: documents.length, maxLength: documents.length }),
      ),
    );
    const placeless = (report: LocationReport) =>
      JSON.stringify({ ...report, workflows: report.workflows.map((entry) => ({ ...entry, index: 0 })) });
    fc.assert(
      fc.property(shuffled, options, ([documents, others], given) => {
        expect(placeless(analyzeLocation(others, given))).toBe(placeless(analyzeLocation(documents, given)));
      }),
      { numRuns: 100 },
    );
  });

  test("shows the free plan three issues at most, and no word of the others", () => {
    fc.assert(
      fc.property(location, (documents) => {
        const report = analyzeLocation(documents);
        const gated = gateLocation(report, "free", { checkoutUrl: "https://pay.example" });
        const shown = new Set(everything(gated).map(({ fingerprint }) => fingerprint));
        expect(shown.size).toBeLessThanOrEqual(3);
        const bytes = JSON.stringify(gated);
        for (const { message } of report.issues.filter(({ fingerprint }) => !shown.has(fingerprint)))
          expect(bytes).not.toContain(JSON.stringify(message).slice(1, -1));
      }),
      { numRuns: 60 },
    );
  });
});
