import { expect, test } from "vitest";
import { checkFacts, checkPolicy } from "./check-facts.ts";

test("facts with every key are accepted, and so are none", () => {
  expect(checkFacts({})).toEqual([]);
  expect(
    checkFacts({
      asOf: "2026-11-20",
      users: [{ id: "u", name: "Nora", active: true, email: "nora@acme.dental" }],
      tags: ["vip"],
      customFields: [{ key: "contact.roof", type: "SINGLE_OPTIONS", options: ["flat"] }],
      customValues: { brand: "Acme" },
      pipelines: [{ id: "p", name: "Sales", stages: [{ id: "s", name: "New" }] }],
      calendars: [{ id: "c", name: "First visit", url: "https://acme.dental/book" }],
      forms: [{ id: "f", name: "Contact", active: false }],
      workflows: [{ id: "w", name: "Welcome", status: "draft", reentry: false }],
      phoneNumbers: [{ number: "+13125558142", sms: true }],
      channels: { whatsapp: false },
      statistics: { w: { enrollments: 0, windowDays: 30 } },
      toggles: { smsSenderId: true },
    }),
  ).toEqual([]);
});

test("what cannot be meant is named with its place", () => {
  expect(checkFacts({ user: [], tags: "vip", calendars: [{ id: "c" }] })).toEqual([
    { path: "/tags", message: "must be a list" },
    { path: "/calendars/0/name", message: "must be a text" },
    { path: "/user", message: "is not known here" },
  ]);
  expect(checkFacts([])).toEqual([{ path: "", message: "must be an object" }]);
});

test("a policy may ask for no window, and for nothing unknown", () => {
  expect(checkPolicy({ Welcome: { reentry: false, window: null, requiredSteps: ["sms"] } })).toEqual([]);
  expect(checkPolicy({ Welcome: { windows: [], reentry: "no" } })).toEqual([
    { path: "/Welcome/reentry", message: "must be true or false" },
    { path: "/Welcome/windows", message: "is not known here" },
  ]);
});

test("a file of another kind gives a bounded list of problems", () => {
  expect(checkFacts({ tags: Array.from({ length: 10_000 }, (_, at) => at) }).length).toBeLessThanOrEqual(20);
});
