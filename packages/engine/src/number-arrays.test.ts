import { expect, test } from "vitest";
import { float64s, int32s } from "./number-arrays.ts";

test("arrays of any size are full of zeros, and no two share a place", () => {
  const arrays = Array.from({ length: 3_000 }, (_, at) => (at % 2 === 0 ? int32s : float64s)((at * 7) % 700));
  arrays.forEach((array, at) => {
    expect(array.length).toBe((at * 7) % 700);
    expect(array.every((value) => value === 0)).toBe(true);
    array.fill(at + 1);
  });
  arrays.forEach((array, at) => {
    expect(array.every((value) => value === at + 1)).toBe(true);
  });
});
