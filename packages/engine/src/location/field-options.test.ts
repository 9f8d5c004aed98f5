import { describe, expect, test } from "vitest";
import { fieldOptions, namingOf } from "./field-options.ts";

const labels = fieldOptions({ key: "contact.kind", type: "SINGLE_OPTIONS", options: ["New Lead", "Old (paid)"] });
const both = fieldOptions({
  key: "contact.kind",
  type: "SINGLE_OPTIONS",
  options: ["New", "Old", "Old"],
  optionIds: ["o-1", "o-2", "o-3"],
});

describe("a value", () => {
  test.each([
    ["a label", "New Lead"],
    ["a label in other letters", " new lead "],
    ["a key made from a label", "new_lead"],
    ["a key with dashes", "new-lead"],
  ])("that is %s may be what is stored, while only labels are known", (_, value) => {
    expect(namingOf(value, labels)).toEqual({ kind: "stored" });
  });

  test("that is no label and no key of one names none", () => {
    expect(namingOf("Roofing", labels)).toEqual({ kind: "none" });
    expect(namingOf("new lead!", labels)).toEqual({ kind: "none" });
  });

  test("is what is stored when it is an option's id", () => {
    expect(namingOf("o-2", both)).toEqual({ kind: "stored" });
  });

  test("means the id of the one option whose label it is", () => {
    expect(namingOf("new", both)).toEqual({ kind: "label", meant: "o-1" });
  });

  test("means no certain id when two options share the label", () => {
    expect(namingOf("Old", both)).toEqual({ kind: "label", meant: null });
  });

  test("is no key of an option whose id is known", () => {
    expect(namingOf("new_", both)).toEqual({ kind: "none" });
  });
});

test("a field without options has none", () => {
  expect(fieldOptions({ key: "contact.note", type: "TEXT" })).toEqual([]);
});
