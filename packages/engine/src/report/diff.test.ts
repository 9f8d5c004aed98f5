import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { markedFindings, reportOf } from "../../test/arbitrary-report.ts";
import { diff } from "./diff.ts";
import type { Finding } from "./types.ts";

const pool = markedFindings("finding", 5);

/** Two reports that draw from one pool, with repetitions. */
const pair = pool.chain((findings) => {
  const drawn = findings.length === 0 ? fc.constant([]) : fc.array(fc.constantFrom(...findings), { maxLength: 8 });
  return fc.record({ before: drawn, after: drawn, beforeScore: fc.nat(100), afterScore: fc.nat(100) });
});

const marks = (findings: readonly Finding[]) => findings.map((finding) => finding.fingerprint).toSorted();

describe("the difference of two reports", () => {
  test("accounts for every finding of both exactly once, with multiplicity", () => {
    fc.assert(
      fc.property(pair, ({ before, after, beforeScore, afterScore }) => {
        const result = diff(
          reportOf({ issues: before, score: beforeScore }),
          reportOf({ notes: after, score: afterScore }),
        );
        expect(marks([...result.fixed, ...result.unchanged])).toEqual(marks(before));
        expect(marks([...result.new, ...result.unchanged])).toEqual(marks(after));
        const gone = new Set(marks(result.fixed));
        expect(marks(result.new).filter((mark) => gone.has(mark))).toEqual([]);
        expect(result.scoreDelta).toBe(afterScore - beforeScore);
      }),
    );
  });

  test("of a report with itself is empty", () => {
    fc.assert(
      fc.property(pool, pool, (issues, notes) => {
        const report = reportOf({ issues, notes });
        const { fixed, new: added, unchanged, scoreDelta } = diff(report, report);
        expect([fixed, added, scoreDelta]).toEqual([[], [], 0]);
        expect(unchanged).toEqual([...issues, ...notes]);
      }),
    );
  });

  test("tells what is unchanged in the newer report's words", () => {
    const [finding] =
      fc.sample(
        markedFindings("only", 1).filter((list) => list.length > 0),
        1,
      )[0] ?? [];
    if (finding === undefined) throw new Error("one finding was asked for");
    const reworded = { ...finding, message: "said better" };
    const result = diff(reportOf({ issues: [finding] }), reportOf({ issues: [reworded] }));
    expect(result.unchanged).toEqual([reworded]);
  });
});
