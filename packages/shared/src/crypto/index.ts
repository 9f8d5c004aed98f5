export interface Sealed {
  readonly keyId: string;
  readonly ciphertext: Buffer;
}

export interface KeyRing {
  /** Seals with the newest key. `context` must be given again to open: it binds the bytes to their row. */
  seal(plaintext: Uint8Array, context: string): Sealed;
  /** Throws `SealError` when the key is unknown, or bytes or context were changed. */
  open(sealed: Sealed, context: string): Buffer;
}

/** Parses `id:base64key,id:base64key`, newest first; each key 32 bytes. Throws a message fit for the operator. */
export function parseKeyRing(_text: string): KeyRing {
  throw new Error("not written yet");
}

/** The context that a workflow snapshot is sealed with. */
export function snapshotContext(locationId: string, sha256: Buffer): string {
  return `workflow_snapshots/${locationId}/${sha256.toString("hex")}`;
}

/** SHA-256, as stored of API keys and other tokens, and of definitions. */
export function sha256(_data: string | Uint8Array): Buffer {
  throw new Error("not written yet");
}

/** SHA-256 of a token; what the database knows of it. */
export function hashToken(_token: string): Buffer {
  throw new Error("not written yet");
}

/** A new key, `wd_live_` and 256 random bits; shown once. */
export function newApiKey(): { readonly key: string; readonly hash: Buffer } {
  throw new Error("not written yet");
}

/** Compares two secrets in constant time, whatever their lengths. */
export function equalSecrets(_left: string, _right: string): boolean {
  throw new Error("not written yet");
}
