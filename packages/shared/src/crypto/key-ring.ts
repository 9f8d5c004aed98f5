import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from "node:crypto";

/** Bytes encrypted with AES-256-GCM: nonce (12 bytes), ciphertext, tag (16 bytes). */
export interface Sealed {
  readonly keyId: string;
  readonly ciphertext: Buffer;
}

export interface KeyRing {
  /** Names the key that seals; what another sealed can be sealed anew. */
  readonly newestKeyId: string;
  /** Seals with the newest key. `context` must be given again to open: it binds the bytes to their row. */
  seal(plaintext: Uint8Array, context: string): Sealed;
  /** Throws `SealError` when the key is unknown, or bytes or context were changed. */
  open(sealed: Sealed, context: string): Buffer;
  /** HMAC-SHA256 of a text with the newest key, in base64url. `purpose` keeps signatures of different uses apart. */
  sign(text: string, purpose: string): string;
  /** Whether one of the keys signed the text for this purpose. */
  verify(text: string, signature: string, purpose: string): boolean;
}

/** Sealed bytes that cannot be opened. The message tells the operator why; it holds no secret. */
export class SealError extends Error {
  override readonly name = "SealError";
}

const ALGORITHM = "aes-256-gcm";
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const ENTRY = /^([A-Za-z0-9._-]{1,64}):([A-Za-z0-9+/_-]{43}=?)$/;

/** Parses `id:base64key,id:base64key`, newest first; each key 32 bytes. Throws a message fit for the operator. */
export function parseKeyRing(text: string): KeyRing {
  const keys = new Map<string, Buffer>();
  let newest: { id: string; key: Buffer } | undefined;
  for (const [index, entry] of text.split(",").entries()) {
    const [, id, encoded] = ENTRY.exec(entry.trim()) ?? [];
    const key = Buffer.from(encoded ?? "", "base64");
    if (id === undefined || key.length !== KEY_BYTES)
      throw new SealError(`key ${index + 1} must be an id, a colon and ${KEY_BYTES} bytes in base64`);
    if (keys.has(id)) throw new SealError(`the key id ${id} stands twice`);
    keys.set(id, key);
    newest ??= { id, key };
  }
  if (newest === undefined) throw new SealError("there must be at least one key");
  const { id, key } = newest;
  return {
    newestKeyId: id,
    seal: (plaintext, context) => ({ keyId: id, ciphertext: encrypt(key, plaintext, aad(id, context)) }),
    open(sealed, context) {
      const known = keys.get(sealed.keyId);
      if (known === undefined) throw new SealError(`sealed with the key ${sealed.keyId}, which is not in the key ring`);
      return decrypt(known, sealed.ciphertext, aad(sealed.keyId, context));
    },
    sign: (text, purpose) => mac(key, text, purpose).toString("base64url"),
    verify(text, signature, purpose) {
      const given = Buffer.from(signature, "base64url");
      return [...keys.values()].some((candidate) => {
        const expected = mac(candidate, text, purpose);
        return given.length === expected.length && timingSafeEqual(given, expected);
      });
    },
  };
}

/** With a key of its own per purpose, so that nothing signed is ever a key or a nonce of the encryption. */
function mac(key: Buffer, text: string, purpose: string): Buffer {
  const own = Buffer.from(hkdfSync("sha256", key, "", `sign/${purpose}`, KEY_BYTES));
  return createHmac("sha256", own).update(text).digest();
}

/** The context that a workflow snapshot is sealed with. */
export function snapshotContext(locationId: string, sha256: Buffer): string {
  return `workflow_snapshots/${locationId}/${sha256.toString("hex")}`;
}

/** The context that a location's drawings are sealed with: results are copied within a location. */
export function layoutContext(locationId: string): string {
  return `analysis_layouts/${locationId}`;
}

/** The context that a settings document of a location is sealed with. */
export function settingsContext(locationId: string, name: string): string {
  return `location_settings/${locationId}/${name}`;
}

/** The context that the options of an analysis are sealed with. */
export function optionsContext(locationId: string, sha256: Buffer): string {
  return `option_snapshots/${locationId}/${sha256.toString("hex")}`;
}

/** The context that a run's request is sealed with, and each part of its result. */
export function runContext(id: string, part: string): string {
  return `location_runs/${id}/${part}`;
}

/** The context that a webhook's body is sealed with. */
export function webhookContext(id: string): string {
  return `webhook_events/${id}`;
}

/** The context that the tokens of an install are sealed with. */
export function installContext(install: { readonly kind: string; readonly id: string }): string {
  return `ghl_installs/${install.kind}/${install.id}`;
}

/** Key ids hold no slash, so that no two pairs give the same text. */
function aad(keyId: string, context: string): Buffer {
  return Buffer.from(`${keyId}/${context}`);
}

/** Random bytes for the next nonces: drawing them for each costs more than sealing a small text with one. */
let nonces = Buffer.alloc(0);

function newNonce(): Buffer {
  if (nonces.length === 0) nonces = randomBytes(256 * NONCE_BYTES);
  const nonce = nonces.subarray(0, NONCE_BYTES);
  nonces = nonces.subarray(NONCE_BYTES);
  return nonce;
}

function encrypt(key: Buffer, plaintext: Uint8Array, additional: Buffer): Buffer {
  const nonce = newNonce();
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES }).setAAD(additional);
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Buffer, sealed: Buffer, additional: Buffer): Buffer {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) throw new SealError("the sealed bytes are cut short");
  const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
    .setAAD(additional)
    .setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  const body = decipher.update(sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES));
  try {
    return Buffer.concat([body, decipher.final()]);
  } catch (cause) {
    throw new SealError("the sealed bytes were changed, or belong to another row or key", { cause });
  }
}
