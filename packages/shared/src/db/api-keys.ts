import { sql } from "kysely";
import { type Database, withLocation } from "./database.ts";
import { isUuid, storableText } from "./identifiers.ts";
import type { ApiKeyScope, Plan } from "./tables.ts";

/** Who a key speaks for. */
export interface ApiKeyIdentity {
  readonly keyId: string;
  readonly locationId: string;
  readonly plan: Plan;
  readonly scopes: readonly ApiKeyScope[];
}

/**
 * The identity behind a key's SHA-256, or null when it is unknown or revoked. Notes the use at most once a minute.
 * The answer may be kept for a few seconds; a revocation then takes that long.
 */
export async function authenticateApiKey(database: Database, hash: Buffer): Promise<ApiKeyIdentity | null> {
  const { rows } = await sql<{ key_id: string; location_id: string; plan: Plan; scopes: ApiKeyScope[] }>`
    select * from authenticate_api_key(${hash})`.execute(database.kysely);
  const row = rows[0];
  if (row === undefined) return null;
  return { keyId: row.key_id, locationId: row.location_id, plan: row.plan, scopes: row.scopes };
}

/** Stores a new key's hash; the key itself is shown once and kept nowhere. */
export async function createApiKey(
  database: Database,
  key: {
    /** UUIDv7 made by the caller. */
    readonly id: string;
    readonly locationId: string;
    readonly name: string;
    readonly hash: Buffer;
    readonly scopes: readonly ApiKeyScope[];
  },
): Promise<void> {
  await withLocation(database, key.locationId, (transaction) =>
    transaction
      .insertInto("api_keys")
      .values({
        id: key.id,
        location_id: key.locationId,
        name: storableText(key.name),
        hash: key.hash,
        scopes: [...key.scopes],
      })
      .execute(),
  );
}

/** Ends a key for good; false when the location has no such active key. */
export async function revokeApiKey(
  database: Database,
  key: { readonly locationId: string; readonly id: string },
): Promise<boolean> {
  if (!isUuid(key.id)) return false;
  const { numUpdatedRows } = await withLocation(database, key.locationId, (transaction) =>
    transaction
      .updateTable("api_keys")
      .set({ revoked_at: sql<Date>`now()` })
      .where("id", "=", key.id)
      .where("location_id", "=", key.locationId)
      .where("revoked_at", "is", null)
      .executeTakeFirstOrThrow(),
  );
  return numUpdatedRows > 0n;
}
