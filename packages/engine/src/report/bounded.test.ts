import { expect, test } from "vitest";
import { boundedFigures, boundedSuggestion, boundedWords } from "./bounded.ts";

const long = "x".repeat(5_000);

test("sentences end after 2,000 characters, never inside a pair", () => {
  expect(boundedWords("short")).toBe("short");
  expect(boundedWords(long)).toHaveLength(2_000);
  expect(boundedWords("\u{1f600}".repeat(5_000)).isWellFormed()).toBe(true);
  expect(boundedWords(`x${"\u{1f600}".repeat(5_000)}`).isWellFormed()).toBe(true);
});

test("figures of usual size are passed on as they are", () => {
  const figures = { seconds: 30, pair: ["a", "b"], nested: { list: [1, null, true] } };
  expect(boundedFigures(figures)).toBe(figures);
});

test("every text in figures is cut, keys included, wherever it stands", () => {
  const cut = boundedFigures({ text: long, list: [long], nested: { [long]: 1 }, count: 3, none: null });
  expect(JSON.stringify(cut).length).toBeLessThan(3_200);
  expect(cut).toMatchObject({ count: 3, none: null });
});

test("a suggestion that carries whole books is none, an empty one neither", () => {
  const replace = (value: unknown) => [{ op: "replace" as const, path: "/a", value }];
  expect(boundedSuggestion(replace(long))).toEqual(replace(long));
  expect(boundedSuggestion(replace("x".repeat(300_000)))).toBeNull();
  expect(boundedSuggestion([])).toBeNull();
  expect(boundedSuggestion(null)).toBeNull();
});
