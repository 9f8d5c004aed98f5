import { expect, test } from "vitest";
import { createLocation } from "../location/location.ts";
import { fieldReader } from "./fields.ts";

const id = "AbCdEfGhIjKlMnOpQrSt";
const plain = fieldReader(createLocation({}));
const informed = fieldReader(
  createLocation({
    customFields: [
      { id, key: "contact.treatments", name: "Treatments", type: "MULTIPLE_OPTIONS" },
      { key: "budget", type: "NUMERICAL" },
    ],
  }),
);
const short = ({ key, kind, shape, label }: ReturnType<typeof plain.ofPath>) => [key, kind, shape, label];

test.each([
  ["contact_detail", "tags", ["contact.tags", "tag", "multiple", "tags"]],
  ["contact_detail", "first_name", ["contact.firstname", "contact", "single", "first name"]],
  ["contact_detail", "shoeSize", ["contact.shoesize", "contact", "unknown", "shoe size"]],
  ["contact_detail", id, [`custom:${id}`, "custom-field", "unknown", `custom field ${id}`]],
  [
    "opportunities",
    "pipelineStageId",
    ["opportunity.pipelinestageid", "opportunity", "single", "opportunity pipeline stage"],
  ],
  ["opportunities", id, [`custom:${id}`, "opportunity", "unknown", `custom field ${id}`]],
  ["trigger", "", ["trigger.id", "trigger", "single", "the trigger"]],
  ["workflow_contact", "w1", ["workflow.active", "workflow", "multiple", "active workflows"]],
  ["contact_reply", "", ["reply", "reply", "single", "reply"]],
  ["appointment", "status", ["appointment.status", "appointment", "single", "appointment status"]],
  ["custom_code", "score", ["custom_code.score", "step-output", "single", "custom_code score"]],
  ["acme_app", "size", ["acme_app.size", "other", "unknown", "acme app size"]],
] as const)("a row of %s %s reads its field", (type, subType, expected) => {
  expect(short(plain.ofType(type, subType))).toEqual(expected);
});

test("paths of trigger rows and plain conditions read the same fields", () => {
  for (const path of ["contact.tags", "tags", "tag"]) expect(plain.ofPath(path).key).toBe("contact.tags");
  expect(plain.ofPath("contact.city").key).toBe(plain.ofType("contact_detail", "city").key);
  expect(plain.ofPath("opportunity.status").key).toBe(plain.ofType("opportunities", "status").key);
  expect(short(plain.ofPath("tagsAdded"))).toEqual(["trigger.tagsadded", "trigger", "multiple", "tags just added"]);
  expect(plain.ofPath(`custom_field.${id}`).key).toBe(`custom:${id}`);
});

test("a custom field of the given facts has its own name and shape, by id and by key", () => {
  for (const field of [
    informed.ofType("contact_detail", id),
    informed.ofPath("contact.treatments"),
    informed.ofPath("treatments"),
  ])
    expect(short(field)).toEqual([`custom:${id}`, "custom-field", "multiple", "Treatments"]);
  expect(short(informed.ofPath("budget"))).toEqual(["custom:budget", "custom-field", "single", "budget"]);
});

test("what was read once is kept", () => {
  expect(plain.ofPath("contact.city")).toBe(plain.ofPath("contact.city"));
  expect(plain.ofType("contact_detail", "city")).toBe(plain.ofType("contact_detail", "city"));
});

test.each([
  ["opportunity", "status", { type: "opportunities", subType: "status" }],
  ["opportunities", "pipeline_stage_id", { type: "opportunities", subType: "pipelineStageId" }],
  ["opportunities", "pipelineStageId", undefined],
  ["opportunities", "status", undefined],
  ["opportunities", "constructor", undefined],
] as const)("a row of %s %s says how HighLevel spells it, if otherwise", (type, subType, meant) => {
  expect(plain.ofType(type, subType).meant).toEqual(meant);
});

test("a path of a plain document is spelt as it likes", () => {
  expect(plain.ofPath("opportunity.pipeline_stage_id").meant).toBeUndefined();
});
