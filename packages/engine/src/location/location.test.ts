import { expect, test } from "vitest";
import { createLocation, needsFacts } from "./location.ts";

const location = createLocation({
  asOf: "2026-11-20T08:00:00Z",
  users: [{ id: "u1", name: "Nora Lindqvist", active: true }],
  tags: ["VIP"],
  customFields: [{ id: "f1", key: "contact.roof_type", type: "TEXT" }],
  customValues: { booking_link: "https://acme.dental/book" },
  pipelines: [
    { id: "sales", name: "Sales", stages: ["New", "Won"].map((name) => ({ id: `s-${name}`, name })) },
    { id: "care", name: "Care", stages: [{ id: "c-New", name: "New" }] },
  ],
  phoneNumbers: [{ number: "+1 (312) 555-8142", sms: true }],
});

test("an entry is found by its id and by its name, whatever the case", () => {
  expect(location.user("u1")).toBe(location.user("nora lindqvist"));
  expect(location.hasTag(" vip ")).toBe(true);
  expect(location.pipeline("SALES")?.name).toBe("Sales");
});

test("a custom field is found by id, and by key with or without its group", () => {
  for (const key of ["f1", "contact.roof_type", "roof_type"]) expect(location.customField(key)?.id).toBe("f1");
  expect(location.customValue("{{ custom_values.booking_link }}")).toBe("https://acme.dental/book");
});

test("a stage is found in every pipeline that has one of its name, with its position", () => {
  expect(location.stages("New").map(({ pipeline, position }) => [pipeline.id, position])).toEqual([
    ["sales", 0],
    ["care", 0],
  ]);
  expect(location.stages("s-Won").map(({ position }) => position)).toEqual([1]);
});

test("numbers are compared by their digits", () => {
  expect(location.phoneNumber("+13125558142")?.sms).toBe(true);
});

test("what was not given is unknown, and named as needed", () => {
  expect(location.knows("calendars")).toBe(false);
  expect(needsFacts(location, ["users", "forms", "calendars"])).toBe("needs location facts: calendars, forms");
  expect(needsFacts(location, ["users"])).toBeNull();
  expect(location.asOf).toBe("2026-11-20");
});

test("names of object members are no entries", () => {
  const known = createLocation({ statistics: {}, customValues: {} });
  expect(known.statistics("constructor")).toBeUndefined();
  expect(known.customValue("__proto__")).toBeUndefined();
});
