import { sql } from "kysely";
import type { Database } from "../database.ts";
import { isUuid } from "../identifiers.ts";
import type { RowFailure } from "../tables.ts";
import type { SealedLayout } from "./layout.ts";
import type { LeaseHolder } from "./lease.ts";

/** Whether the write took effect; `lost` means that the lease ran out, was taken over, or the analysis was canceled. */
export type FencedOutcome = "done" | "lost";

export interface Completion {
  /** JSON text of the report. */
  readonly reportJson: string;
  /** The sealed drawing, when there is one. */
  readonly layout: SealedLayout | null;
  readonly engineVersion: string;
  /** Time the engine took, in milliseconds. */
  readonly durationMs: number;
  readonly score: number;
  readonly grade: string;
  readonly summary: Readonly<Record<string, number>>;
}

/** Commits result, status and notification together, if the lease still holds. */
export async function completeAnalysis(
  database: Database,
  completion: LeaseHolder & Completion,
): Promise<FencedOutcome> {
  const { rows } = await sql`
    with fenced as (
      update analyses
      set status = 'completed', finished_at = now(), duration_ms = ${Math.round(completion.durationMs)},
          engine_version = ${completion.engineVersion}, score = ${completion.score}, grade = ${completion.grade},
          summary = ${JSON.stringify(completion.summary)}, error = null, lease_token = null, lease_until = null
      where id = ${completion.id} and lease_token = ${completion.leaseToken} and status = 'running'
        and lease_until > now()
      returning id, location_id, cache_key
    ), stored as (
      insert into analysis_results (analysis_id, location_id, cache_key, report, layout, encryption_key_id)
      select id, location_id, cache_key, ${completion.reportJson}, ${completion.layout?.ciphertext ?? null},
        ${completion.layout?.keyId ?? null} from fenced
    )
    select pg_notify('analysis_changed', id::text) from fenced`.execute(database.kysely);
  return rows.length > 0 ? "done" : "lost";
}

/**
 * Ends the analysis as failed, if the lease still holds. `dead` also puts it among the dead letters, from where it
 * can be replayed: for work that exhausted its attempts.
 */
export async function failAnalysis(
  database: Database,
  failure: LeaseHolder & { readonly error: RowFailure; readonly dead: boolean },
): Promise<FencedOutcome> {
  const { rows } = await sql`
    with fenced as (
      update analyses
      set status = 'failed', finished_at = now(), error = ${JSON.stringify(failure.error)},
          dead_at = case when ${failure.dead}::boolean then now() end, lease_token = null, lease_until = null
      where id = ${failure.id} and lease_token = ${failure.leaseToken} and status = 'running' and lease_until > now()
      returning id
    )
    select pg_notify('analysis_changed', id::text) from fenced`.execute(database.kysely);
  return rows.length > 0 ? "done" : "lost";
}

/**
 * Gives the analysis back for another attempt, if the lease still holds. Through `queue`, the job that is running
 * comes again by the queue's own retry and keeps the generation. Through `dispatcher`, the row takes a new generation
 * and waits until `delayMs` have passed: for delays that must survive the loss of the queue.
 */
export async function releaseForRetry(
  database: Database,
  release: LeaseHolder & {
    readonly delayMs: number;
    readonly through: "queue" | "dispatcher";
    readonly error: RowFailure;
  },
): Promise<FencedOutcome> {
  const anew = release.through === "dispatcher";
  const { rows } = await sql`
    with fenced as (
      update analyses
      set status = 'queued', error = ${JSON.stringify(release.error)}, lease_token = null, lease_until = null,
          due_at = now() + make_interval(secs => ${release.delayMs / 1000}::float8),
          generation = generation + ${anew ? 1 : 0}::int,
          dispatched_at = case when ${anew}::boolean then null else now() end
      where id = ${release.id} and lease_token = ${release.leaseToken} and status = 'running' and lease_until > now()
      returning id
    )
    select pg_notify('analysis_changed', id::text) from fenced`.execute(database.kysely);
  return rows.length > 0 ? "done" : "lost";
}

/** Puts an analysis whose claims are used up, and which nobody holds, among the dead letters. */
export async function failExhausted(
  database: Database,
  exhausted: { readonly id: string; readonly generation: number; readonly maxAttempts: number },
): Promise<FencedOutcome> {
  if (!isUuid(exhausted.id)) return "lost";
  const { rows } = await sql`
    with failed as (
      update analyses
      set status = 'failed', finished_at = now(), dead_at = now(), lease_token = null, lease_until = null,
          error = ${JSON.stringify(attemptsExhausted(exhausted.maxAttempts))}
      where id = ${exhausted.id} and generation = ${exhausted.generation} and attempt >= ${exhausted.maxAttempts}
        and (status = 'queued' or (status = 'running' and lease_until < now()))
      returning id
    )
    select pg_notify('analysis_changed', id::text) from failed`.execute(database.kysely);
  return rows.length > 0 ? "done" : "lost";
}

/** The failure of work that never came to an end by itself. */
export function attemptsExhausted(attempts: number): RowFailure {
  return {
    code: "ATTEMPTS_EXHAUSTED",
    message: `The analysis was started ${attempts} times and never came to an end. Submit the workflow again; if it fails again, contact support with the analysis id.`,
    retryable: true,
  };
}
