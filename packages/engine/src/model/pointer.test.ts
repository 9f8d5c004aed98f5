import { getValueByPointer } from "fast-json-patch";
import { expect, test } from "vitest";
import { parseWorkflow } from "../parse.ts";
import { escapePointer, pointerOf, settingPointer, settingsPointer } from "./pointer.ts";

const builder = {
  workflow: {
    allowMultiple: false,
    workflowData: {
      templates: [
        { id: "c", type: "if_else", nodeType: "condition-node", next: ["y", "n"], attributes: { branches: [] } },
        { id: "y", type: "if_else", nodeType: "branch-yes", name: "VIP" },
        { id: "n", type: "if_else", nodeType: "branch-no", name: "None" },
        { id: "a", type: "webhook", attributes: { headers: [{ key: "a/b~c", "x/y": "z" }] } },
      ],
    },
  },
  triggers: [{ id: "t", type: "form_submission" }],
};

test("every part of a workflow is found in the document by its pointer", () => {
  const workflow = parseWorkflow(builder);
  const found = (pointer: string) => (getValueByPointer(builder, pointer) as { id: string }).id;
  for (const step of workflow.steps) {
    expect(found(pointerOf(step))).toBe(step.id);
    for (const branch of step.branches) expect(found(pointerOf(branch))).toBe(branch.id);
  }
  for (const trigger of workflow.triggers ?? []) expect(found(pointerOf(trigger))).toBe(trigger.id);
});

test("a setting is pointed at where it stands, with what is special in its keys escaped", () => {
  const [, step] = parseWorkflow(builder).steps;
  if (step === undefined) throw new Error("no step");
  const pointer = settingPointer(step, "headers", 0, "x/y");
  expect(pointer).toBe("/workflow/workflowData/templates/3/attributes/headers/0/x~1y");
  expect(getValueByPointer(builder, pointer ?? "")).toBe("z");
  expect(["a/b~c", "plain"].map(escapePointer)).toEqual(["a~1b~0c", "plain"]);
});

test("a plain step whose settings were translated has no place for a suggestion", () => {
  const [sms, hook] = parseWorkflow({
    actions: [
      { id: "a", type: "sms", config: { text: "Hi" } },
      { id: "b", type: "webhook", config: { url: "x" } },
    ],
  }).steps;
  expect(sms === undefined ? "" : settingPointer(sms, "body")).toBeNull();
  expect(hook === undefined ? "" : settingPointer(hook, "url")).toBe("/actions/1/config/url");
});

test("a workflow setting is pointed at only where the document gives it", () => {
  expect(settingsPointer(parseWorkflow(builder), "allowMultiple")).toBe("/workflow/allowMultiple");
  expect(settingsPointer(parseWorkflow(builder), "timeWindow")).toBeNull();
  expect(settingsPointer(parseWorkflow({ actions: [], settings: { reentry: true } }), "reentry")).toBe(
    "/settings/reentry",
  );
});
