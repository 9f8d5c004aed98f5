import { expect, test } from "vitest";
import { afterTime, counted, inShort, inWords, listed, quoted } from "./words.ts";

test("times are told in at most two units, weeks only when they say it all", () => {
  expect([0, 1, 90, 3600, 86_460, 90_061, 864_000, 1_209_600, Number.POSITIVE_INFINITY].map(inWords)).toEqual([
    "no time",
    "1 second",
    "1 minute 30 seconds",
    "1 hour",
    "1 day 1 minute",
    "1 day 1 hour",
    "10 days",
    "2 weeks",
    "an unknown time",
  ]);
});

test("a time after the start, in full and in short", () => {
  expect([0, 90, 172_800].map(afterTime)).toEqual(["at once", "after 1 minute 30 seconds", "after 2 days"]);
  expect([0, 90, 3600, 604_800].map(inShort)).toEqual(["at once", "1 min 30 s", "1 h", "1 wk"]);
});

test("counts have their word in the right number", () => {
  expect([counted(0, "step"), counted(1, "step"), counted(2, "box", "boxes")]).toEqual([
    "0 steps",
    "1 step",
    "2 boxes",
  ]);
});

test("long lists are counted, not told in full", () => {
  expect([[], ["a"], ["a", "b"], ["a", "b", "c", "d", "e"]].map((names) => listed(names))).toEqual([
    "",
    "a",
    "a and b",
    "a, b, c and 2 more",
  ]);
  expect([listed(["a", "b", "c", "d"]), listed(["a", "b", "c"], 2)]).toEqual(["a, b, c and d", "a and 2 more"]);
});

test("names stand on one line and stay short", () => {
  expect(quoted({ name: " Say\n hello " })).toBe('"Say hello"');
  expect(quoted({ name: "x".repeat(60) })).toBe(`"${"x".repeat(60)}"`);
  expect(quoted({ name: "x".repeat(61) })).toBe(`"${"x".repeat(59)}…"`);
});
