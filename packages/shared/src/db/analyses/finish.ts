import { sql } from "kysely";
import type { Database } from "../database.ts";
import type { FencedOutcome, LeaseHolder } from "../queued-rows/settle.ts";
import type { SealedLayout } from "./layout.ts";

export interface Completion {
  /** JSON text of the report, in UTF-8; the database takes the bytes as they are. */
  readonly reportJson: Buffer;
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
  const [outcome = "lost"] = await completeAnalyses(database, [completion]);
  return outcome;
}

/**
 * The same for several analyses in one statement and one commit: each if its own lease still holds, whatever became of
 * the others. The outcomes stand in the order given.
 */
export async function completeAnalyses(
  database: Database,
  completions: readonly (LeaseHolder & Completion)[],
): Promise<readonly FencedOutcome[]> {
  const given = completions.map(
    ({ id, leaseToken, reportJson, layout, ...result }) => sql`(
      ${id}::uuid, ${leaseToken}::uuid, ${Math.round(result.durationMs)}::int, ${result.engineVersion}::text,
      ${result.score}::smallint, ${result.grade}::text, ${JSON.stringify(result.summary)}::json, ${reportJson}::json,
      ${layout?.ciphertext ?? null}::bytea, ${layout?.keyId ?? null}::text)`,
  );
  const { rows } = await sql<{ readonly id: string }>`
    with given (id, lease_token, duration_ms, engine_version, score, grade, summary, report, layout, key_id) as (
      values ${sql.join(given)}
    ), fenced as (
      update analyses a
      set status = 'completed', finished_at = now(), duration_ms = given.duration_ms,
          engine_version = given.engine_version, score = given.score, grade = given.grade, summary = given.summary,
          error = null, lease_token = null, lease_until = null
      from given
      where a.id = given.id and a.lease_token = given.lease_token and a.status = 'running' and a.lease_until > now()
      returning a.id, a.location_id, a.cache_key, given.report, given.layout, given.key_id
    ), stored as (
      insert into analysis_results (analysis_id, location_id, cache_key, report, layout, encryption_key_id)
      select id, location_id, cache_key, report, layout, key_id from fenced
    )
    select id, pg_notify('analysis_changed', id::text) from fenced`.execute(database.kysely);
  const done = new Set(rows.map(({ id }) => id));
  return completions.map(({ id }) => (done.has(id) ? "done" : "lost"));
}
