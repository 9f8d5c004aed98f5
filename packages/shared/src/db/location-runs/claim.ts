import { sql } from "kysely";
import type { SealedSnapshot } from "../analyses/submit.ts";
import type { Database } from "../database.ts";
import { isUuid } from "../identifiers.ts";
import { rowKinds } from "../queued-rows/row-kind.ts";
import type { LeaseHolder, RowClaim } from "../queued-rows/settle.ts";
import { newLeaseToken } from "../queued-rows/worker-session.ts";
import type { AnalysisStatus, LocationRunKind } from "../tables.ts";

export interface ClaimedRun extends LeaseHolder {
  readonly kind: LocationRunKind;
  readonly locationId: string;
  /** This attempt's number, from 1. */
  readonly attempt: number;
  readonly request: { readonly ciphertext: Buffer; readonly keyId: string };
  readonly createdAt: Date;
}

export type RunClaimOutcome =
  | { readonly outcome: "claimed"; readonly run: ClaimedRun }
  /** Another worker's lease is alive, or another claim came first. */
  | { readonly outcome: "busy" }
  /** All attempts were used (workers died on it): `failExhaustedRow` puts it among the dead letters. */
  | { readonly outcome: "exhausted" }
  /** Nothing to do: finished, canceled, removed, or handed out again under a newer generation. */
  | { readonly outcome: "nothing" };

/** Takes a run for one attempt, by compare and set, as `claimAnalysis` does. Its workflows are read apart. */
export async function claimLocationRun(database: Database, claim: RowClaim): Promise<RunClaimOutcome> {
  const { id, generation, leaseMs, maxAttempts } = claim;
  if (!isUuid(id)) return { outcome: "nothing" };
  const leaseToken = newLeaseToken(claim.workerKey);
  const { rows } = await sql<{
    status: AnalysisStatus;
    generation: number;
    attempt: number;
    leased: boolean;
    claimed_attempt: number | null;
    kind: LocationRunKind;
    location_id: string;
    request: Buffer;
    encryption_key_id: string;
    created_at: Date;
  }>`
    with claimed as (
      update location_runs
      set status = 'running', lease_token = ${leaseToken}, attempt = attempt + 1, due_at = null, done = 0,
          lease_until = now() + make_interval(secs => ${leaseMs / 1000}::float8),
          started_at = coalesce(started_at, now()), dispatched_at = coalesce(dispatched_at, now())
      where id = ${id} and generation = ${generation} and attempt < ${maxAttempts}
        and (status = 'queued' or (status = 'running' and lease_until < now()))
      returning id, attempt, set_config('synchronous_commit', 'off', true),
        pg_notify(${rowKinds.locationRun.changed}, id::text)
    )
    select r.status, r.generation, r.attempt, coalesce(r.lease_until > now(), false) as leased,
      claimed.attempt as claimed_attempt, r.kind, r.location_id, r.request, r.encryption_key_id, r.created_at
    from location_runs r left join claimed on claimed.id = r.id where r.id = ${id}`.execute(database.kysely);
  const row = rows[0];
  if (row === undefined || row.generation !== generation) return { outcome: "nothing" };
  if (row.claimed_attempt === null) {
    if (row.status !== "queued" && row.status !== "running") return { outcome: "nothing" };
    return { outcome: row.leased || row.attempt < maxAttempts ? "busy" : "exhausted" };
  }
  const { kind, location_id: locationId, claimed_attempt: attempt, created_at: createdAt } = row;
  const request = { ciphertext: row.request, keyId: row.encryption_key_id };
  return { outcome: "claimed", run: { id, leaseToken, kind, locationId, attempt, request, createdAt } };
}

/** A workflow of a run with its sealed bytes. */
export interface RunDefinition {
  readonly position: number;
  /** Of a stored definition; null for one that came with the request. */
  readonly workflowId: string | null;
  readonly snapshot: SealedSnapshot;
}

/** The workflows of a run in the order given. For the worker's role. */
export async function runDefinitions(database: Database, runId: string): Promise<readonly RunDefinition[]> {
  const rows = await database.kysely
    .selectFrom("location_run_workflows as w")
    .innerJoin("workflow_snapshots as s", (join) =>
      join.onRef("s.location_id", "=", "w.location_id").onRef("s.sha256", "=", "w.snapshot_sha256"),
    )
    .select(["w.position", "w.workflow_id", "s.sha256", "s.ciphertext", "s.encryption_key_id"])
    .where("w.run_id", "=", runId)
    .orderBy("w.position")
    .execute();
  return rows.map(({ position, workflow_id: workflowId, sha256, ciphertext, encryption_key_id: keyId }) => {
    return { position, workflowId, snapshot: { sha256, ciphertext, keyId } };
  });
}

/** Shows how many workflows are done, if the lease still holds. */
export async function noteProgress(
  database: Database,
  { id, leaseToken, done }: LeaseHolder & { readonly done: number },
): Promise<void> {
  await sql`
    with noted as (
      update location_runs set done = ${done}
      where id = ${id} and lease_token = ${leaseToken} and status = 'running' and done < ${done}
      returning id, set_config('synchronous_commit', 'off', true)
    )
    select pg_notify(${rowKinds.locationRun.changed}, id::text) from noted`.execute(database.kysely);
}
