import { expect, test } from "vitest";
import { resolveOptions } from "../options.ts";
import { parseWorkflow } from "../parse.ts";
import { exampleDecision, exampleWorkflow, row, sms } from "../rules/logic/example-workflow.ts";
import { createView } from "../view.ts";
import { promisedCalls } from "./promised-calls.ts";

const call = { id: "call", type: "custom_webhook", attributes: { method: "POST", url: "https://api.acme.dental" } };
const found = (workflow: unknown) =>
  createView(parseWorkflow(workflow), resolveOptions({}))
    .derive(promisedCalls)
    .map((one) => `${one.step.id} by ${one.by} after ${one.call.id}`);

test("a message that reads the answer or promises the result relies on the call", () => {
  expect(
    found(exampleWorkflow([call, sms("a", "Code {{custom_webhook.1.code}}"), sms("b", "Your account is ready")])),
  ).toEqual(["a by response after call", "b by promise after call"]);
});

test("in front of the call, behind an alert and behind a decision on the answer nothing relies on it blindly", () => {
  const alert = { id: "alert", type: "internal_notification", attributes: { type: "sms" } };
  expect(found(exampleWorkflow([sms("a", "Your account is ready"), call]))).toEqual([]);
  expect(found(exampleWorkflow([call, alert, sms("a", "Your account is ready")]))).toEqual([]);
  const rows = [row("custom_webhook", "1.status", "==", "ok")];
  const decision = {
    id: "ok",
    name: "Done?",
    branches: [{ name: "Yes", rows, steps: [sms("a", "Your account is ready")] }],
  };
  expect(found(exampleWorkflow([call, decision]))).toEqual([]);
});

test("without a call there is nothing to rely on", () => {
  expect(found(exampleDecision("Ready?", [], [sms("a", "Your account is ready")]))).toEqual([]);
});
