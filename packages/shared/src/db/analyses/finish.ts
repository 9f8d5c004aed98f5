import { sql } from "kysely";
import type { Database } from "../database.ts";
import type { FencedOutcome, LeaseHolder } from "../queued-rows/settle.ts";
import type { SealedLayout } from "./layout.ts";

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
