import { sql } from "kysely";
import type { IdempotencyClaim, SealedSnapshot } from "../analyses/submit.ts";
import { type AuditTrail, recordAudit } from "../audit-log.ts";
import { type Database, type DatabaseTransaction, withLocation } from "../database.ts";
import { isUuid, storableText } from "../identifiers.ts";
import { rowKinds } from "../queued-rows/row-kind.ts";
import type { LocationRunKind } from "../tables.ts";

export interface LocationRunSubmission extends AuditTrail {
  /** UUIDv7 made by the caller. Submitting the same id again is recognised, so a submission may be retried. */
  readonly id: string;
  readonly locationId: string;
  readonly kind: LocationRunKind;
  readonly requestId: string;
  readonly traceparent: string | null;
  readonly engineVersion: string;
  /** What was asked, as sealed JSON (see `runContext` of the crypto room). */
  readonly request: { readonly ciphertext: Buffer; readonly keyId: string };
  /** In the order given: sealed bytes that came with the request, or a stored definition by its digest. */
  readonly workflows: readonly RunWorkflow[];
  readonly idempotency: IdempotencyClaim | null;
}

export type RunWorkflow =
  | (SealedSnapshot & { readonly size: number; readonly stored?: never })
  | {
      readonly sha256: Buffer;
      readonly stored: { readonly workflowId: string; readonly definitionAt: Date };
    };

export interface SubmittedRun {
  readonly id: string;
  readonly createdAt: Date;
}

export type LocationRunOutcome =
  | { readonly outcome: "accepted"; readonly run: SubmittedRun }
  /** The key was used before with the same bytes: answer with `statusCode` and the first run. */
  | { readonly outcome: "replayed"; readonly run: SubmittedRun; readonly statusCode: number }
  | { readonly outcome: "keyReused" }
  | { readonly outcome: "inProgress" };

/**
 * Accepts a run: idempotency row, snapshots, run, its workflows and audit entry in one transaction. It waits for the
 * dispatcher, which is woken.
 */
export async function submitLocationRun(
  database: Database,
  submission: LocationRunSubmission,
): Promise<LocationRunOutcome> {
  const { id, locationId, kind } = submission;
  if (!isUuid(id)) throw new RangeError("the id of a submission must be a UUID");
  return withLocation(database, locationId, async (transaction) => {
    const used = await useIdempotencyKey(transaction, submission);
    if (used !== null) return used;
    await storeSnapshots(transaction, submission);
    const createdAt = await insertRun(transaction, submission);
    await insertWorkflows(transaction, submission);
    await recordAudit(transaction, submission, [{ locationId, action: `${kind}.submitted`, subject: id }]);
    await sql`select pg_notify(${rowKinds.locationRun.waiting}, '')`.execute(transaction);
    return { outcome: "accepted", run: { id, createdAt } };
  });
}

interface UsedKey {
  readonly analysis_id: string;
  readonly fingerprint: Buffer;
  readonly analysis_created_at: Date;
  readonly status_code: number | null;
  readonly open: boolean;
}

/** Null when the key is free, or was taken by this very submission; else how the repeat is to be answered. */
async function useIdempotencyKey(
  transaction: DatabaseTransaction,
  { id, locationId, idempotency }: LocationRunSubmission,
): Promise<LocationRunOutcome | null> {
  if (idempotency === null) return null;
  const { route, fingerprint, inProgressMs } = idempotency;
  const key = storableText(idempotency.key);
  const { rows: taken } = await sql`
    insert into idempotency_keys as k (location_id, route, key, fingerprint, analysis_id, analysis_created_at,
      analysis_status, status_code, in_progress_until, expires_at)
    values (${locationId}, ${route}, ${key}, ${fingerprint}, ${id}, now(), 'queued', ${inProgressMs === 0 ? 202 : null},
      now() + make_interval(secs => ${inProgressMs / 1000}::float8), now() + interval '24 hours')
    on conflict (location_id, route, key) do update
      set fingerprint = excluded.fingerprint, analysis_id = excluded.analysis_id,
        analysis_created_at = excluded.analysis_created_at, status_code = excluded.status_code,
        in_progress_until = excluded.in_progress_until, expires_at = excluded.expires_at
      where k.expires_at <= now() or k.analysis_id = excluded.analysis_id
    returning 1`.execute(transaction);
  if (taken.length > 0) return null;
  // A statement of its own: it sees what another request committed while the first one waited for it.
  const { rows } = await sql<UsedKey>`
    select analysis_id, fingerprint, analysis_created_at, status_code,
      status_code is null and in_progress_until > now() as open
    from idempotency_keys
    where location_id = ${locationId} and route = ${route} and key = ${key}`.execute(transaction);
  const [first] = rows;
  if (first === undefined) throw new Error("an idempotency key was removed while it was looked up");
  if (!first.fingerprint.equals(fingerprint)) return { outcome: "keyReused" };
  if (first.open) return { outcome: "inProgress" };
  const run = { id: first.analysis_id, createdAt: first.analysis_created_at };
  return { outcome: "replayed", run, statusCode: first.status_code ?? 202 };
}

async function storeSnapshots(transaction: DatabaseTransaction, { locationId, workflows }: LocationRunSubmission) {
  const given = workflows.flatMap((workflow) => (workflow.stored === undefined ? [workflow] : []));
  if (given.length === 0) return;
  await sql`
    insert into workflow_snapshots (location_id, sha256, ciphertext, encryption_key_id, size)
    select ${locationId}, given.* from unnest(
      ${given.map(({ sha256 }) => sha256)}::bytea[], ${given.map(({ ciphertext }) => ciphertext)}::bytea[],
      ${given.map(({ keyId }) => keyId)}::text[], ${given.map(({ size }) => size)}::int[]) as given (sha256, ciphertext, encryption_key_id, size)
    -- In the order that all write them in, so that nobody waits for another in a circle.
    order by given.sha256
    on conflict do nothing`.execute(transaction);
}

async function insertRun(transaction: DatabaseTransaction, submission: LocationRunSubmission): Promise<Date> {
  const { created_at } = await transaction
    .insertInto("location_runs")
    .values({
      id: submission.id,
      location_id: submission.locationId,
      kind: submission.kind,
      status: "queued",
      engine_version: submission.engineVersion,
      total: submission.workflows.length,
      request: submission.request.ciphertext,
      encryption_key_id: submission.request.keyId,
      request_id: submission.requestId,
      traceparent: submission.traceparent,
    })
    // A retry whose first commit was not seen: the row is as it was.
    .onConflict((conflict) => conflict.column("id").doUpdateSet({ id: submission.id }))
    .returning("created_at")
    .executeTakeFirstOrThrow();
  return created_at;
}

async function insertWorkflows(transaction: DatabaseTransaction, { id, locationId, workflows }: LocationRunSubmission) {
  await sql`
    insert into location_run_workflows (run_id, location_id, position, snapshot_sha256, workflow_id, definition_at)
    select ${id}, ${locationId}, given.position - 1, given.sha256, given.workflow_id, given.definition_at
    from unnest(
      ${workflows.map(({ sha256 }) => sha256)}::bytea[],
      ${workflows.map(({ stored }) => stored?.workflowId ?? null)}::text[],
      ${workflows.map(({ stored }) => stored?.definitionAt ?? null)}::timestamptz[])
      with ordinality as given (sha256, workflow_id, definition_at, position)
    on conflict do nothing`.execute(transaction);
}
