import { expect, test } from "vitest";
import { createLocation } from "../location/location.ts";
import type { LocationFacts } from "../options.ts";
import { expanded } from "./expanded-length.ts";
import { mergeFieldsOf } from "./merge-fields.ts";

const sent = (text: string, facts: LocationFacts = {}) => expanded(text, mergeFieldsOf(text), createLocation(facts));

test("a text without fields is sent as it is", () => {
  expect(sent("Hi there")).toBe("Hi there");
});

test("each field takes the room that such a field usually takes, in plain letters", () => {
  const lengthOf = (token: string) => sent(token).length;
  expect(sent("Hi {{contact.first_name}}!")).toMatch(/^Hi a{7}!$/);
  expect(lengthOf("{{contact.email}}")).toBe(24);
  expect(lengthOf("{{appointment.reschedule_link}}")).toBe(45);
  expect(lengthOf("{{appointment.only_start_date}}")).toBe(10);
  expect(lengthOf("{{acme.thing}}")).toBe(14);
});

test("a given custom value stands in full, by its key with or without the group's name", () => {
  expect(sent("{{custom_values.offer}}", { customValues: { offer: "20 % off \u{1f600}" } })).toBe("20 % off \u{1f600}");
  expect(sent("{{custom_values.offer}}", { customValues: { "custom_values.offer": "x" } })).toBe("x");
  expect(sent("{{custom_values.offer}}", { customValues: { other: "x" } })).toMatch(/^a+$/);
});

test("what is broken is sent as it stands", () => {
  expect(sent("Hi {contact.first_name}, {{contact.last_name")).toBe("Hi {contact.first_name}, {{contact.last_name");
});
