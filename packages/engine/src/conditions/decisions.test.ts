import { expect, test } from "vitest";
import { exported, type Flow, row, step } from "../../test/builder-document.ts";
import { resolveOptions } from "../options.ts";
import { parseWorkflow } from "../parse.ts";
import { createView } from "../view.ts";
import { branchConditions, waitConditions } from "./branch-conditions.ts";
import { decisions } from "./decisions.ts";
import { describeCondition } from "./words.ts";

const viewOf = (flow: Flow) => createView(parseWorkflow(exported("w", flow, {}, [])), resolveOptions({}));
const vip = row("contact_detail", "tags", "index-of-true", ["vip"]);
const choice = (rows: readonly (typeof vip)[]) => ({
  kind: "choice" as const,
  name: "VIP?",
  branches: [{ name: "VIP", rows, steps: [step("sms", "Hi")] }],
  none: [],
});

test("an If/Else is a decision: its branches in testing order, and None apart", () => {
  const [decision] = viewOf([choice([vip])]).derive(decisions);
  expect(decision?.step.name).toBe("VIP?");
  expect([decision?.named.map(({ name }) => name), decision?.none?.name]).toEqual([["VIP"], "None"]);
});

test("routers, splits, lookups and an If/Else that is not set up are none", () => {
  const ways = (type: string, names: readonly [string, string]) => ({
    kind: "ways" as const,
    type,
    name: type,
    attributes: {},
    ways: names.map((name) => ({ name, steps: [] })),
  });
  const router = { kind: "router" as const, name: "r", lanes: [{ name: "l", steps: [] }] };
  for (const piece of [router, ways("workflow_split", ["A", "B"]), ways("find_contact", ["Found", "Not found"])])
    expect(viewOf([piece]).derive(decisions)).toEqual([]);
  const unset = { id: "c", type: "if_else", nodeType: "condition-node", next: [], attributes: { branches: [] } };
  expect(createView(parseWorkflow([unset]), resolveOptions({})).derive(decisions)).toEqual([]);
});

test("a branch's condition is read when asked for, and once", () => {
  const view = viewOf([choice([vip])]);
  const [branch] = view.workflow.steps[0]?.branches ?? [];
  if (branch === undefined) throw new Error("no branch");
  const conditionOf = view.derive(branchConditions);
  expect(describeCondition(conditionOf(branch))).toBe('has the tag "vip"');
  expect(conditionOf(branch)).toBe(conditionOf(branch));
  const [bare] = viewOf([choice([])]).workflow.steps[0]?.branches ?? [];
  expect(bare === undefined ? null : conditionOf(bare).kind).toBe("never");
});

test("a condition wait waits for any of its branches; other waits for none", () => {
  const branches = [
    { segments: [{ conditions: [vip] }] },
    { segments: [{ conditions: [row("contact_detail", "city", "has_value", "")] }] },
  ];
  const words = (attributes: Readonly<Record<string, unknown>>) => {
    const view = viewOf([step("wait", "Hold", attributes)]);
    const [wait] = view.workflow.steps;
    const condition = wait === undefined ? null : view.derive(waitConditions)(wait);
    return condition === null ? null : describeCondition(condition);
  };
  expect(words({ type: "condition", condition: { branches } })).toBe('has the tag "vip" or city is not empty');
  expect(words({ type: "condition", branches })).toBe('has the tag "vip" or city is not empty');
  expect([
    words({ type: "condition" }),
    words({ type: "condition", branches: [] }),
    words({ type: "reply", branches }),
  ]).toEqual([null, null, null]);
});
