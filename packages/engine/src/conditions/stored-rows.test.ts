import { describe, expect, test } from "vitest";
import { parseWorkflow } from "../parse.ts";
import { contactRow, exampleDecision, hasTag } from "../rules/logic/example-workflow.ts";
import { storedRows } from "./stored-rows.ts";

function rowsOfFirstBranch(document: unknown) {
  const step = parseWorkflow(document).steps.find(({ branches }) => branches.length > 0);
  const branch = step?.branches[0];
  return step === undefined || branch === undefined ? null : storedRows(step, branch);
}

describe("stored rows", () => {
  test("are the builder's, each with its place in the document", () => {
    const city = contactRow("city", "==", "Rome");
    const found = rowsOfFirstBranch(exampleDecision("Who?", [{ name: "Yes", rows: [hasTag("vip"), city] }]));
    expect(found?.map(({ row }) => row)).toEqual([hasTag("vip"), city]);
    expect(found?.map(({ pointer }) => pointer)).toEqual([
      expect.stringMatching(/\/attributes\/branches\/0\/segments\/0\/conditions\/0$/),
      expect.stringMatching(/\/attributes\/branches\/0\/segments\/0\/conditions\/1$/),
    ]);
  });

  test("are none where a plain format keeps its conditions", () => {
    const ask = {
      id: "ask",
      type: "condition",
      branches: [{ name: "Yes", conditions: [{ field: "city", value: "Rome" }] }],
    };
    expect(rowsOfFirstBranch({ actions: [ask, { id: "text", type: "sms", config: { body: "Hi" } }] })).toEqual([]);
  });
});
