import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { markedFinding, markedFindings } from "../../test/arbitrary-report.ts";
import type { Suppression } from "../options.ts";
import { applySuppressions, unusedSuppressions } from "./suppressions.ts";
import type { Finding } from "./types.ts";

function finding(marker: string): Finding {
  return markedFinding(marker, {
    severity: "high",
    confidence: "certain",
    category: "logic",
    suggested: false,
    stepCount: 2,
    consequenceCount: 0,
  });
}

const accept = (rule: string, more: Partial<Suppression> = {}): Suppression => ({ rule, reason: "agreed", ...more });
const hides = (suppression: Suppression, now: string | null = "2026-06-15") =>
  applySuppressions([finding("a")], [suppression], now).suppressed.length === 1;

describe("suppressions", () => {
  test("every finding is either kept or suppressed, in order, and none is lost", () => {
    const rules = fc.constantFrom("CODE-f0x", "rule-f1x", "code-F2X", "CODE-other");
    const suppression = fc.record({ rule: rules, reason: fc.constant("agreed") });
    fc.assert(
      fc.property(markedFindings("f", 5), fc.array(suppression, { maxLength: 4 }), (findings, suppressions) => {
        const { kept, suppressed, notes } = applySuppressions(findings, suppressions, null);
        const all = [...kept, ...suppressed.map((entry) => entry.finding)];
        expect(new Set(all)).toEqual(new Set(findings));
        expect(all).toHaveLength(findings.length);
        expect(notes.length).toBeLessThanOrEqual(suppressions.length);
      }),
    );
  });

  test("name a rule by code or by id, in any letter case", () => {
    expect([accept("CODE-a"), accept("code-A"), accept("rule-a")].map((one) => hides(one))).toEqual([true, true, true]);
    expect(hides(accept("CODE-b"))).toBe(false);
  });

  test("hang on any of the steps that the finding names, and on nothing else", () => {
    expect(hides(accept("CODE-a", { step: "step-a-0" }))).toBe(true);
    expect(hides(accept("CODE-a", { step: "step-a-1" }))).toBe(true);
    expect(hides(accept("CODE-a", { step: "step-a" }))).toBe(false);
  });

  test("carry why, by whom and until when into the report", () => {
    const terms = { reason: "agreed", by: "Dana Owner", until: "2026-12-31" };
    const { suppressed } = applySuppressions([finding("a")], [accept("CODE-a", terms)], null);
    expect(suppressed).toEqual([{ finding: finding("a"), ...terms }]);
  });

  test("survive an edit of every text", () => {
    const edited = { ...finding("a"), message: "other words", title: "other title" };
    const { suppressed } = applySuppressions([edited], [accept("CODE-a", { step: "step-a-0" })], null);
    expect(suppressed).toEqual([{ finding: edited, reason: "agreed" }]);
  });

  test("hold through the day they end on and not a day longer", () => {
    const until = accept("CODE-a", { until: "2026-06-15" });
    expect(hides(until, "2026-06-15T23:59:00Z")).toBe(true);
    expect(hides(until, "2026-06-16")).toBe(false);
    expect(hides(until, null)).toBe(true);
  });

  test("that have ended are reported as a note beside the finding", () => {
    const ended = accept("CODE-a", { step: "step-a-0", until: "2026-01-31" });
    const { kept, suppressed, notes } = applySuppressions([finding("a")], [ended], "2026-02-01");
    expect([kept.length, suppressed.length]).toEqual([1, 0]);
    expect(notes.map((note) => note.message)).toEqual([
      "The exception for CODE-a at step step-a-0 ended on 2026-01-31: its findings are reported again.",
    ]);
  });

  test("that hide nothing are reported as a note", () => {
    const { notes } = applySuppressions([finding("a")], [accept("CODE-a"), accept("CODE-b")], null);
    expect(notes.map((note) => [note.severity, note.message])).toEqual([
      ["info", "The exception for CODE-b hides nothing: no such finding exists any more."],
    ]);
  });

  test("that hide nothing say in their figures what they were, without what was not given", () => {
    const until = { until: "2027-01-01" };
    const given = [accept("CODE-b"), accept("CODE-c", { step: "s", ...until })];
    const figures = applySuppressions([], given, null).notes.map(({ evidence }) => evidence);
    expect(figures).toEqual([
      { rule: "CODE-b", reason: given[0]?.reason },
      { rule: "CODE-c", step: "s", reason: given[1]?.reason, ...until },
    ]);
  });

  test("carry their reason and end to the suppressed finding; the first that fits speaks", () => {
    const first = accept("CODE-a", { reason: "one-off", until: "2027-01-01" });
    const { suppressed, notes } = applySuppressions([finding("a")], [first, accept("rule-a")], "2026-06-15");
    expect(suppressed).toEqual([{ finding: finding("a"), reason: "one-off", until: "2027-01-01" }]);
    expect(notes).toEqual([]);
  });

  test("that hide nothing concern no step, and nothing behind one", () => {
    const { notes } = applySuppressions([], [accept("CODE-b")], null);
    expect(notes[0]).toMatchObject({ blastRadius: { sends: 0, steps: 0 }, steps: [], path: [] });
  });

  test("of a location are told where none of its reports needs them", () => {
    const given = [accept("CODE-a"), accept("CODE-b")];
    const suppressed = [{ finding: finding("a"), workflows: ["w"] }];
    const messages = (suppressions: readonly Suppression[]) =>
      unusedSuppressions(suppressed, suppressions, null).map(({ message }) => message);
    expect(messages(given)).toEqual(["The exception for CODE-b hides nothing: no such finding exists any more."]);
    expect(messages([accept("CODE-c")])).toHaveLength(1);
    expect(messages([])).toEqual([]);
  });

  test("one that names a workflow holds in that workflow only", () => {
    const inA = accept("CODE-a", { workflow: "a" });
    const of = (...ids: string[]) => applySuppressions([finding("a")], [inA], null, () => ids).suppressed.length;
    expect([of("a"), of("b"), of("b", "a"), of()]).toEqual([1, 0, 1, 0]);
  });
});
