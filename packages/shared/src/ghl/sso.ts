import { createDecipheriv, createHash } from "node:crypto";
import { z } from "zod";

/** Who looks at a page embedded in HighLevel (ghl.md 6). */
export interface SsoUser {
  readonly userId: string;
  readonly companyId: string;
  /** The location the page stands in; null on a page of the agency. */
  readonly locationId: string | null;
}

const identifier = z.string().regex(/^[\w-]{1,100}$/);
const userContext = z.looseObject({
  userId: identifier,
  companyId: identifier,
  role: z.string(),
  type: z.enum(["agency", "location"]),
  activeLocation: identifier.optional(),
});

const MAGIC = Buffer.from("Salted__");
const SALT_BYTES = 8;
const BLOCK_BYTES = 16;
const KEY_BYTES = 32;
/** A real one has a few hundred characters. */
export const LONGEST_SSO_PAYLOAD = 8_192;

/**
 * Opens the user context that HighLevel gives an embedded page, encrypted as CryptoJS does with a passphrase: OpenSSL's
 * format, AES-256-CBC, the key made from the app's shared secret with MD5. Null for everything that is not exactly that:
 * the encryption proves nothing (no tag, no time, no nonce), so the caller checks what it says and never keeps it.
 */
export function openSsoPayload(payload: string, sharedSecret: string): SsoUser | null {
  if (payload.length > LONGEST_SSO_PAYLOAD || !/^[A-Za-z0-9+/]+={0,2}$/.test(payload)) return null;
  const bytes = Buffer.from(payload, "base64");
  const encrypted = bytes.subarray(MAGIC.length + SALT_BYTES);
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC) || encrypted.length === 0) return null;
  const { key, iv } = deriveKey(sharedSecret, bytes.subarray(MAGIC.length, MAGIC.length + SALT_BYTES));
  const decipher = createDecipheriv("aes-256-cbc", key, iv);
  try {
    const text = Buffer.concat([decipher.update(encrypted), decipher.final()]);
    const { userId, companyId, activeLocation } = userContext.parse(JSON.parse(text.toString("utf8")));
    return { userId, companyId, locationId: activeLocation ?? null };
  } catch {
    return null;
  }
}

/** OpenSSL's EVP_BytesToKey with MD5 and one round. */
function deriveKey(passphrase: string, salt: Buffer): { readonly key: Buffer; readonly iv: Buffer } {
  const blocks: Buffer[] = [];
  while (Buffer.concat(blocks).length < KEY_BYTES + BLOCK_BYTES) {
    const hash = createHash("md5").update(blocks.at(-1) ?? "");
    blocks.push(hash.update(passphrase, "utf8").update(salt).digest());
  }
  const derived = Buffer.concat(blocks);
  return { key: derived.subarray(0, KEY_BYTES), iv: derived.subarray(KEY_BYTES, KEY_BYTES + BLOCK_BYTES) };
}
