import { createCipheriv, createHash, randomBytes } from "node:crypto";

/** Encrypts a user context as HighLevel does for embedded pages: OpenSSL's salted format, AES-256-CBC, MD5 key. */
export function encryptSsoPayload(user: object | string, sharedSecret: string): string {
  const salt = randomBytes(8);
  let derived = Buffer.alloc(0);
  for (let last = Buffer.alloc(0); derived.length < 48; derived = Buffer.concat([derived, last])) {
    last = createHash("md5")
      .update(Buffer.concat([last, Buffer.from(sharedSecret), salt]))
      .digest();
  }
  const cipher = createCipheriv("aes-256-cbc", derived.subarray(0, 32), derived.subarray(32, 48));
  const text = typeof user === "string" ? user : JSON.stringify(user);
  return Buffer.concat([Buffer.from("Salted__"), salt, cipher.update(text), cipher.final()]).toString("base64");
}
