import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { equalSecrets, hashToken, newApiKey, parseKeyRing, SealError } from "./index.ts";

const entry = (id: string, key = randomBytes(32)) => `${id}:${key.toString("base64")}`;

describe("a key ring", () => {
  const old = entry("2025");
  const ring = parseKeyRing(`${entry("2026")},${old}`);

  test("opens what it sealed, for any bytes and context", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), fc.string(), (bytes, context) => {
        expect(ring.open(ring.seal(bytes, context), context).equals(bytes)).toBe(true);
      }),
    );
  });

  test("does not open bytes that were changed anywhere, or cut", () => {
    const sealed = ring.seal(Buffer.from("definition"), "row");
    fc.assert(
      fc.property(fc.nat(sealed.ciphertext.length - 1), fc.integer({ min: 1, max: 255 }), (place, flip) => {
        const ciphertext = Buffer.from(sealed.ciphertext);
        ciphertext[place] = (ciphertext[place] ?? 0) ^ flip;
        expect(() => ring.open({ ...sealed, ciphertext }, "row")).toThrow(SealError);
        expect(() => ring.open({ ...sealed, ciphertext: sealed.ciphertext.subarray(0, place) }, "row")).toThrow(
          SealError,
        );
      }),
    );
  });

  test("does not open bytes moved to another row", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (here, there) => {
        fc.pre(here !== there);
        expect(() => ring.open(ring.seal(Buffer.from("x"), here), there)).toThrow(SealError);
      }),
    );
  });

  test("seals with its newest key and opens what an older one sealed", () => {
    const sealed = parseKeyRing(old).seal(Buffer.from("before the rotation"), "row");
    expect(ring.open(sealed, "row").toString()).toBe("before the rotation");
    expect(ring.seal(Buffer.from("after"), "row").keyId).toBe("2026");
  });

  test("knows its own signatures, those of older keys too, and no others", () => {
    const signature = ring.sign("state", "sign-in");
    expect(ring.verify("state", signature, "sign-in")).toBe(true);
    expect(ring.verify("state", parseKeyRing(old).sign("state", "sign-in"), "sign-in")).toBe(true);
    expect(ring.verify("state", signature, "another purpose")).toBe(false);
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, forged) => {
        fc.pre(text !== "state" && forged !== signature);
        expect(ring.verify(text, signature, "sign-in")).toBe(false);
        expect(ring.verify("state", forged, "sign-in")).toBe(false);
      }),
    );
  });

  test("names the key that is missing", () => {
    const sealed = parseKeyRing(entry("lost")).seal(Buffer.from("x"), "row");
    expect(() => ring.open(sealed, "row")).toThrow("sealed with the key lost");
  });

  test.each([
    ["", "key 1 must be an id"],
    ["no-colon", "key 1 must be an id"],
    [`short:${randomBytes(16).toString("base64")}`, "key 1 must be an id"],
    [`${entry("a")},b:`, "key 2 must be an id"],
    [`${entry("a")},${entry("a")}`, "the key id a stands twice"],
  ])("is refused when written as %j", (text, message) => {
    expect(() => parseKeyRing(text)).toThrow(message);
  });
});

describe("tokens", () => {
  test("an API key is recognisable, random and known by its hash alone", () => {
    const first = newApiKey();
    expect(first.key).toMatch(/^wd_live_[\w-]{43}$/);
    expect(first.hash.equals(hashToken(first.key))).toBe(true);
    expect(newApiKey().key).not.toBe(first.key);
  });

  test("secrets of any length compare as texts do", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (left, right) => {
        expect(equalSecrets(left, right)).toBe(left === right);
        expect(equalSecrets(left, left)).toBe(true);
      }),
    );
  });
});
