import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encryptSsoPayload } from "../../test/stand-ins/index.ts";
import { openSsoPayload } from "./sso.ts";

const secret = "a shared secret of the app";
const user = { userId: "u1", companyId: "c1", role: "admin", type: "agency", userName: "Dana", email: "d@example.com" };

describe("the user context of an embedded page", () => {
  test("made by crypto-js 4.2.0 opens", () => {
    const made =
      "U2FsdGVkX1/HCRvV35W0Yxs0wHkf55iBQAjORqEdB/wprYwfKZhAXf+BGblHml/juFbofZ0qQ2N9XqmJOgKkYCdNDkekZko4AJw0elVSlhmA+z1sXRuOBHJVqDTvgywT3Iu4jw1zoz/shg3HI7C4vpDEBcP2BmYdD0XPZo9lD//v3Jm0mXRPlbU0SaLjA0v06ebZg26nbd/UsLjFCucDRQ==";
    expect(openSsoPayload(made, secret)).toEqual({ userId: "u1", companyId: "c1", locationId: "l1" });
  });

  test("is of a location, or of the agency without one", () => {
    const inLocation = { ...user, activeLocation: "l1" };
    expect(openSsoPayload(encryptSsoPayload(inLocation, secret), secret)?.locationId).toBe("l1");
    expect(openSsoPayload(encryptSsoPayload(user, secret), secret)?.locationId).toBeNull();
  });

  test.each([
    ["sealed with another secret", encryptSsoPayload(user, "another secret")],
    ["without a company", encryptSsoPayload({ ...user, companyId: undefined }, secret)],
    ["with ids of other characters", encryptSsoPayload({ ...user, companyId: "c1'; --" }, secret)],
    ["of an unknown type", encryptSsoPayload({ ...user, type: "god" }, secret)],
    ["that is no JSON", encryptSsoPayload("hello", secret)],
    ["that is a list", encryptSsoPayload([user], secret)],
    ["without salt", Buffer.from("not salted at all").toString("base64")],
    ["of nothing but salt", Buffer.from("Salted__12345678").toString("base64")],
    ["that is too long", encryptSsoPayload({ ...user, more: "x".repeat(9_000) }, secret)],
    ["that is no base64", "{}"],
    ["that is empty", ""],
  ])("%s is refused", (_, payload) => {
    expect(openSsoPayload(payload, secret)).toBeNull();
  });

  test("never throws, whatever is sent or changed", () => {
    const bytes = Buffer.from(encryptSsoPayload({ ...user, activeLocation: "l1" }, secret), "base64");
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), fc.string(), (place, flip, text) => {
        const changed = Buffer.from(bytes);
        changed[place] = (changed[place] ?? 0) ^ flip;
        const opened = openSsoPayload(changed.toString("base64"), secret);
        if (opened !== null) expect(Object.keys(opened)).toEqual(["userId", "companyId", "locationId"]);
        openSsoPayload(text, secret);
        openSsoPayload(Buffer.from(text).toString("base64"), secret);
      }),
    );
  });
});
