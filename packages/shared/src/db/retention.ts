import { sql } from "kysely";
import type { Database } from "./database.ts";

/** How many rows of each table went. */
export interface Pruned {
  readonly idempotencyKeys: number;
  readonly rateLimits: number;
  readonly auditEntries: number;
  readonly analyses: number;
  readonly locationRuns: number;
}

/**
 * One batch of the retention: at most `limit` rows of each table. Idempotency keys and rate-limit counts go when they
 * expired, audit entries after `auditKeptForMs`, finished analyses, audits and simulations after `resultsKeptForMs`. For the worker's role; any number may run at once.
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
  // Here and below the oldest have the lowest ids, so that the search ends after one batch. No locks: the trail may not be updated.
  const entries = await sql`
    delete from audit_log where id in (
      select id from (select id, at from audit_log order by id limit ${limit}) oldest
      where at < now() - make_interval(secs => ${pruning.auditKeptForMs / 1000}::float8))`.execute(database.kysely);
  const finished = (table: "analyses" | "location_runs") => sql`
    delete from ${sql.table(table)} where id in (
      select id from (select id, finished_at from ${sql.table(table)} order by id limit ${limit}) oldest
      where finished_at < now() - make_interval(secs => ${pruning.resultsKeptForMs / 1000}::float8))`;
  const analyses = await finished("analyses").execute(database.kysely);
  const runs = await finished("location_runs").execute(database.kysely);
  const rows = ({ numAffectedRows = 0n }: { readonly numAffectedRows?: bigint }) => Number(numAffectedRows);
  return {
    idempotencyKeys: rows(keys),
    rateLimits: rows(counts),
    auditEntries: rows(entries),
    analyses: rows(analyses),
    locationRuns: rows(runs),
  };
}
