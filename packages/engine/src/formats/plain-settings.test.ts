import { expect, test } from "vitest";
import { stepTypeAliases, stepTypes } from "../domain/step-types.ts";
import { plainSettings, plainType } from "./plain-settings.ts";

test("types are known by identifier, alias, label in any spelling, and are kept when unknown", () => {
  expect(
    ["sms", "Send SMS", "sendSms", "condition", "addTag", "acme_fax", "Exit", "x".repeat(100)].map(plainType),
  ).toEqual(["sms", "sms", "sms", "if_else", "add_contact_tag", "acme_fax", "end", "x".repeat(100)]);
});

test("every identifier stands for itself and every alias for its type", () => {
  for (const type of Object.keys(stepTypes)) expect(plainType(type)).toBe(type);
  for (const [alias, type] of stepTypeAliases) expect(plainType(alias)).toBe(type);
});

test("waits are read in the words that people use", () => {
  const read = (config: Readonly<Record<string, unknown>>) => {
    const { type, startAfter } = plainSettings("wait", config);
    return [type, startAfter];
  };
  expect(read({ duration: 2, unit: "days" })).toEqual(["time", { type: "days", value: 2, when: "after" }]);
  expect(read({ hours: 3 })).toEqual(["time", { type: "hours", value: 3, when: "after" }]);
  expect(read({ minute: 5 })).toEqual(["time", { type: "minutes", value: 5, when: "after" }]);
  expect(read({ duration: { days: 1 } })).toEqual(["time", { type: "days", value: 1, when: "after" }]);
  expect(read({ event: "reply", timeout: { days: 1 } })).toEqual(["reply", { type: "days", value: 1, when: "after" }]);
  expect(read({ for: "reply" })).toEqual(["reply", undefined]);
  expect(read({})).toEqual(["time", undefined]);
});

test("a length without a unit keeps its fault", () => {
  expect(plainSettings("wait", { duration: 2 })["startAfter"]).toEqual({ type: "", value: 2, when: "after" });
});

test("settings in the builder's names pass through untouched", () => {
  for (const [type, config] of [
    ["wait", { type: "time", startAfter: { type: "days", value: 1 } }],
    ["sms", { body: "Hi", message: "other" }],
    ["add_contact_tag", { tags: ["a"] }],
    ["webhook", { url: "https://crm.example" }],
  ] as const)
    expect(plainSettings(type, config)).toBe(config);
});

test.each([
  ["sms", { text: "Hi" }, "body", "Hi"],
  ["email", { body: "Hi" }, "html", "Hi"],
  ["goto", { step: "a" }, "targetNodeId", "a"],
  ["add_contact_tag", { tag: "vip" }, "tags", "vip"],
  ["remove_from_workflow", { workflow: "w" }, "workflow_id", "w"],
])("%s says in the builder's words what was given in plain ones", (type, config, key, value) => {
  expect(plainSettings(type, config)[key]).toBe(value);
});
