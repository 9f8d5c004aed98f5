import { hash, randomBytes, timingSafeEqual } from "node:crypto";

export function sha256(data: string | Uint8Array): Buffer {
  return hash("sha256", data, "buffer");
}

/**
 * What the database knows of a token. Tokens are random, so that a plain SHA-256 cannot be guessed back; the look-up
 * by hash gives nothing away by its timing.
 */
export function hashToken(token: string): Buffer {
  return sha256(token);
}

/** 256 random bits in base64url: 43 characters. */
export function newToken(): string {
  return randomBytes(32).toString("base64url");
}

/** A new key, `wd_live_` and 256 random bits; shown once. */
export function newApiKey(): { readonly key: string; readonly hash: Buffer } {
  const key = `wd_live_${newToken()}`;
  return { key, hash: hashToken(key) };
}

/** Compares two secrets in constant time, whatever their lengths. */
export function equalSecrets(left: string, right: string): boolean {
  return timingSafeEqual(sha256(left), sha256(right));
}

/** Whether an `Authorization` header carries the token: as Bearer, or as the password of Basic authentication. */
export function carriesToken(header: string | undefined, token: string): boolean {
  const [, scheme = "", value = ""] = /^(\w+) +(\S+) *$/.exec(header ?? "") ?? [];
  if (scheme.toLowerCase() === "bearer") return equalSecrets(value, token);
  if (scheme.toLowerCase() !== "basic") return false;
  const pair = Buffer.from(value, "base64").toString("utf8");
  return equalSecrets(pair.slice(pair.indexOf(":") + 1), token);
}
