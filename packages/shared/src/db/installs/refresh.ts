import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import type { Database } from "../database.ts";
import { storableText } from "../identifiers.ts";
import { type InstallRef, type SealedTokens, withInstall } from "./install.ts";

/**
 * One refresh at a time, whatever the number of processes: HighLevel's refresh tokens rotate on use, so that two at once
 * would lose the grant. The lock is a lease on the row, since no network call is awaited inside a transaction.
 */

/** Proves the right to refresh in every later write. */
export interface RefreshLease extends InstallRef {
  readonly leaseToken: string;
}

/** The lease, or null when the tokens are newer than `version`, revoked, gone, or being refreshed by another. */
export async function claimRefresh(
  database: Database,
  claim: InstallRef & { readonly version: number; readonly leaseMs: number },
): Promise<RefreshLease | null> {
  const leaseToken = randomUUID();
  const { numUpdatedRows } = await withInstall(database, claim, (transaction) =>
    transaction
      .updateTable("ghl_installs")
      .set({
        lease_token: leaseToken,
        lease_until: sql<Date>`now() + make_interval(secs => ${claim.leaseMs / 1_000}::float8)`,
      })
      .where("kind", "=", claim.kind)
      .where("id", "=", claim.id)
      .where("version", "=", claim.version)
      .where("revoked_at", "is", null)
      .where((eb) => eb.or([eb("lease_until", "is", null), eb("lease_until", "<", sql<Date>`now()`)]))
      .executeTakeFirstOrThrow(),
  );
  return numUpdatedRows > 0n ? { kind: claim.kind, id: claim.id, leaseToken } : null;
}

/** Stores the new pair and ends the lease, in one commit; false when the lease was lost or the install is gone. */
export async function commitRefresh(
  database: Database,
  lease: RefreshLease,
  fresh: {
    readonly tokens: SealedTokens;
    readonly scopes: readonly string[];
    /** Life of the access token from now. */
    readonly expiresInSeconds: number;
  },
): Promise<boolean> {
  return write(database, lease, {
    ciphertext: fresh.tokens.ciphertext,
    encryption_key_id: fresh.tokens.keyId,
    scopes: fresh.scopes.map((scope) => storableText(scope)),
    expires_at: sql<Date>`now() + make_interval(secs => ${fresh.expiresInSeconds}::float8)`,
    version: sql<number>`version + 1`,
    refreshed_at: sql<Date>`now()`,
  });
}

/** Ends the lease without new tokens: the next caller may try. */
export function releaseRefresh(database: Database, lease: RefreshLease): Promise<boolean> {
  return write(database, lease, {});
}

/** Marks the grant as refused for good; false when the lease was lost. */
export function revokeInstall(database: Database, lease: RefreshLease, reason: string): Promise<boolean> {
  return write(database, lease, { revoked_at: sql<Date>`now()`, revoked_reason: storableText(reason) });
}

async function write(database: Database, lease: RefreshLease, changes: object): Promise<boolean> {
  const { numUpdatedRows } = await withInstall(database, lease, (transaction) =>
    transaction
      .updateTable("ghl_installs")
      .set({ ...changes, lease_token: null, lease_until: null })
      .where("kind", "=", lease.kind)
      .where("id", "=", lease.id)
      .where("lease_token", "=", lease.leaseToken)
      .executeTakeFirstOrThrow(),
  );
  return numUpdatedRows > 0n;
}

/**
 * Installs whose access token ends within the given time and that nobody refreshes. In no order, so that those which go
 * on failing do not stand before the others. For the worker.
 */
export async function installsDue(
  database: Database,
  due: { readonly withinMs: number; readonly limit: number },
): Promise<readonly InstallRef[]> {
  return database.kysely
    .selectFrom("ghl_installs")
    .select(["kind", "id"])
    .where("revoked_at", "is", null)
    .where("expires_at", "<", sql<Date>`now() + make_interval(secs => ${due.withinMs / 1_000}::float8)`)
    .where((eb) => eb.or([eb("lease_until", "is", null), eb("lease_until", "<", sql<Date>`now()`)]))
    .orderBy(sql`random()`)
    .limit(due.limit)
    .execute();
}
