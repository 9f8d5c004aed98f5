import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { markedFindings, reportOf } from "../../test/arbitrary-report.ts";
import { diff } from "./diff.ts";
import { gate } from "./gate.ts";
import { gateDiff } from "./gate-diff.ts";

const options = { checkoutUrl: "https://pay.example/checkout" };

const pair = fc
  .record({
    shared: markedFindings("shared", 6),
    gone: markedFindings("gone", 5),
    added: markedFindings("added", 5),
    notes: markedFindings("note", 2),
  })
  .map(({ shared, gone, added, notes }) => ({
    before: reportOf({ issues: [...gone, ...shared], notes }),
    after: reportOf({ issues: [...added, ...shared] }),
  }));

describe("a gated difference", () => {
  test("is the whole difference on Pro", () => {
    fc.assert(
      fc.property(pair, ({ before, after }) => {
        expect(gateDiff(before, after, "pro", options)).toEqual(diff(before, after));
      }),
    );
  });

  test("holds nothing on Free that neither of the two gated reports shows", () => {
    fc.assert(
      fc.property(pair, ({ before, after }) => {
        const bytes = JSON.stringify(gateDiff(before, after, "free", options));
        const shown = [before, after].flatMap((report) => gate(report, "free", options).issues);
        const readable = new Set(shown.map((finding) => finding.fingerprint));
        for (const finding of [...before.issues, ...before.notes, ...after.issues])
          if (!readable.has(finding.fingerprint))
            expect(bytes).not.toContain(finding.fingerprint.slice("fingerprint-".length));
        expect(bytes).not.toContain("patch-");
      }),
    );
  });

  test("says on Free how many findings of each list are left out, and keeps the figures whole", () => {
    fc.assert(
      fc.property(pair, ({ before, after }) => {
        const whole = diff(before, after);
        const gated = gateDiff(before, after, "free", options);
        for (const list of ["fixed", "new", "unchanged"] as const)
          expect(gated[list].length + (gated.hidden?.[list] ?? 0)).toBe(whole[list].length);
        expect([gated.before, gated.after, gated.scoreDelta]).toEqual([whole.before, whole.after, whole.scoreDelta]);
        expect(gated.upgrade?.checkoutUrl).toBe(options.checkoutUrl);
      }),
    );
  });
});
