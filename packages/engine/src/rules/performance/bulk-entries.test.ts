import { expect, it } from "vitest";
import { parseWorkflow } from "../../parse.ts";
import { isBulkTag, tagsHeard } from "./bulk-entries.ts";

function trigger(value: unknown) {
  const conditions = [{ field: "tagsAdded", operator: "index-of-true", value, id: "tag-added" }];
  const read = parseWorkflow({ triggers: [{ id: "t", type: "contact_tag", active: true, conditions }], actions: [] })
    .triggers?.[0];
  if (read === undefined) throw new Error("no trigger");
  return read;
}

it("hears one tag or several", () => {
  expect(tagsHeard(trigger("vip"))).toEqual(["vip"]);
  expect(tagsHeard(trigger(["vip", "gold"]))).toEqual(["vip", "gold"]);
});

it.each([
  ["old leads", true],
  ["import_2024", true],
  ["Facebook-Upload", true],
  ["Importiert im Mai", true],
  ["vip", false],
  ["listing appointment", false],
])("%s is put on many contacts at once: %s", (tag, bulk) => {
  expect(isBulkTag(trigger(tag))).toBe(bulk);
});
