import { sql } from "kysely";
import type { SealedLayout } from "../analyses/layout.ts";
import type { Database, DatabaseTransaction } from "../database.ts";
import { storableText } from "../identifiers.ts";
import { rowKinds } from "../queued-rows/row-kind.ts";
import type { FencedOutcome, LeaseHolder } from "../queued-rows/settle.ts";

/** A part of a run's result, as sealed, DEFLATE-compressed JSON (see `runContext` of the crypto room). */
export interface SealedPart {
  readonly part: string;
  readonly ciphertext: Buffer;
  readonly keyId: string;
}

/** An analysis of one workflow that an audit made. */
export interface RunAnalysis {
  /** UUIDv7 made by the caller. */
  readonly id: string;
  /** Of the workflow in the run. */
  readonly position: number;
  /** As the definition says them. */
  readonly workflowId: string | null;
  readonly workflowName: string;
  readonly reportJson: string;
  readonly layout: SealedLayout | null;
  readonly score: number;
  readonly grade: string;
  readonly summary: Readonly<Record<string, number>>;
}

export interface RunCompletion {
  readonly engineVersion: string;
  /** Time the engine took, in milliseconds. */
  readonly durationMs: number;
  readonly parts: readonly SealedPart[];
  readonly analyses: readonly RunAnalysis[];
}

/** Analyses in one statement: a thousand at once would take longer than a statement may. */
const BATCH = 50;

/** Commits the parts of the result, the analyses, status and notification together, if the lease still holds. */
export function completeLocationRun(
  database: Database,
  completion: LeaseHolder & RunCompletion,
): Promise<FencedOutcome> {
  return database.kysely.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ location_id: string }>`
      update location_runs
      set status = 'completed', finished_at = now(), duration_ms = ${Math.round(completion.durationMs)}, done = total,
          engine_version = ${completion.engineVersion}, error = null, lease_token = null, lease_until = null
      where id = ${completion.id} and lease_token = ${completion.leaseToken} and status = 'running'
        and lease_until > now()
      returning location_id, pg_notify(${rowKinds.locationRun.changed}, id::text)`.execute(transaction);
    const locationId = rows[0]?.location_id;
    if (locationId === undefined) return "lost";
    await insertParts(transaction, locationId, completion);
    for (let at = 0; at < completion.analyses.length; at += BATCH) {
      await insertAnalyses(transaction, { ...completion, analyses: completion.analyses.slice(at, at + BATCH) });
    }
    return "done";
  });
}

async function insertParts(
  transaction: DatabaseTransaction,
  locationId: string,
  { id, parts }: LeaseHolder & RunCompletion,
): Promise<void> {
  const rows = parts.map(({ part, ciphertext, keyId: encryption_key_id }) => {
    return { run_id: id, location_id: locationId, part, ciphertext, encryption_key_id };
  });
  await transaction.insertInto("location_run_results").values(rows).execute();
}

/** As if each had been submitted and completed for itself, at the time of the run. */
async function insertAnalyses(
  transaction: DatabaseTransaction,
  { id, analyses, engineVersion }: LeaseHolder & RunCompletion,
): Promise<void> {
  const column = <Value>(pick: (analysis: RunAnalysis) => Value) => analyses.map(pick);
  await sql`
    with made as (
      select * from unnest(
        ${column((one) => one.id)}::uuid[], ${column((one) => one.position)}::int[],
        ${column(({ workflowId }) => (workflowId === null ? null : storableText(workflowId)))}::text[],
        ${column(({ workflowName }) => storableText(workflowName))}::text[],
        ${column(({ reportJson }) => reportJson)}::json[], ${column(({ layout }) => layout?.ciphertext ?? null)}::bytea[],
        ${column(({ layout }) => layout?.keyId ?? null)}::text[], ${column(({ score }) => score)}::smallint[],
        ${column(({ grade }) => grade)}::text[], ${column(({ summary }) => JSON.stringify(summary))}::json[]
      ) as made (analysis_id, position, workflow_id, workflow_name, report, layout, layout_key_id, score, grade, summary)
    ), numbered as (
      select * from location_run_workflows where run_id = ${id}
    ), inserted as (
      insert into analyses (id, location_id, snapshot_sha256, workflow_id, workflow_name, status, attempt, created_at,
        dispatched_at, started_at, finished_at, duration_ms, engine_version, score, grade, summary, request_id, traceparent)
      select made.analysis_id, n.location_id, n.snapshot_sha256, coalesce(n.workflow_id, made.workflow_id),
        made.workflow_name, 'completed', r.attempt, r.created_at, r.dispatched_at, r.started_at, r.finished_at, r.duration_ms,
        ${engineVersion}, made.score, made.grade, made.summary, r.request_id, r.traceparent
      from made join numbered n using (position) join location_runs r on r.id = ${id}
    ), reported as (
      insert into analysis_results (analysis_id, location_id, report, layout, encryption_key_id)
      select made.analysis_id, n.location_id, made.report, made.layout, made.layout_key_id
      from made join numbered n using (position)
    )
    insert into analysis_definitions (analysis_id, location_id, definition_at)
    select made.analysis_id, n.location_id, n.definition_at from made join numbered n using (position)
    where n.definition_at is not null`.execute(transaction);
}
