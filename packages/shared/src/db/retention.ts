import { sql } from "kysely";
import type { Database } from "./database.ts";

/** How many rows of each table went. */
export interface Pruned {
  readonly idempotencyKeys: number;
  readonly rateLimits: number;
  readonly auditEntries: number;
}

/**
 * One batch of the retention: at most `limit` rows of each table. Idempotency keys and rate-limit counts go when they
 * expired, audit entries after `auditKeptForMs`. For the worker's role; any number may run at once.
 */
export async function pruneExpired(
  database: Database,
  pruning: { readonly auditKeptForMs: number; readonly limit: number },
): Promise<Pruned> {
  const { limit } = pruning;
  const keys = await sql`
    delete from idempotency_keys where (location_id, route, key) in (
      select location_id, route, key from idempotency_keys where expires_at < now()
      order by expires_at limit ${limit} for update skip locked)`.execute(database.kysely);
  const counts = await sql`
    delete from rate_limits where key in (
      select key from rate_limits where expire < extract(epoch from now()) * 1000
      limit ${limit} for update skip locked)`.execute(database.kysely);
  // The oldest have the lowest ids, so that the search ends after one batch. No locks: the trail may not be updated.
  const entries = await sql`
    delete from audit_log where id in (
      select id from (select id, at from audit_log order by id limit ${limit}) oldest
      where at < now() - make_interval(secs => ${pruning.auditKeptForMs / 1000}::float8))`.execute(database.kysely);
  const rows = ({ numAffectedRows = 0n }: { readonly numAffectedRows?: bigint }) => Number(numAffectedRows);
  return { idempotencyKeys: rows(keys), rateLimits: rows(counts), auditEntries: rows(entries) };
}
