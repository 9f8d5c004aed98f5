import { sql } from "kysely";
import type { Database } from "./database.ts";
import { pruneReleasedSnapshots } from "./released-snapshots.ts";

/** How many rows of each table went. */
export interface Pruned {
  readonly idempotencyKeys: number;
  readonly rateLimits: number;
  readonly auditEntries: number;
  readonly analyses: number;
  readonly locationRuns: number;
  /** Snapshots that lost a referrer: removed, or found in use again. */
  readonly releasedSnapshots: number;
}

/** Whoever read a definition a moment ago may still refer to it. Milliseconds. */
const RELEASED_FOR_MS = 3_600_000;

/**
 * One batch of the retention: at most `limit` rows of each table. Idempotency keys and rate-limit counts go when they
 * expired, audit entries after `auditKeptForMs`, finished analyses, audits and simulations after `resultsKeptForMs`,
 * snapshots an hour after nothing refers to them any more. For the worker's role; any number may run at once.
 */
export async function pruneExpired(
  database: Database,
  pruning: { readonly auditKeptForMs: number; readonly resultsKeptForMs: number; readonly limit: number },
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
  const removeOldest = (table: "audit_log" | "analyses" | "location_runs", since: string, keptForMs: number) =>
    sql`
      delete from ${sql.table(table)} where id in (
        select id from (select id, ${sql.ref(since)} as since from ${sql.table(table)} order by id limit ${limit}) oldest
        where since < now() - make_interval(secs => ${keptForMs / 1000}::float8))`.execute(database.kysely);
  const entries = await removeOldest("audit_log", "at", pruning.auditKeptForMs);
  const analyses = await removeOldest("analyses", "finished_at", pruning.resultsKeptForMs);
  const runs = await removeOldest("location_runs", "finished_at", pruning.resultsKeptForMs);
  const releasedSnapshots = await pruneReleasedSnapshots(database, { releasedForMs: RELEASED_FOR_MS, limit });
  const rows = ({ numAffectedRows = 0n }: { readonly numAffectedRows?: bigint }) => Number(numAffectedRows);
  return {
    idempotencyKeys: rows(keys),
    rateLimits: rows(counts),
    auditEntries: rows(entries),
    analyses: rows(analyses),
    locationRuns: rows(runs),
    releasedSnapshots,
  };
}
