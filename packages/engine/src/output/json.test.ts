import fc from "fast-check";
import { expect, test } from "vitest";
import { markedFindings, reportOf } from "../../test/arbitrary-report.ts";
import { renderJson } from "./json.ts";

/** The same value with the keys of every object the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, item]) => [key, reversed(item)]),
  );
}

test("JSON holds the whole report, in bytes that do not depend on the order its keys were stored in", () => {
  fc.assert(
    fc.property(markedFindings("i", 4), fc.dictionary(fc.string(), fc.jsonValue()), (issues, evidence) => {
      const report = reportOf({ issues: issues.map((issue) => ({ ...issue, evidence })) });
      const written = renderJson(report);
      expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify(report)));
      expect(renderJson(JSON.parse(JSON.stringify(reversed(report))))).toBe(written);
    }),
  );
});

test("JSON starts with what a reader looks for", () => {
  const keys = Object.keys(JSON.parse(renderJson(reportOf({}))));
  expect(keys.slice(0, 6)).toEqual(["schemaVersion", "engineVersion", "workflow", "score", "grade", "summary"]);
});
