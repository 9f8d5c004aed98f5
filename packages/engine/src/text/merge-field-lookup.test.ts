import { describe, expect, it } from "vitest";
import { meaningOf, suggestPath } from "./merge-field-lookup.ts";

describe("meaningOf", () => {
  it.each([
    ["contact.first_name", "known"],
    ["contact.firstname", "known"],
    ["contact.attributionSource.utmSource", "known"],
    ["appointment.only_start_time", "known"],
    ["appointment.user.name", "known"],
    ["unsubscribe", "known"],
    ["contact.roof_type", "unlisted"],
    ["custom_values.brand", "unlisted"],
    ["appointment.time", "unknown-field"],
    ["user.first_nam", "unknown-field"],
    ["contac.first_name", "unknown-root"],
    ["constructor.name", "unknown-root"],
    ["first_name", "unknown-root"],
  ])("%s is %s", (path, kind) => {
    expect(meaningOf(path).kind).toBe(kind);
  });

  it("reads the step number of an output", () => {
    expect(meaningOf("chatgpt.2.response")).toEqual({
      kind: "step-output",
      root: "chatgpt",
      stepType: "chatgpt",
      number: 2,
    });
  });
});

describe("suggestPath", () => {
  it.each([
    ["contact.first_nam", { path: "contact.first_name", distance: 1 }],
    ["contac.first_name", { path: "contact.first_name", distance: 1 }],
    ["user.frist_name", { path: "user.first_name", distance: 1 }],
    ["contact.roof_type", null],
    ["foo.bar", null],
    ["custom_value.brand", { path: "custom_values.brand", distance: 1 }],
    ["contact.first_name", null],
  ])("%s", (path, suggestion) => {
    expect(suggestPath(path)).toEqual(suggestion);
  });

  it("knows the location's own fields when they are given", () => {
    expect(suggestPath("contact.rof_type", ["roof_type"])).toEqual({ path: "contact.roof_type", distance: 1 });
  });
});
