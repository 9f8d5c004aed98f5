import { getValueByPointer } from "fast-json-patch";
import { expect, test } from "vitest";
import { resolveOptions } from "../options.ts";
import { parseWorkflow } from "../parse.ts";
import { exampleDecision, exampleWorkflow, hasTag, row } from "../rules/logic/example-workflow.ts";
import { createView } from "../view.ts";
import { type Reference, referencePointer, references, referencesInTexts } from "./references.ts";

function viewOf(workflow: unknown) {
  return createView(parseWorkflow(workflow), resolveOptions({}));
}

function inWords({ kind, value, place }: Reference): string {
  return `${kind} ${value} (${place})`;
}

function named(workflow: unknown): readonly string[] {
  return viewOf(workflow).derive(references).map(inWords);
}

const step = (type: string, attributes: object) =>
  exampleWorkflow([{ id: "a", type, attributes: { ...attributes } }], []);

test("settings of steps", () => {
  expect(named(step("assign_user", { user_list: ["u1", "u2", ""] }))).toEqual([
    "user u1 (setting)",
    "user u2 (setting)",
  ]);
  expect(named(step("remove_from_workflow", { workflow_id: "w2" }))).toEqual(["workflow w2 (setting)"]);
  const fields = [{ field: "f1", value: "x" }, { field: "firstName" }, { field: "contact.phone" }];
  expect(named(step("update_contact_field", { fields }))).toEqual(["custom field f1 (setting)"]);
  const goal = { segments: [{ conditions: [{ extras: { tags: ["booked"], formIds: ["form1"] } }] }] };
  expect(named(step("workflow_goal", goal))).toEqual(["tag booked (setting)", "form form1 (setting)"]);
});

test("rows of an opportunity step: pipeline, stage and owner by value, custom fields by name", () => {
  const rows = [
    { filterField: "pipelineId", value: "p1" },
    { filterField: "pipelineStageId", value: "s1" },
    { filterField: "status", value: "won" },
    { filterField: "EXAMPLEFIELD00000001", value: "x" },
  ];
  expect(named(step("internal_update_opportunity", { __customInputFields__: rows }))).toEqual([
    "pipeline p1 (setting)",
    "stage s1 (setting)",
    "custom field EXAMPLEFIELD00000001 (setting)",
  ]);
});

test("users by their role, merge fields and steps that are switched off name nothing", () => {
  expect(named(step("task-notification", { title: "Call", assignedTo: "assigned_user" }))).toEqual([]);
  expect(named(step("assign_user", { user_list: ["{{opportunity.assignedTo}}"] }))).toEqual([]);
  const off = {
    id: "a",
    type: "assign_user",
    attributes: { user_list: ["u1"] },
    advanceCanvasMeta: { isDisabled: true },
  };
  expect(named(exampleWorkflow([off], []))).toEqual([]);
});

test("conditions, waits and triggers", () => {
  const rows = [
    hasTag("vip"),
    row("opportunities", "pipelineStageId", "==", "s1"),
    row("workflow_contact", "", "==", "w2"),
  ];
  const triggers = [
    { type: "form_submission", conditions: [{ field: "form.id", operator: "is-any-of", value: ["f1", "f2"] }] },
    { type: "contact_changed", conditions: [{ field: "contact.EXAMPLEFIELD00000001", operator: "has-changed" }] },
  ];
  expect(named(exampleDecision("Which?", [{ name: "VIP", rows, steps: [] }], [], triggers))).toEqual([
    "tag vip (condition)",
    "stage s1 (condition)",
    "workflow w2 (condition)",
    "form f1 (filter)",
    "form f2 (filter)",
    "custom field EXAMPLEFIELD00000001 (filter)",
  ]);
});

test("merge fields of the location's own in texts", () => {
  const body = "Hi {{contact.first_name}}, your {{contact.roof_type}}: {{custom_values.link}} {{trigger_link.L1}}";
  expect(viewOf(step("sms", { body })).derive(referencesInTexts).map(inWords)).toEqual([
    "custom field roof_type (text)",
    "custom value link (text)",
    "trigger link L1 (text)",
  ]);
});

test("a pointer leads to what the document holds", () => {
  const workflow = exampleWorkflow(
    [{ id: "a", type: "add_contact_tag", attributes: { tags: ["vip"] } }],
    [{ type: "trigger_link", conditions: [{ field: "link.id", operator: "==", value: "L1" }] }],
  );
  const [tag, link] = viewOf(workflow).derive(references);
  expect(tag?.creates).toBe(true);
  for (const reference of [tag, link]) {
    const pointer = reference === undefined ? null : referencePointer(reference);
    expect(getValueByPointer(workflow, pointer ?? "/nowhere")).toBe(reference?.value);
  }
});
