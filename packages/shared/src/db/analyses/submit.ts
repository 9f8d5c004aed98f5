import { sql } from "kysely";
import type { Database } from "../database.ts";
import { isUuid, storableText } from "../identifiers.ts";
import type { AnalysisStatus } from "../tables.ts";

/** Bytes at rest: sealed (crypto), and their SHA-256 before sealing. */
export interface SealedSnapshot {
  readonly sha256: Buffer;
  readonly ciphertext: Buffer;
  readonly keyId: string;
}

export interface Submission {
  /** UUIDv7 made by the caller. Submitting the same id again is recognised, so a submission may be retried. */
  readonly id: string;
  readonly locationId: string;
  /** Who asked, for the audit log: `key:<id>` or `session:<id>`. */
  readonly actor: string;
  readonly requestId: string;
  readonly traceparent: string | null;
  readonly workflow: { readonly id: string | null; readonly name: string };
  /** The definition as received: sealed (crypto), its size in bytes and SHA-256 before sealing. */
  readonly snapshot: SealedSnapshot & { readonly size: number };
  /** From when the stored definition is that is analysed; null for one that came with the request. */
  readonly definitionAt: Date | null;
  readonly engineVersion: string;
  /** `options` of the request, handed to the engine. */
  readonly options: object | null;
  /** The options sealed instead, where settings of the location take part in them. */
  readonly sealedOptions: SealedSnapshot | null;
  /** What a stored result must have been made from to serve again; null never serves from store. */
  readonly cacheKey: Buffer | null;
  readonly idempotency: IdempotencyClaim | null;
  /**
   * The caller enqueues the job itself when the location has fewer queued analyses than this; 0 leaves the row to the
   * dispatcher (as when the queue is known to be away).
   */
  readonly directLimit: number;
}

export interface IdempotencyClaim {
  readonly key: string;
  /** Method and path template, such as `POST /api/analyze`. */
  readonly route: string;
  /** SHA-256 of the raw request bytes. */
  readonly fingerprint: Buffer;
  /**
   * How long the first request may take to be answered, when its status is not known at once (`Prefer: wait`); until
   * `settleIdempotency` or the end of this time a repeat is `inProgress`. 0: answered 202 at once. Milliseconds.
   */
  readonly inProgressMs: number;
}

export interface SubmittedAnalysis {
  readonly id: string;
  readonly workflowId: string | null;
  readonly createdAt: Date;
  /** As the first answer gave it. */
  readonly definitionAt: Date | null;
  /** As the first answer gave it: `queued`, or `completed` when served from store. */
  readonly status: AnalysisStatus;
}

export type SubmitOutcome =
  /** `direct`: enqueue `{id, generation: 1}` now. `waiting`: the dispatcher has been notified. */
  | { readonly outcome: "accepted"; readonly analysis: SubmittedAnalysis; readonly dispatch: "direct" | "waiting" }
  /** Completed at once from a stored result. */
  | { readonly outcome: "cached"; readonly analysis: SubmittedAnalysis }
  /** The key was used before with the same bytes: answer with `statusCode` and the first analysis. */
  | { readonly outcome: "replayed"; readonly analysis: SubmittedAnalysis; readonly statusCode: number }
  | { readonly outcome: "keyReused" }
  | { readonly outcome: "inProgress" };

interface SubmitRow {
  readonly place: number;
  readonly outcome: SubmitOutcome["outcome"];
  readonly analysis_id: string;
  readonly workflow_id: string | null;
  readonly created_at: Date;
  readonly status: AnalysisStatus;
  readonly status_code: number;
  readonly direct: boolean;
  readonly definition_at: Date | null;
}

/**
 * Accepts analyses as if they came one after the other, in one statement and one commit: idempotency row, snapshot, analysis,
 * audit entry (and, served from store, the result). An accepted row is durable; whether the queue hears of it is the smaller
 * matter. All or none: one that cannot be stored rejects for all.
 */
export async function submitAnalyses(
  database: Pick<Database, "kysely">,
  submissions: readonly Submission[],
): Promise<readonly SubmitOutcome[]> {
  const pieces: Buffer[] = [];
  let length = 0;
  /** Where the bytes stand among all of the batch, counted from 1 as SQL does. */
  const place = (bytes: Buffer): number => {
    const from = length + 1;
    pieces.push(bytes);
    length += bytes.length;
    return from;
  };
  const rows = submissions.map((submission, index) => ({ place: index, ...rowOf(submission, place) }));
  const answered = await sql<SubmitRow>`
    select * from submit_analyses(${JSON.stringify(rows)}, ${Buffer.concat(pieces, length)})`.execute(database.kysely);
  const outcomes = new Map(answered.rows.map((row) => [row.place, outcomeOf(row)]));
  return submissions.map((_submission, index) => {
    const outcome = outcomes.get(index);
    if (outcome === undefined) throw new Error("submit_analyses left a submission without an answer");
    return outcome;
  });
}

/** Accepts one analysis. */
export async function submitAnalysis(
  database: Pick<Database, "kysely">,
  submission: Submission,
): Promise<SubmitOutcome> {
  const [outcome] = await submitAnalyses(database, [submission]);
  if (outcome === undefined) throw new Error("a submission was given no answer");
  return outcome;
}

/** A submission as the database's `submitted_analysis`. */
function rowOf(submission: Submission, place: (bytes: Buffer) => number) {
  const { workflow, snapshot, sealedOptions, idempotency } = submission;
  if (!isUuid(submission.id)) throw new RangeError("the id of a submission must be a UUID");
  return {
    id: submission.id,
    location_id: submission.locationId,
    actor: submission.actor,
    request_id: submission.requestId,
    traceparent: submission.traceparent,
    workflow_id: workflow.id === null ? null : storableText(workflow.id),
    workflow_name: storableText(workflow.name),
    sha256: hex(snapshot.sha256),
    bytes_from: place(snapshot.ciphertext),
    bytes: snapshot.ciphertext.length,
    encryption_key_id: snapshot.keyId,
    size: snapshot.size,
    definition_at: submission.definitionAt,
    engine_version: submission.engineVersion,
    options: submission.options === null ? null : JSON.stringify(submission.options),
    ...(sealedOptions === null
      ? {}
      : {
          options_sha256: hex(sealedOptions.sha256),
          options_from: place(sealedOptions.ciphertext),
          options_bytes: sealedOptions.ciphertext.length,
          options_key_id: sealedOptions.keyId,
        }),
    cache_key: submission.cacheKey === null ? null : hex(submission.cacheKey),
    direct_limit: submission.directLimit,
    ...(idempotency === null
      ? {}
      : {
          route: idempotency.route,
          key: storableText(idempotency.key),
          fingerprint: hex(idempotency.fingerprint),
          in_progress_ms: idempotency.inProgressMs,
        }),
  };
}

/** Bytes as PostgreSQL reads them in text. */
function hex(bytes: Buffer): string {
  return `\\x${bytes.toString("hex")}`;
}

function outcomeOf(row: SubmitRow): SubmitOutcome {
  const analysis: SubmittedAnalysis = {
    id: row.analysis_id,
    workflowId: row.workflow_id,
    createdAt: row.created_at,
    definitionAt: row.definition_at,
    status: row.status,
  };
  switch (row.outcome) {
    case "accepted":
      return { outcome: "accepted", analysis, dispatch: row.direct ? "direct" : "waiting" };
    case "cached":
      return { outcome: "cached", analysis };
    case "replayed":
      return { outcome: "replayed", analysis, statusCode: row.status_code };
    default:
      return { outcome: row.outcome };
  }
}
