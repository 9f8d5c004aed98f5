import { createPublicKey, type KeyObject, verify } from "node:crypto";

/**
 * The Ed25519 key HighLevel signs webhooks with, as its integration guide publishes it (read on 2026-09-16, see
 * docs/decisions); base64 of its SPKI form. One key for all apps: a valid signature does not say that an event is ours.
 */
export const PUBLISHED_WEBHOOK_KEY = "MCowBQYDK2VwAyEAi2HR1srL4o18O8BRa7gVJY7G7bupbN3H9AwJrHCDiOg=";

/** The RSA key of the header that HighLevel retired on 2026-09-01; base64 of its SPKI form. */
export const RETIRED_WEBHOOK_KEY = [
  "MIICIjANBgkqhkiG9w0BAQEFAAOCAg8AMIICCgKCAgEAokvo/r9tVgcfZ5DysOSCFrm602qYV0MaAiNnX9O8KxMbiyRKWeL9JpCpVpt4XHIc",
  "BOK4u3cLSqJGOLaPuXw6dO0t6Q/ZVdAV5Phz+ZtzPL16iCGeK9po6D6JHBpbi989mmzMryUnQJezlYJ3DVfBcsedpinheNnyYeFXolrJvcsj",
  "DtfAeRx5ByHQmTnSdFUzuAnC9/GepgLT9SM4nCpvuxmZMxrJt5Rw+VUaQ9B8JSvbMPpez4peKaJPZHBbU3OdeCVx5klVXXZQGNHOs8gF3kvo",
  "V5rTnXV0IknLBXlcKKAQLZcY/Q9rG6Ifi9c+5vqlvHPCUJFT5XUGG5RKgOKUJ062fRtN+rLYZUV+BjafxQauvC8wSWeYja63VSUruvmNj8xk",
  "x2zE/Juc+yjLjTXpIocmaiFeAO6fUtNjDeFVkhf5LNb59vECyrHD2SQIrhgXpO4Q3dVNA5rw576PwTzNh/AMfHKIjE4xQA1SZuYJmNnmVZLI",
  "ZBlQAF9Ntd03rfadZ+yDiOXCCs9FkHibELhCHULgCsnuDJHcrGNd5/Ddm5hxGQ0ASitgHeMZ0kcIOwKDOzOU53lDza6/Y09T7sYJPQe7z0cv",
  "j7aE4B+Ax1ZoZGPzpJlZtGXCsu9aTEGEnKzmsFqwcSsnw3JB31IGKAykT1hhTiaCeIY/OwwwNUY2yvcCAwEAAQ==",
].join("");

/** Keys that HighLevel may have signed with. */
export interface WebhookKeys {
  readonly current: readonly KeyObject[];
  /** Empty unless the retired header is still accepted. */
  readonly retired: readonly KeyObject[];
}

/** Reads one key, PEM or base64 of its SPKI form. Throws when it is no public key. */
export function readWebhookKey(text: string): KeyObject {
  if (text.includes("-----BEGIN")) return createPublicKey(text);
  return createPublicKey({ key: Buffer.from(text, "base64"), format: "der", type: "spki" });
}

export function openWebhookKeys(settings: {
  readonly keys: readonly string[];
  readonly acceptRetired: boolean;
}): WebhookKeys {
  const current = settings.keys.length > 0 ? settings.keys : [PUBLISHED_WEBHOOK_KEY];
  return {
    current: current.map(readWebhookKey),
    retired: settings.acceptRetired ? [readWebhookKey(RETIRED_WEBHOOK_KEY)] : [],
  };
}

export interface WebhookSignatures {
  /** `X-GHL-Signature`. */
  readonly current: string | undefined;
  /** `X-WH-Signature`. */
  readonly retired: string | undefined;
}

/** Whether HighLevel signed these bytes. No header, or the word `N/A` in it, is no signature: fails closed. */
export function isSignedByHighLevel(body: Uint8Array, signatures: WebhookSignatures, keys: WebhookKeys): boolean {
  if (body.length === 0) return false;
  const current = decode(signatures.current);
  if (current !== null) return keys.current.some((key) => verify(null, body, key, current));
  const retired = decode(signatures.retired);
  return retired !== null && keys.retired.some((key) => verify("sha256", body, key, retired));
}

/** Strict base64, in its one canonical spelling. */
function decode(signature: string | undefined): Buffer | null {
  if (signature === undefined || !/^[A-Za-z0-9+/]+={0,2}$/.test(signature)) return null;
  const bytes = Buffer.from(signature, "base64");
  return bytes.toString("base64") === signature ? bytes : null;
}
