import { type KeyRing, snapshotContext } from "./key-ring.ts";
import { sha256 } from "./tokens.ts";

/** A definition as a snapshot of its location: its bytes sealed, their SHA-256 and their size before sealing. */
export function sealDefinition(definition: unknown, locationId: string, keyRing: KeyRing) {
  // Serialised anew, so that white space and key escapes make no new snapshot; lone surrogates come out escaped.
  const bytes = Buffer.from(JSON.stringify(definition));
  const digest = sha256(bytes);
  return { sha256: digest, ...keyRing.seal(bytes, snapshotContext(locationId, digest)), size: bytes.byteLength };
}
