import { describe, expect, it } from "vitest";
import { holdsPostalAddress as holds, isAddressField } from "./postal-address.ts";

describe("holdsPostalAddress", () => {
  it.each([
    "Acme Dental, 12 Main Street, Springfield",
    "1450 N. Lake Shore Dr, Suite 200",
    "Springfield, IL 62704",
    "P.O. Box 12, Springfield",
    "Calle Mayor 12, Madrid",
    "Hauptstraße 5, 10115 Berlin",
    "London SW1A 2AA",
  ])("%s: yes", (text) => {
    expect(holds(text)).toBe(true);
  });

  it.each(["Acme Dental", "Call us at 555-867-5309", "We open at 9 and close at 5", "Room 12 is free on Friday"])(
    "%s: no",
    (text) => {
      expect(holds(text)).toBe(false);
    },
  );

  it.each(["1 a ", "12 Main ", "AB ", "calle a "])("takes 1 MB of %s", (part) => {
    expect(holds(part.repeat(1_000_000 / part.length))).toBe(false);
  });
});

describe("isAddressField", () => {
  it.each([
    ["location.full_address", true],
    ["location.address", true],
    ["custom_values.business_address", true],
    ["custom_values.anschrift", true],
    ["location.city", false],
    ["contact.full_address", false],
  ])("%s: %s", (path, is) => {
    expect(isAddressField(path)).toBe(is);
  });
});
