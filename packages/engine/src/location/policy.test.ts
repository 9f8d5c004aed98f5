import { expect, test } from "vitest";
import { resolveOptions, type WorkflowPolicy } from "../options.ts";
import { parseWorkflow } from "../parse.ts";
import { createView } from "../view.ts";
import { ownPolicy } from "./policy.ts";

function policyOf(name: string, policy: Readonly<Record<string, WorkflowPolicy>>): WorkflowPolicy | undefined {
  return ownPolicy(createView(parseWorkflow({ name, actions: [] }), resolveOptions({ policy })));
}

test("a workflow has the policy of its name, and none of another's", () => {
  const policy = { Welcome: { reentry: false } };
  expect(policyOf("Welcome", policy)).toEqual({ reentry: false });
  expect(policyOf("Farewell", policy)).toBeUndefined();
});

test("a workflow that is named like a part of every object has no policy by that", () => {
  expect(policyOf("constructor", {})).toBeUndefined();
  expect(policyOf("__proto__", {})).toBeUndefined();
});
