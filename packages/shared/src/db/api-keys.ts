import { sql } from "kysely";
import { type AuditTrail, recordAudit } from "./audit-log.ts";
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

/** A key as its owner sees it; the key itself is kept nowhere. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly ApiKeyScope[];
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
}

/** Active keys a location may have at the most. */
export const MOST_API_KEYS = 100;

/** Stores a new key's hash; the key itself is shown once and kept nowhere. False when the location has too many. */
export async function createApiKey(
  database: Database,
  key: {
    /** UUIDv7 made by the caller. */
    readonly id: string;
    readonly locationId: string;
    readonly name: string;
    readonly hash: Buffer;
    readonly scopes: readonly ApiKeyScope[];
  } & AuditTrail,
): Promise<boolean> {
  const { id, locationId } = key;
  return withLocation(database, locationId, async (transaction) => {
    const { active } = await transaction
      .selectFrom("api_keys")
      .select((eb) => eb.fn.countAll<number>().as("active"))
      .where("location_id", "=", locationId)
      .where("revoked_at", "is", null)
      .executeTakeFirstOrThrow();
    if (active >= MOST_API_KEYS) return false;
    await transaction
      .insertInto("api_keys")
      .values({ id, location_id: locationId, name: storableText(key.name), hash: key.hash, scopes: [...key.scopes] })
      .execute();
    await recordAudit(transaction, key, [{ locationId, action: "key.created", subject: id }]);
    return true;
  });
}

/** The location's active keys, newest first. */
export async function listApiKeys(database: Database, locationId: string): Promise<readonly ApiKey[]> {
  const rows = await withLocation(database, locationId, (transaction) =>
    transaction
      .selectFrom("api_keys")
      .select(["id", "name", "scopes", "created_at", "last_used_at"])
      .where("location_id", "=", locationId)
      .where("revoked_at", "is", null)
      .orderBy("id", "desc")
      .limit(MOST_API_KEYS)
      .execute(),
  );
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    scopes: row.scopes,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
  }));
}

/** Ends a key for good; false when the location has no such active key. */
export async function revokeApiKey(
  database: Database,
  key: { readonly locationId: string; readonly id: string } & AuditTrail,
): Promise<boolean> {
  const { locationId, id } = key;
  if (!isUuid(id)) return false;
  return withLocation(database, locationId, async (transaction) => {
    const { numUpdatedRows } = await transaction
      .updateTable("api_keys")
      .set({ revoked_at: sql<Date>`now()` })
      .where("id", "=", id)
      .where("location_id", "=", locationId)
      .where("revoked_at", "is", null)
      .executeTakeFirstOrThrow();
    if (numUpdatedRows === 0n) return false;
    await recordAudit(transaction, key, [{ locationId, action: "key.revoked", subject: id }]);
    return true;
  });
}
