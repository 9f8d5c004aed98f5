import { sql } from "kysely";
import type { Database } from "../database.ts";
import { isUuid } from "../identifiers.ts";
import { chooseWaiting } from "../queued-rows/choose-waiting.ts";
import { rowKinds } from "../queued-rows/row-kind.ts";
import type { RowClaim } from "../queued-rows/settle.ts";
import { newLeaseToken } from "../queued-rows/worker-session.ts";
import type { AnalysisStatus } from "../tables.ts";
import type { SealedSnapshot } from "./submit.ts";

export interface ClaimedAnalysis {
  readonly id: string;
  readonly locationId: string;
  readonly generation: number;
  /** This attempt's number, from 1. */
  readonly attempt: number;
  /** Proves this claim in every later write; a newer claim voids it. */
  readonly leaseToken: string;
  readonly workflowId: string | null;
  readonly workflowName: string;
  readonly options: object | null;
  /** The options to run with instead, where settings of the location take part in them. */
  readonly sealedOptions: SealedSnapshot | null;
  readonly requestId: string;
  readonly traceparent: string | null;
  readonly createdAt: Date;
  readonly snapshot: SealedSnapshot & { readonly size: number };
}

export type ClaimOutcome =
  | { readonly outcome: "claimed"; readonly analysis: ClaimedAnalysis }
  /** Another worker's lease is alive for this long. */
  | { readonly outcome: "busy"; readonly leaseRemainingMs: number }
  /** All attempts were used (workers died on it): `failExhaustedRow` puts it among the dead letters. */
  | { readonly outcome: "exhausted"; readonly attempts: number }
  /** Nothing to do: finished, canceled, removed, or handed out again under a newer generation. */
  | { readonly outcome: "nothing" };

const columns = sql`
  a.generation, a.attempt, a.location_id, a.workflow_id, a.workflow_name, a.options, a.request_id, a.traceparent,
  a.created_at, s.sha256, s.ciphertext, s.encryption_key_id, s.size,
  o.sha256 as options_sha256, o.ciphertext as options_ciphertext, o.encryption_key_id as options_key_id`;

/** What `columns` gives. The snapshot is null where the claim failed. */
interface LoadedRow {
  readonly generation: number;
  readonly attempt: number;
  readonly location_id: string;
  readonly workflow_id: string | null;
  readonly workflow_name: string;
  readonly options: object | null;
  readonly request_id: string;
  readonly traceparent: string | null;
  readonly created_at: Date;
  readonly sha256: Buffer;
  readonly ciphertext: Buffer | null;
  readonly encryption_key_id: string;
  readonly size: number;
  readonly options_sha256: Buffer | null;
  readonly options_ciphertext: Buffer | null;
  readonly options_key_id: string | null;
}

type ClaimedRow = LoadedRow & { readonly id: string; readonly lease_token: string; readonly ciphertext: Buffer };

interface ClaimRow extends LoadedRow {
  readonly status: AnalysisStatus;
  readonly lease_remaining_ms: number | null;
  readonly claimed_attempt: number | null;
}

/**
 * Takes an analysis for one attempt, by compare and set: its generation must be the job's, and it must be queued or
 * running under a lease that ran out. Loads the snapshot in the same round trip. The commit does not wait for the
 * disk: a claim lost in a crash only makes the old lease token void.
 */
export async function claimAnalysis(database: Database, claim: RowClaim): Promise<ClaimOutcome> {
  if (!isUuid(claim.id)) return { outcome: "nothing" };
  const leaseToken = newLeaseToken(claim.workerKey);
  const { rows } = await sql<ClaimRow>`
    with claimed as (
      update analyses
      set status = 'running', lease_token = ${leaseToken}, attempt = attempt + 1, due_at = null,
          lease_until = now() + make_interval(secs => ${claim.leaseMs / 1000}::float8),
          started_at = coalesce(started_at, now()), dispatched_at = coalesce(dispatched_at, now())
      where id = ${claim.id} and generation = ${claim.generation} and attempt < ${claim.maxAttempts}
        and (status = 'queued' or (status = 'running' and lease_until < now()))
      returning id, attempt, set_config('synchronous_commit', 'off', true), pg_notify('analysis_changed', id::text)
    )
    select a.status, extract(epoch from a.lease_until - now()) * 1000 as lease_remaining_ms,
      claimed.attempt as claimed_attempt, ${columns}
    from analyses a
      left join claimed on claimed.id = a.id
      left join workflow_snapshots s
        on claimed.id is not null and s.location_id = a.location_id and s.sha256 = a.snapshot_sha256
      left join option_snapshots o
        on claimed.id is not null and o.location_id = a.location_id and o.sha256 = a.options_sha256
    where a.id = ${claim.id}`.execute(database.kysely);
  const row = rows[0];
  if (row === undefined || row.generation !== claim.generation) return { outcome: "nothing" };
  if (row.claimed_attempt === null) {
    if (row.status !== "queued" && row.status !== "running") return { outcome: "nothing" };
    const leaseRemainingMs = row.status === "running" ? Math.ceil(row.lease_remaining_ms ?? 0) : 0;
    if (leaseRemainingMs > 0) return { outcome: "busy", leaseRemainingMs };
    // Another claim won the race for the row after this statement had begun.
    if (row.attempt < claim.maxAttempts) return { outcome: "busy", leaseRemainingMs: claim.leaseMs };
    return { outcome: "exhausted", attempts: row.attempt };
  }
  if (row.ciphertext === null) throw new Error("an analysis has no snapshot, which its foreign key forbids");
  return {
    outcome: "claimed",
    analysis: claimed({
      ...row,
      id: claim.id,
      lease_token: leaseToken,
      attempt: row.claimed_attempt,
      ciphertext: row.ciphertext,
    }),
  };
}

/**
 * Takes analyses that wait for the dispatcher, for one attempt each, as `chooseWaiting` chooses them: for a worker that
 * can do more than the queue has just given it. At most `limit`, and only as many of the first as have `bytes` of
 * definitions together, so that nobody sits on work that takes long. The commit does not wait for the disk.
 */
export async function claimWaiting(
  database: Database,
  claim: Omit<RowClaim, "id" | "generation"> & { readonly limit: number; readonly bytes: number },
): Promise<readonly ClaimedAnalysis[]> {
  const leaseToken = newLeaseToken(claim.workerKey);
  const { rows } = await sql<ClaimedRow>`
    ${chooseWaiting(rowKinds.analysis, claim)}, measured as (
      select chosen.*, sum(s.size) over (order by chosen.turn, chosen.due, chosen.id) as bytes
      from chosen join analyses a on a.id = chosen.id
        join workflow_snapshots s on s.location_id = a.location_id and s.sha256 = a.snapshot_sha256
    ), claimed as (
      update analyses a
      set status = 'running', lease_token = ${leaseToken}, attempt = a.attempt + 1, due_at = null,
          lease_until = now() + make_interval(secs => ${claim.leaseMs / 1000}::float8),
          started_at = coalesce(a.started_at, now()), dispatched_at = now()
      from measured
      where a.id = measured.id and measured.bytes <= ${claim.bytes} and a.attempt < ${claim.maxAttempts}
      returning a.*, measured.turn, measured.due, set_config('synchronous_commit', 'off', true),
        pg_notify('analysis_changed', a.id::text)
    )
    select a.id, a.lease_token, ${columns}
    from claimed a
      join workflow_snapshots s on s.location_id = a.location_id and s.sha256 = a.snapshot_sha256
      left join option_snapshots o on o.location_id = a.location_id and o.sha256 = a.options_sha256
    order by a.turn, a.due`.execute(database.kysely);
  return rows.map(claimed);
}

function claimed(row: ClaimedRow): ClaimedAnalysis {
  return {
    id: row.id,
    locationId: row.location_id,
    generation: row.generation,
    attempt: row.attempt,
    leaseToken: row.lease_token,
    workflowId: row.workflow_id,
    workflowName: row.workflow_name,
    options: row.options,
    sealedOptions: sealedOptionsOf(row),
    requestId: row.request_id,
    traceparent: row.traceparent,
    createdAt: row.created_at,
    snapshot: { sha256: row.sha256, ciphertext: row.ciphertext, keyId: row.encryption_key_id, size: row.size },
  };
}

function sealedOptionsOf(row: LoadedRow): SealedSnapshot | null {
  const { options_sha256: sha256, options_ciphertext: ciphertext, options_key_id: keyId } = row;
  return sha256 === null || ciphertext === null || keyId === null ? null : { sha256, ciphertext, keyId };
}
