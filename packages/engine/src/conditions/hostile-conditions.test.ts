import fc from "fast-check";
import { expect, test } from "vitest";
import { createLocation } from "../location/location.ts";
import { findConflict } from "./conflict.ts";
import { findGap } from "./coverage.ts";
import { fieldReader } from "./fields.ts";
import { readCondition } from "./read-condition.ts";
import { findShadows } from "./shadowing.ts";
import { describeCondition } from "./words.ts";

const keys = [
  "conditionType",
  "conditionSubType",
  "conditionOperator",
  "conditionValue",
  "conditionValueOperator",
  "field",
  "operator",
  "value",
  "conditions",
  "segments",
  "condition",
];
const words = [
  "contact_detail",
  "tags",
  "index-of-true",
  "==",
  ">",
  "between",
  "and",
  "or",
  "2026-13-45",
  "1e999",
  "{{x}}",
  "__proto__",
  "constructor",
  "",
];
const anything = fc.oneof(
  fc.constantFrom(...words),
  fc.anything({ maxDepth: 3, key: fc.constantFrom(...keys, "__proto__") }),
);
const row = fc.dictionary(fc.constantFrom(...keys), anything, { maxKeys: 6 });
const source = fc.oneof(
  row,
  fc.record({ conditions: fc.array(row, { maxLength: 4 }), operator: anything }),
  fc.record({
    segments: fc.array(fc.record({ conditions: fc.array(row, { maxLength: 3 }), operator: anything })),
    operator: anything,
  }),
);

test("whatever stands where conditions should, reading, solving and wording them throws nothing", () => {
  fc.assert(
    fc.property(fc.array(source, { minLength: 1, maxLength: 4 }), (sources) => {
      const fields = fieldReader(createLocation({}));
      const conditions = sources.map((one) => readCondition(one, fields));
      findShadows(conditions);
      findGap(conditions, () => undefined);
      for (const condition of conditions) {
        findConflict(condition);
        expect(describeCondition(condition)).toBeTypeOf("string");
      }
    }),
    { numRuns: 500 },
  );
});

test("ten branches of ten doubtful rows each are decided or left open within a fixed effort", () => {
  const fields = fieldReader(createLocation({}));
  const hard = Array.from({ length: 10 }, (_, branch) =>
    readCondition(
      {
        conditions: Array.from({ length: 10 }, (_, at) => ({
          field: `field_${(at + branch) % 7}`,
          operator: at % 2 === 0 ? "!=" : "==",
          value: `v${(at * branch) % 5}`,
        })),
      },
      fields,
    ),
  );
  for (const { branch, by } of findShadows(hard)) expect(by.every((at) => at < branch)).toBe(true);
  expect(findGap(hard, () => undefined)).not.toBeUndefined();
});
