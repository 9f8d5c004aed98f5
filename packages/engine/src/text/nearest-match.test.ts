import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { editDistance, nearestMatch } from "./nearest-match.ts";

describe("nearestMatch", () => {
  const fields = ["contact.first_name", "contact.last_name", "contact.name", "contact.email"];

  it.each([
    ["contact.first_nam", "contact.first_name", 1],
    ["contact.frist_name", "contact.first_name", 1],
    ["contact.lastname", "contact.last_name", 1],
    ["contact.emial", "contact.email", 1],
  ])("finds the field meant by %s", (word, match, distance) => {
    expect(nearestMatch(word, fields, 2)).toEqual({ match, distance });
  });

  it("offers nothing when nothing is near", () => {
    expect(nearestMatch("contact.roof_type", fields, 2)).toBeNull();
    expect(nearestMatch("x".repeat(1_000_000), fields, 2)).toBeNull();
  });
});

describe("editDistance", () => {
  it("agrees with the textbook up to its bound", () => {
    const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 8 });
    fc.assert(
      fc.property(word, word, fc.integer({ min: 0, max: 4 }), (left, right, bound) => {
        expect(editDistance(left, right, bound)).toBe(Math.min(textbook(left, right), bound + 1));
      }),
    );
  });
});

function textbook(left: string, right: string): number {
  const rows: number[][] = [];
  const at = (i: number, j: number) => rows[i]?.[j] ?? 0;
  for (let i = 0; i <= left.length; i++) {
    const row: number[] = [];
    rows.push(row);
    for (let j = 0; j <= right.length; j++) {
      if (i === 0 || j === 0) {
        row.push(i + j);
        continue;
      }
      const replaced = at(i - 1, j - 1) + (left[i - 1] === right[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1];
      row.push(
        Math.min(at(i - 1, j) + 1, (row[j - 1] ?? 0) + 1, replaced, swapped ? at(i - 2, j - 2) + 1 : Number.MAX_VALUE),
      );
    }
  }
  return at(left.length, right.length);
}
