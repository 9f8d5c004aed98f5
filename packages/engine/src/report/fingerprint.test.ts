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

test("100,000 fingerprints do not collide", () => {
  const { of } = createFingerprints();
  const all = new Set(Array.from({ length: 100_000 }, (_, at) => of("A", [`step-${at}`])));
  expect(all.size).toBe(100_000);
});
