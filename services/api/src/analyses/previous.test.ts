import { expect, test } from "vitest";
import { comparedWithPrevious } from "./previous.ts";

const summary = { critical: 0, high: 2, medium: 1, low: 0 };
const previous = { id: "before", score: 70, grade: "Good", summary };

test("an analysis without a previous one is no regression", () => {
  expect(comparedWithPrevious({ score: 0, summary, previous: null })).toEqual({ previous: null, regression: false });
});

test.each([
  ["a lower score is a regression", 69, summary, true],
  ["a higher score is none, whatever was found", 71, { ...summary, critical: 1 }, false],
  ["the same score with the same findings is none", 70, summary, false],
  ["the same score with a graver finding is one", 70, { ...summary, critical: 1, high: 0 }, true],
  ["the same score with a graver finding less is none", 70, { ...summary, high: 1, medium: 9 }, false],
] as const)("%s", (_claim, score, found, regression) => {
  expect(comparedWithPrevious({ score, summary: found, previous })).toEqual({
    previous: { id: "before", score: 70, grade: "Good", scoreDelta: score - 70 },
    regression,
  });
});
