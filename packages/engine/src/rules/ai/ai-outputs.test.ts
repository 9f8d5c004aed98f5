import { describe, expect, it } from "vitest";
import { resolveOptions } from "../../options.ts";
import { parseWorkflow } from "../../parse.ts";
import { createView } from "../../view.ts";
import { aiOutputUses, isSent, isWritten, reachedUnchecked } from "./ai-outputs.ts";

const gpt = { id: "gpt", type: "chatgpt", stepIndex: 1, config: { promptText: "Hi" } };
const sms = { id: "use", type: "sms", config: { body: "{{chatgpt.1.response}}" } };

function unchecked(...actions: readonly object[]): boolean {
  const view = createView(parseWorkflow({ actions: [gpt, ...actions] }), resolveOptions({}));
  const [use] = view.derive(aiOutputUses);
  if (use?.producer == null) throw new Error("no use");
  return view.derive(reachedUnchecked)(use.producer, use.text.step);
}

const decision = (field: string) => ({
  id: "which",
  type: "condition",
  branches: [
    { name: "A", conditions: [{ field, operator: "has_value" }], actions: [sms] },
    { name: "None", actions: [] },
  ],
});

describe("reachedUnchecked", () => {
  it.each([
    ["straight behind", [sms], true],
    ["behind a condition on the output", [decision("chatgpt.1.response")], false],
    ["behind a condition on a formatter's output", [decision("text_formatter.2.result")], false],
    ["behind a condition on something else", [decision("contact.city")], true],
    ["behind a manual step", [{ id: "hand", type: "manual-call", config: {} }, sms], false],
    ["behind a wait for a user's reply", [{ id: "hold", type: "wait", config: { type: "user_reply" } }, sms], false],
    ["behind a set wait", [{ id: "hold", type: "wait", config: { days: 1 } }, sms], true],
  ])("%s", (_title, actions, reached) => {
    expect(unchecked(...actions)).toBe(reached);
  });
});

it("tells what is sent from what is written", () => {
  const field = {
    id: "write",
    type: "update_contact_field",
    config: { fields: [{ field: "a", value: "{{chatgpt.1.response}}" }] },
  };
  const note = { id: "note", type: "add_notes", config: { html: "{{chatgpt.1.response}}" } };
  const view = createView(parseWorkflow({ actions: [gpt, sms, field, note] }), resolveOptions({}));
  expect(view.derive(aiOutputUses).map((use) => [use.text.step.id, isSent(use), isWritten(use)])).toEqual([
    ["use", true, false],
    ["write", false, true],
    ["note", false, false],
  ]);
});
