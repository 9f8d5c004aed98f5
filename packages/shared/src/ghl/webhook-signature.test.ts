import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  isSignedByHighLevel,
  openWebhookKeys,
  PUBLISHED_WEBHOOK_KEY,
  RETIRED_WEBHOOK_KEY,
  readWebhookKey,
} from "./webhook-signature.ts";

const current = generateKeyPairSync("ed25519");
const older = generateKeyPairSync("ed25519");
const retired = generateKeyPairSync("rsa", { modulusLength: 2048 });
const body = Buffer.from(JSON.stringify({ type: "INSTALL", appId: "app", locationId: "loc" }));
const ed25519 = (key: KeyObject, bytes = body) => sign(null, bytes, key).toString("base64");
const rsa = sign("sha256", body, retired.privateKey).toString("base64");
const keys = { current: [current.publicKey, older.publicKey], retired: [] };
const accepts = (
  bytes: Uint8Array,
  header: string | undefined,
  retiredHeader?: string,
  ring: Parameters<typeof isSignedByHighLevel>[2] = keys,
) => isSignedByHighLevel(bytes, { current: header, retired: retiredHeader }, ring);

describe("HighLevel's signature", () => {
  test("is accepted under any key of the ring", () => {
    expect(accepts(body, ed25519(current.privateKey))).toBe(true);
    expect(accepts(body, ed25519(older.privateKey))).toBe(true);
    expect(accepts(body, ed25519(generateKeyPairSync("ed25519").privateKey))).toBe(false);
  });

  test.each([
    ["no header", undefined],
    ["the word N/A", "N/A"],
    ["an empty header", ""],
    [
      "base64url instead of base64",
      ed25519(current.privateKey).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, ""),
    ],
    ["white space around it", ` ${ed25519(current.privateKey)} `],
  ])("fails closed with %s", (_title, header) => {
    expect(accepts(body, header)).toBe(false);
  });

  test("of the retired kind counts only where it was allowed, and never beside a bad current one", () => {
    const allowed = { ...keys, retired: [retired.publicKey] };
    expect(accepts(body, undefined, rsa)).toBe(false);
    expect(accepts(body, undefined, rsa, allowed)).toBe(true);
    expect(accepts(body, ed25519(generateKeyPairSync("ed25519").privateKey), rsa, allowed)).toBe(false);
  });

  test("of 10,000 requests changed in one place none is accepted", () => {
    const header = ed25519(current.privateKey);
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
    fc.assert(
      fc.property(fc.boolean(), fc.nat(), fc.nat(), (inBody, place, value) => {
        const bytes = Buffer.from(inBody ? body : Buffer.from(header));
        const to = inBody ? value % 256 : alphabet.charCodeAt(value % alphabet.length);
        const at = place % bytes.length;
        fc.pre(bytes[at] !== to);
        bytes[at] = to;
        expect(inBody ? accepts(bytes, header) : accepts(body, bytes.toString("latin1"))).toBe(false);
      }),
      { numRuns: 10_000 },
    );
  }, 60_000);
});

test("the published keys are what they say: Ed25519, and RSA with 4096 bits for the retired header", () => {
  expect(readWebhookKey(PUBLISHED_WEBHOOK_KEY).asymmetricKeyType).toBe("ed25519");
  const { asymmetricKeyType, asymmetricKeyDetails } = readWebhookKey(RETIRED_WEBHOOK_KEY);
  expect([asymmetricKeyType, asymmetricKeyDetails?.modulusLength]).toEqual(["rsa", 4096]);
});

test("without configured keys the published one is used, and a PEM file's text is read as well", () => {
  const pem = current.publicKey.export({ format: "pem", type: "spki" }).toString();
  const open = (own: readonly string[]) => openWebhookKeys({ keys: own, acceptRetired: false });
  expect(open([]).current[0]?.equals(readWebhookKey(PUBLISHED_WEBHOOK_KEY))).toBe(true);
  expect(open([pem]).current[0]?.equals(current.publicKey)).toBe(true);
  expect(open([]).retired).toEqual([]);
  expect(openWebhookKeys({ keys: [], acceptRetired: true }).retired).toHaveLength(1);
});
