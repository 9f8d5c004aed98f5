/** Secrets at rest and secrets compared. */

export { type KeyRing, parseKeyRing, SealError, type Sealed, snapshotContext } from "./key-ring.ts";
export { equalSecrets, hashToken, newApiKey, sha256 } from "./tokens.ts";
