import { describe, expect, it } from "vitest";
import { resolveOptions } from "../options.ts";
import { parseWorkflow } from "../parse.ts";
import { createView } from "../view.ts";
import { outputUses } from "./step-outputs.ts";

const gpt = (id: string, stepIndex?: number) => ({
  id,
  type: "chatgpt",
  ...(stepIndex === undefined ? {} : { stepIndex }),
  config: { promptText: "Hi" },
});
const use = (token: string, id = "use") => ({ id, type: "sms", config: { body: `{{${token}}}` } });

function uses(...actions: readonly object[]) {
  const view = createView(parseWorkflow({ actions }), resolveOptions({}));
  return view.derive(outputUses).map(({ text, producer, fault }) => [text.step.id, producer?.id ?? null, fault]);
}

describe("outputUses", () => {
  it("finds the step by its number", () => {
    expect(uses(gpt("a", 1), gpt("b", 4), use("chatgpt.4.response"))).toEqual([["use", "b", null]]);
  });

  it("knows a number that no step has, and a type that stands nowhere", () => {
    expect(uses(gpt("a", 1), use("chatgpt.2.response"))).toEqual([["use", null, "missing"]]);
    expect(uses(use("custom_webhook.1.id"))).toEqual([["use", null, "missing"]]);
  });

  it("knows an output that comes only later", () => {
    expect(uses(use("chatgpt.1.response"), gpt("a", 1))).toEqual([["use", "a", "later"]]);
  });

  it("knows an output of another branch", () => {
    const branches = [
      { name: "A", conditions: [{ field: "contact.city", operator: "==", value: "Rome" }], actions: [gpt("a", 1)] },
      { name: "None", actions: [use("chatgpt.1.response")] },
    ];
    expect(uses({ id: "which", type: "condition", branches })).toEqual([["use", "a", "other-way"]]);
  });

  it("claims nothing where steps have no numbers, but knows the only one that can be meant", () => {
    expect(uses(gpt("a"), use("chatgpt.7.response"))).toEqual([["use", "a", null]]);
    expect(uses(gpt("a"), gpt("b"), use("chatgpt.7.response"))).toEqual([["use", null, null]]);
  });

  it("leaves out fields that name no number", () => {
    expect(uses(gpt("a", 1), use("chatgpt.response"))).toEqual([]);
  });
});
