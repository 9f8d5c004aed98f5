import fc from "fast-check";
import { expect, test } from "vitest";
import { historyQuery, readQuery, submitHeaders, submitRequest } from "./analyses.ts";

test("a body names exactly one of workflow and workflowId", () => {
  expect(submitRequest.safeParse({ workflow: {} }).success).toBe(true);
  expect(submitRequest.safeParse({ workflowId: "a" }).success).toBe(true);
  expect(submitRequest.safeParse({}).success).toBe(false);
  expect(submitRequest.safeParse({ workflow: {}, workflowId: "a" }).success).toBe(false);
  expect(submitRequest.safeParse({ workflow: {}, surprise: 1 }).success).toBe(false);
});

test("any definition passes through the body's schema untouched", () => {
  fc.assert(
    fc.property(
      fc.jsonValue().filter((value) => value !== undefined),
      (workflow) => {
        expect(submitRequest.parse({ workflow }).workflow).toBe(workflow);
      },
    ),
  );
});

test.each([
  ["0", 0],
  ["12.5", 12.5],
  ["30", 30],
  ["31", 30],
  ["99999999999999999999", 30],
])("a wait of %s seconds counts as %d", (given, seconds) => {
  expect(readQuery.parse({ wait: given }).wait).toBe(seconds);
  expect(submitHeaders.parse({ prefer: `respond-async, wait=${given}` }).prefer).toBe(seconds);
});

test.each(["", "soon", "-1", "1e3", "0x10", "Infinity", " 5"])("a wait of %j is refused in the query", (given) => {
  expect(readQuery.safeParse({ wait: given }).success).toBe(false);
});

test.each(["soon", "-1", "1e3", ""])("Prefer: wait=%s is refused", (given) => {
  expect(submitHeaders.safeParse({ prefer: `wait=${given}` }).success).toBe(false);
});

test("a Prefer header without wait asks for nothing", () => {
  expect(submitHeaders.parse({ prefer: "respond-async" }).prefer).toBeUndefined();
});

test.each(["0", "101", "-1", "1.5", "ten", ""])("a history limit of %j is refused", (limit) => {
  expect(historyQuery.safeParse({ limit }).success).toBe(false);
});

test("a history query defaults to twenty entries and keeps its dates inside what a database can hold", () => {
  expect(historyQuery.parse({}).limit).toBe(20);
  expect(historyQuery.parse({ from: "0001-01-01T00:00:00+14:00" }).from?.toISOString()).toBe(
    "1970-01-01T00:00:00.000Z",
  );
  expect(historyQuery.safeParse({ from: "yesterday" }).success).toBe(false);
});

test("an unknown query parameter is refused", () => {
  expect(historyQuery.safeParse({ page: "2" }).success).toBe(false);
});
