import { sql, type Transaction } from "kysely";
import { type Database, withSettings } from "../database.ts";
import type { InstallKind, Tables } from "../tables.ts";

/** Names an install: the app in one location, or in a whole company (agency). */
export interface InstallRef {
  readonly kind: InstallKind;
  /** HighLevel's id of the location or the company. */
  readonly id: string;
}

/** The tokens of an install as sealed by the key ring (see `installContext` of the crypto room). */
export interface SealedTokens {
  readonly ciphertext: Buffer;
  readonly keyId: string;
}

export interface Install extends InstallRef {
  readonly companyId: string | null;
  /** A location whose token is made from its company's. */
  readonly throughCompany: boolean;
  readonly userId: string | null;
  readonly scopes: readonly string[];
  readonly tokens: SealedTokens;
  /** Raised by every new pair of tokens. */
  readonly version: number;
  /** Of the access token. */
  readonly expiresAt: Date;
  /** By the database's clock; negative once expired. */
  readonly expiresInMs: number;
  /** Somebody refreshes the tokens for this much longer at the most; 0 when nobody does. */
  readonly refreshingForMs: number;
  /** HighLevel refused the grant: only a new sign-in helps. */
  readonly revokedReason: string | null;
}

/** Runs `work` in a transaction that sees this install, and of tenants' rows only those of its own location. */
export function withInstall<Result>(
  database: Database,
  { kind, id }: InstallRef,
  work: (transaction: Transaction<Tables>) => Promise<Result>,
): Promise<Result> {
  return withSettings(database, { [kind === "location" ? "app.location_id" : "app.company_id"]: id }, work);
}

/** The install with its sealed tokens; null when the app is not installed there. */
export async function readInstall(database: Database, ref: InstallRef): Promise<Install | null> {
  const row = await withInstall(database, ref, (transaction) =>
    transaction
      .selectFrom("ghl_installs")
      .selectAll()
      .select(sql<number>`(extract(epoch from expires_at - now()) * 1000)::float8`.as("expires_in_ms"))
      .select(
        sql<number>`greatest(0, coalesce(extract(epoch from lease_until - now()), 0) * 1000)::float8`.as(
          "refreshing_for_ms",
        ),
      )
      .where("kind", "=", ref.kind)
      .where("id", "=", ref.id)
      .executeTakeFirst(),
  );
  if (row === undefined) return null;
  return {
    kind: row.kind,
    id: row.id,
    companyId: row.company_id,
    throughCompany: row.through_company,
    userId: row.user_id,
    scopes: row.scopes,
    tokens: { ciphertext: row.ciphertext, keyId: row.encryption_key_id },
    version: row.version,
    expiresAt: row.expires_at,
    expiresInMs: row.expires_in_ms,
    refreshingForMs: row.refreshing_for_ms,
    revokedReason: row.revoked_reason,
  };
}
