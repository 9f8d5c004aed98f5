import { randomInt, randomUUID } from "node:crypto";
import { sql } from "kysely";
import type { Database } from "../database.ts";
import type { RowKind } from "./row-kind.ts";

/**
 * A worker as the database sees it: a number that names the advisory lock which one of its sessions holds. The lock ends with
 * the session, and that at once when the process is killed, long before its leases run out.
 */
export type WorkerKey = number;

/** The first of the two numbers that an advisory lock has; the second is the worker's. */
const LOCK_ROOM = 0x77_64;

export function newWorkerKey(): WorkerKey {
  return randomInt(2 ** 32);
}

/** Names one claim; whose it is stands in the first 32 bits of a UUID of version 8 (RFC 9562: free fields), or nowhere. */
export function newLeaseToken(worker: WorkerKey | undefined): string {
  const token = randomUUID();
  if (worker === undefined) return token;
  return `${worker.toString(16).padStart(8, "0")}${token.slice(8, 14)}8${token.slice(15)}`;
}

/** To be run in the session that shows that the worker lives. A session that is about to replace it may hold the lock, too. */
export function workerLock(worker: WorkerKey): string {
  return `select pg_advisory_lock_shared(${LOCK_ROOM}, ${worker | 0})`;
}

/** When a worker counts as gone. */
export interface GoneWorker {
  /** How long its leases are from their last extension. Milliseconds. */
  readonly leaseMs: number;
  /** Its session has ended, and it has extended nothing for so long. Milliseconds. */
  readonly silentMs: number;
}

/**
 * Ends the leases of workers that are gone, of rows whose first attempt it was: a second worker's end may be the row's own doing,
 * and waits for the lease to run out. A worker that lives after all, cut off from the database, has lost them as it would have by
 * their running out. After a start of the server all have twice the silence to come back. For the worker's role.
 */
export async function endLeasesOfGone(
  database: Database,
  kind: RowKind,
  { leaseMs, silentMs }: GoneWorker,
): Promise<void> {
  await sql`
    update ${sql.table(kind.table)} set lease_until = now()
    where status = 'running' and attempt = 1 and lease_until > now() and lease_until < now() + ${interval(leaseMs - silentMs)}
      and pg_postmaster_start_time() < now() - ${interval(2 * silentMs)}
      and substr(lease_token::text, 15, 1) = '8'
      and ('x' || left(lease_token::text, 8))::bit(32)::bigint not in (
        select objid::bigint from pg_locks
        where locktype = 'advisory' and classid = ${LOCK_ROOM}::oid and objsubid = 2
          and database = (select oid from pg_database where datname = current_database()))`.execute(database.kysely);
}

/** In how many milliseconds the next lease runs out, or may be ended, unless it is extended; null where nothing runs. */
export async function nextLeaseEnd(
  database: Database,
  kind: RowKind,
  { leaseMs, silentMs }: GoneWorker,
): Promise<number | null> {
  const early = interval(leaseMs - silentMs);
  const { rows } = await sql<{ ms: number | null }>`
    select extract(epoch from least(
      (select min(lease_until) from ${sql.table(kind.table)} where status = 'running' and lease_until > now()),
      (select min(lease_until) from ${sql.table(kind.table)} where status = 'running' and lease_until > now() + ${early})
        - ${early}) - now())::float8 * 1000 as ms`.execute(database.kysely);
  return rows[0]?.ms ?? null;
}

function interval(ms: number) {
  return sql`make_interval(secs => ${ms / 1000}::float8)`;
}
