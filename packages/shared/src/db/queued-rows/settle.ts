import { sql } from "kysely";
import type { Database } from "../database.ts";
import { isUuid } from "../identifiers.ts";
import type { AnalysisStatus, RowFailure } from "../tables.ts";
import type { RowKind } from "./row-kind.ts";
import type { WorkerKey } from "./worker-session.ts";

/**
 * What the holder of a claim does to its row, whatever kind of work it is. Every write is fenced: it takes effect only while the
 * lease holds.
 */

/** Which row is to be claimed under which generation, for how long, and by whom. */
export interface RowClaim {
  readonly id: string;
  readonly generation: number;
  readonly leaseMs: number;
  /** Claims beyond these are refused. */
  readonly maxAttempts: number;
  /** Absent: only the end of the lease tells that the worker is gone. */
  readonly workerKey?: WorkerKey;
}

/** What names a claim: the row and the token it was given. */
export interface LeaseHolder {
  readonly id: string;
  readonly leaseToken: string;
}

export type LeaseState = "held" | "canceled" | "lost";

/** Whether the write took effect; `lost` means that the lease ran out, was taken over, or the work was canceled. */
export type FencedOutcome = "done" | "lost";

/** The heartbeat of a claim. `canceled`: its owner deleted it, stop. `lost`: the lease ran out or was taken, stop. */
export async function extendRowLease(
  database: Database,
  kind: RowKind,
  holder: LeaseHolder & { readonly leaseMs: number },
): Promise<LeaseState> {
  const table = sql.table(kind.table);
  const { rows } = await sql<{ held: boolean; status: AnalysisStatus }>`
    with extended as (
      update ${table} set lease_until = now() + make_interval(secs => ${holder.leaseMs / 1000}::float8)
      where id = ${holder.id} and lease_token = ${holder.leaseToken} and status = 'running' and lease_until > now()
      returning id, set_config('synchronous_commit', 'off', true)
    )
    select extended.id is not null as held, a.status
    from ${table} a left join extended on extended.id = a.id where a.id = ${holder.id}`.execute(database.kysely);
  const row = rows[0];
  if (row?.held === true) return "held";
  return row?.status === "canceled" ? "canceled" : "lost";
}

/**
 * Ends the work as failed, if the lease still holds. `dead` also puts it among the dead letters, from where it can be
 * replayed: for work that exhausted its attempts.
 */
export async function failRow(
  database: Database,
  kind: RowKind,
  failure: LeaseHolder & { readonly error: RowFailure; readonly dead: boolean },
): Promise<FencedOutcome> {
  const { rows } = await sql`
    with fenced as (
      update ${sql.table(kind.table)}
      set status = 'failed', finished_at = now(), error = ${JSON.stringify(failure.error)},
          dead_at = case when ${failure.dead}::boolean then now() end, lease_token = null, lease_until = null
      where id = ${failure.id} and lease_token = ${failure.leaseToken} and status = 'running' and lease_until > now()
      returning id
    )
    select pg_notify(${kind.changed}, id::text) from fenced`.execute(database.kysely);
  return rows.length > 0 ? "done" : "lost";
}

/**
 * Gives the work back for another attempt, if the lease still holds. Through `queue`, the job that is running comes again
 * by the queue's own retry and keeps the generation. Through `dispatcher`, the row takes a new generation and waits
 * until `delayMs` have passed: for delays that must survive the loss of the queue.
 */
export async function releaseRow(
  database: Database,
  kind: RowKind,
  release: LeaseHolder & {
    readonly delayMs: number;
    readonly through: "queue" | "dispatcher";
    readonly error: RowFailure;
  },
): Promise<FencedOutcome> {
  const anew = release.through === "dispatcher";
  const { rows } = await sql`
    with fenced as (
      update ${sql.table(kind.table)}
      set status = 'queued', error = ${JSON.stringify(release.error)}, lease_token = null, lease_until = null,
          due_at = now() + make_interval(secs => ${release.delayMs / 1000}::float8),
          generation = generation + ${anew ? 1 : 0}::int,
          dispatched_at = case when ${anew}::boolean then null else now() end
      where id = ${release.id} and lease_token = ${release.leaseToken} and status = 'running' and lease_until > now()
      returning id
    )
    select pg_notify(${kind.changed}, id::text) from fenced`.execute(database.kysely);
  return rows.length > 0 ? "done" : "lost";
}

/**
 * Gives the work back unharmed, if the lease still holds: for a worker that must stop. It waits for any dispatcher at once
 * under a new generation, and the attempt that was broken off does not count.
 */
export async function handBackRow(database: Database, kind: RowKind, holder: LeaseHolder): Promise<FencedOutcome> {
  const { rows } = await sql`
    with fenced as (
      update ${sql.table(kind.table)}
      set status = 'queued', generation = generation + 1, attempt = attempt - 1, dispatched_at = null, due_at = null,
          lease_token = null, lease_until = null
      where id = ${holder.id} and lease_token = ${holder.leaseToken} and status = 'running' and lease_until > now()
      returning id
    )
    select pg_notify(${kind.changed}, id::text), pg_notify(${kind.waiting}, '') from fenced`.execute(database.kysely);
  return rows.length > 0 ? "done" : "lost";
}

/** Puts work whose claims are used up, and which nobody holds, among the dead letters. */
export async function failExhaustedRow(
  database: Database,
  kind: RowKind,
  exhausted: { readonly id: string; readonly generation: number; readonly maxAttempts: number },
): Promise<FencedOutcome> {
  if (!isUuid(exhausted.id)) return "lost";
  const { rows } = await sql`
    with failed as (
      update ${sql.table(kind.table)}
      set status = 'failed', finished_at = now(), dead_at = now(), lease_token = null, lease_until = null,
          error = ${JSON.stringify(attemptsExhausted(exhausted.maxAttempts))}
      where id = ${exhausted.id} and generation = ${exhausted.generation} and attempt >= ${exhausted.maxAttempts}
        and (status = 'queued' or (status = 'running' and lease_until < now()))
      returning id
    )
    select pg_notify(${kind.changed}, id::text) from failed`.execute(database.kysely);
  return rows.length > 0 ? "done" : "lost";
}

/** The failure of work that never came to an end by itself. */
export function attemptsExhausted(attempts: number): RowFailure {
  return {
    code: "ATTEMPTS_EXHAUSTED",
    message: `The work was started ${attempts} times and never came to an end. Submit it again; if it fails again, contact support with its id.`,
    retryable: true,
  };
}
