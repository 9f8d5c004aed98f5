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
  readonly outcome: "accepted" | "cached" | "replayed" | "keyReused" | "inProgress";
  readonly analysis_id: string;
  readonly workflow_id: string | null;
  readonly created_at: Date;
  readonly status: AnalysisStatus;
  readonly status_code: number;
  readonly direct: boolean;
  readonly definition_at: Date | null;
}

/**
 * Accepts an analysis: idempotency row, snapshot, analysis, audit entry (and, served from store, the result) in one
 * statement and one commit. An accepted row is durable; whether the queue hears of it is the smaller matter.
 */
export async function submitAnalysis(
  database: Pick<Database, "kysely">,
  submission: Submission,
): Promise<SubmitOutcome> {
  const { workflow, snapshot, idempotency, sealedOptions } = submission;
  if (!isUuid(submission.id)) throw new RangeError("the id of a submission must be a UUID");
  const { rows } = await sql<SubmitRow>`
    select s.*, note_definition(${submission.locationId}, s.outcome, s.analysis_id, ${idempotency?.route ?? null},
      ${idempotency === null ? null : storableText(idempotency.key)}, ${submission.definitionAt}) as definition_at,
      note_options(${submission.locationId}, s.outcome, s.analysis_id, ${sealedOptions?.sha256 ?? null},
        ${sealedOptions?.ciphertext ?? null}, ${sealedOptions?.keyId ?? null})
    from submit_analysis(
      ${submission.locationId}, ${submission.id}, ${submission.actor}, ${submission.requestId},
      ${submission.traceparent}, ${workflow.id === null ? null : storableText(workflow.id)},
      ${storableText(workflow.name)}, ${snapshot.sha256}, ${snapshot.ciphertext}, ${snapshot.keyId}, ${snapshot.size},
      ${submission.engineVersion}, ${submission.options === null ? null : JSON.stringify(submission.options)},
      ${submission.cacheKey}, ${submission.directLimit}, ${idempotency?.route ?? null},
      ${idempotency === null ? null : storableText(idempotency.key)}, ${idempotency?.fingerprint ?? null},
      ${idempotency?.inProgressMs ?? 0}
    ) s`.execute(database.kysely);
  const row = rows[0];
  if (row === undefined) throw new Error("submit_analysis returned no row");
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
