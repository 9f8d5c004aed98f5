import { expect, test } from "vitest";
import { readSettings } from "./settings.ts";

test("nothing is assumed of a setting that the document does not give", () => {
  expect(readSettings({})).toEqual({
    reentry: null,
    multipleOpportunities: null,
    stopOnResponse: null,
    timezone: null,
    window: null,
    senderName: null,
    senderEmail: null,
    loopIdentified: null,
  });
});

test("the builder's own fields are read", () => {
  const window = { condition: "when", days: [1], start: "09:00", end: "17:00" };
  expect(
    readSettings({
      allowMultiple: true,
      allowMultipleOpportunity: false,
      stopOnResponse: "true",
      timezone: "contact",
      timeWindow: window,
      senderAddress: { from_name: "Acme", from_email: "hi@acme.dental" },
      loopIdentified: "2026-01-01",
    }),
  ).toEqual({
    reentry: true,
    multipleOpportunities: false,
    stopOnResponse: true,
    timezone: "contact",
    window,
    senderName: "Acme",
    senderEmail: "hi@acme.dental",
    loopIdentified: "2026-01-01",
  });
});

test("the plain formats' settings stand in an object of their own and win", () => {
  expect(readSettings({ reentry: false, settings: { reentry: true } }).reentry).toBe(true);
  expect(readSettings({ settings: { allowReentry: true, window: { start: "08:00" } } })).toMatchObject({
    reentry: true,
    window: { start: "08:00" },
  });
});

test("what cannot be read is unknown", () => {
  expect(
    readSettings({ allowMultiple: "yes", timezone: "Mars", timeWindow: "day", senderAddress: 3, settings: [] }),
  ).toMatchObject({ reentry: null, timezone: null, window: null, senderName: null });
});
