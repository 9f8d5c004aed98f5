import fc from "fast-check";
import Stripe from "stripe";
import { describe, expect, test } from "vitest";
import { isSignedByStripe, TOLERANCE_SECONDS } from "./stripe-signature.ts";

const secret = "whsec_current";
const old = "whsec_old";
const now = new Date("2026-03-10T12:00:00.000Z");
const seconds = now.getTime() / 1000;
const body = Buffer.from(JSON.stringify({ id: "evt_1", type: "invoice.paid", name: "Ünï ✓" }));
const sign = (payload: string, { key = secret, timestamp = seconds } = {}) =>
  Stripe.webhooks.generateTestHeaderString({ payload, secret: key, timestamp });
const header = sign(body.toString());
const accepts = (bytes: Uint8Array, given: string | undefined, secrets = [secret]) =>
  isSignedByStripe(bytes, given, secrets, now);

describe("Stripe's signature", () => {
  test("made by the official SDK is accepted, under any of the secrets while they are exchanged", () => {
    expect(accepts(body, header)).toBe(true);
    expect(accepts(body, sign(body.toString(), { key: old }), [secret, old])).toBe(true);
    expect(accepts(body, sign(body.toString(), { key: old }))).toBe(false);
  });

  test("may be one of several in the header", () => {
    const foreign = sign(body.toString(), { key: "whsec_foreign" }).split(",")[1] ?? "";
    expect(accepts(body, `${header},${foreign}`)).toBe(true);
  });

  test("holds five minutes either way", () => {
    for (const [offset, expected] of [
      [-TOLERANCE_SECONDS, true],
      [-TOLERANCE_SECONDS - 1, false],
      [TOLERANCE_SECONDS, true],
      [TOLERANCE_SECONDS + 1, false],
    ] as const) {
      expect(accepts(body, sign(body.toString(), { timestamp: seconds + offset }))).toBe(expected);
    }
  });

  test.each([
    ["no header", body, undefined],
    ["an empty header", body, ""],
    ["a signature of another scheme", body, header.replace("v1=", "v0=")],
    ["two times", body, `t=${seconds},${header}`],
    ["a time with letters behind it", body, header.replace(`t=${seconds}`, `t=${seconds}x`)],
    ["an empty body", Buffer.alloc(0), sign("")],
    ["a byte order mark before the body", Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), body]), header],
    ["the same JSON written otherwise", Buffer.from(JSON.stringify(JSON.parse(body.toString()), null, 1)), header],
    ["a body cut short", body.subarray(0, -1), header],
  ])("is refused with %s", (_title, bytes, given) => {
    expect(accepts(bytes, given)).toBe(false);
  });

  test("is refused when bytes that are no UTF-8 stand where the signed text has the mark for them", () => {
    const text = '{"id":"evt_\ufffd"}';
    const invalid = Buffer.from(text.replace("\ufffd", "?"));
    invalid[invalid.indexOf("?")] = 0xff;
    expect(accepts(Buffer.from(text), sign(text))).toBe(true);
    expect(accepts(invalid, sign(text))).toBe(false);
  });

  test("of 10,000 requests changed in one place none is accepted", () => {
    const change = fc.oneof(
      fc.record({
        where: fc.constant("body" as const),
        at: fc.nat(body.length - 1),
        to: fc.integer({ min: 0, max: 255 }),
      }),
      fc.record({
        where: fc.constant("header" as const),
        at: fc.nat(header.length - 1),
        to: fc.integer({ min: 33, max: 126 }),
      }),
    );
    let changed = 0;
    fc.assert(
      fc.property(change, ({ where, at, to }) => {
        const bytes = Buffer.from(where === "body" ? body : Buffer.from(header));
        fc.pre(bytes[at] !== to);
        bytes[at] = to;
        const accepted = where === "body" ? accepts(bytes, header) : accepts(body, bytes.toString("latin1"));
        changed += 1;
        expect(accepted).toBe(false);
      }),
      { numRuns: 10_000 },
    );
    expect(changed).toBe(10_000);
  });
});
