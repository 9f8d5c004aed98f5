import { expect, test } from "vitest";
import { sameSettings } from "./same-settings.ts";

test("settings are the same whatever the order of their keys and the builder's own ids", () => {
  expect(sameSettings({ a: 1, b: [{ __id: "x", c: "d" }] }, { b: [{ __id: "y", c: "d" }], a: 1 })).toBe(true);
});

test.each([
  [{ a: 1 }, { a: 2 }],
  [{ a: [1, 2] }, { a: [2, 1] }],
  [{ a: 1 }, { a: 1, b: undefined }],
  [{ a: [] }, { a: {} }],
  [{ a: null }, { a: {} }],
])("%j and %j differ", (a, b) => {
  expect(sameSettings(a, b)).toBe(false);
});

test("settings nested without end are not followed for ever", () => {
  let a: object = {};
  let b: object = {};
  for (let depth = 0; depth < 1000; depth++) {
    a = { a };
    b = { a: b };
  }
  expect(sameSettings(a, b)).toBe(false);
});
