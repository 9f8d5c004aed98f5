import { sql } from "kysely";
import { type AuditTrail, recordAudit } from "./audit-log.ts";
import { type Database, withLocation } from "./database.ts";
import { isUuid, storableText } from "./identifiers.ts";
import type { SettingsName } from "./settings/documents.ts";
import type { ApiKeyScope, Plan } from "./tables.ts";

/** Who a key speaks for. */
export interface ApiKeyIdentity {
  readonly keyId: string;
  readonly locationId: string;
  readonly plan: Plan;
  readonly scopes: readonly ApiKeyScope[];
  /** The settings documents that its location has. */
  readonly settings: readonly SettingsName[];
}

interface IdentityRow {
  readonly hash: Buffer;
  readonly key_id: string;
  readonly location_id: string;
  readonly plan: Plan;
  readonly scopes: ApiKeyScope[];
  readonly settings: SettingsName[];
}

/**
 * The identities behind keys' SHA-256, in their order; null for one that is unknown or revoked. Notes the use of each at most
 * once a minute.
 */
export async function authenticateApiKeys(
  database: Database,
  hashes: readonly Buffer[],
): Promise<readonly (ApiKeyIdentity | null)[]> {
  const names = hashes.map((hash) => hash.toString("hex"));
  const distinct = [...new Map(names.map((name, index) => [name, hashes[index]])).values()];
  const { rows } = await sql<IdentityRow>`
    select * from authenticate_api_keys(${distinct}::bytea[])`.execute(database.kysely);
  const identities = new Map(
    rows.map(({ hash, key_id: keyId, location_id: locationId, plan, scopes, settings }) => {
      return [hash.toString("hex"), { keyId, locationId, plan, scopes, settings }];
    }),
  );
  return names.map((name) => identities.get(name) ?? null);
}

/** The identity behind one key. */
export async function authenticateApiKey(database: Database, hash: Buffer): Promise<ApiKeyIdentity | null> {
  const [identity = null] = await authenticateApiKeys(database, [hash]);
  return identity;
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
