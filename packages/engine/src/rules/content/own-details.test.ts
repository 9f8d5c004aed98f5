import { describe, expect, it } from "vitest";
import type { LocationFacts } from "../../options.ts";
import { resolveOptions } from "../../options.ts";
import { parseWorkflow } from "../../parse.ts";
import { createView } from "../../view.ts";
import { nationalDigits, ownHosts, ownPhones, phonesIn } from "./own-details.ts";

const view = (facts: LocationFacts) => createView(parseWorkflow({ actions: [] }), resolveOptions({ facts }));

describe("ownHosts", () => {
  const hosts = view({
    sendingDomains: ["mg.acme.dental", "mail.acme.co.uk"],
    calendars: [{ id: "c", name: "First visit", url: "https://book.acme-visits.com/first" }],
    customValues: { site: "see www.acme-clinic.org", mail: "care@acme.email" },
  }).derive(ownHosts);

  it.each([
    "acme.dental",
    "go.acme.dental",
    "www.acme.co.uk",
    "book.acme-visits.com",
    "acme-clinic.org",
    "acme.email",
    "maps.google.com",
  ])("%s is the location's own or anybody's", (host) => {
    expect(hosts.has(host)).toBe(true);
  });

  it.each(["bright-smile.com", "other.co.uk", "notacme.dental"])("%s is not", (host) => {
    expect(hosts.has(host)).toBe(false);
  });
});

describe("phonesIn", () => {
  it.each([
    ["Call (312) 555-7290 now", ["3125557290"]],
    ["+1 312.555.7290", ["3125557290"]],
    ["+49 30 1234567 8", ["493012345678"]],
    ["Order 1234567890123456", []],
    ["https://acme.dental/555-123-4567-8", []],
    ["on 2026-11-23 10:00", []],
  ])("%s", (text, digits) => {
    expect(phonesIn(text).map((phone) => phone.digits)).toEqual(digits);
  });
});

describe("ownPhones", () => {
  it("knows numbers of the account and of its custom values, however they are written", () => {
    const phones = view({
      phoneNumbers: [{ number: "+13125558142", sms: true }],
      customValues: { desk: "Desk: 312-555-9000" },
    }).derive(ownPhones);
    expect([
      phones?.has(nationalDigits("(312) 555-8142")),
      phones?.has("3125559000"),
      phones?.has("3125557290"),
    ]).toEqual([true, true, false]);
  });

  it("knows nothing when the numbers are not given", () => {
    expect(view({}).derive(ownPhones)).toBeNull();
  });
});
