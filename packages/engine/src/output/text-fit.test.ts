import fc from "fast-check";
import { expect, test } from "vitest";
import { clip, textWidth, wrap } from "./text-fit.ts";

test("a text is cut with an ellipsis where it is too wide, and narrow letters leave room for more", () => {
  expect(clip("short", 10)).toBe("short");
  expect(clip("W".repeat(30), 10)).toBe(`${"W".repeat(9)}…`);
  expect(clip("i".repeat(30), 10)).toHaveLength(27);
});

test("lines break at spaces, and the last one is cut", () => {
  expect(wrap("one two three four five six", 6, 2)).toEqual(["one two", "three four…"]);
  expect(wrap("", 6, 2)).toEqual([]);
});

test("whatever the text, lines are no wider than allowed, and no character is cut in two", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 80 }), fc.integer({ min: 3, max: 20 }), (text, most) => {
      for (const line of wrap(text, most, 2)) {
        expect(textWidth(line)).toBeLessThanOrEqual(most + 1);
        expect(line.isWellFormed()).toBe(text.isWellFormed());
      }
    }),
  );
});
