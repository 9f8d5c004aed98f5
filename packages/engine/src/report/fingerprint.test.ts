import fc from "fast-check";
import { expect, test } from "vitest";
import { createFingerprints } from "./fingerprint.ts";

test("the order of the steps does not matter", () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { maxLength: 6 }), (ids) => {
      expect(createFingerprints().of("A", ids)).toBe(createFingerprints().of("A", ids.toReversed()));
    }),
  );
});

test("rule, ids and multiplicity all count", () => {
  const { of } = createFingerprints();
  const all = [of("A", ["x"]), of("B", ["x"]), of("A", ["y"]), of("A", ["x", "x"]), of("A", ["x"]), of("A", [])];
  expect(new Set(all).size).toBe(all.length);
});

test("a fingerprint is what it was in the first version: baselines and exceptions hang on it", () => {
  const { of } = createFingerprints();
  expect([of("LOOP-001", ["a", "b"]), of("LOOP-001", ["b", "a"])]).toEqual([
    "LOOP-001:e0288f409bc957ff",
    "LOOP-001:c1678750691e754f",
  ]);
});

test("100,000 fingerprints do not collide", () => {
  const { of } = createFingerprints();
  const all = new Set(Array.from({ length: 100_000 }, (_, at) => of("A", [`step-${at}`])));
  expect(all.size).toBe(100_000);
});
