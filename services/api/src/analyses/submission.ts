import { ENGINE_VERSION } from "@workflow-debugger/engine/parse";
import { AppError, jobPayload } from "@workflow-debugger/shared/contract";
import { sha256 } from "@workflow-debugger/shared/crypto";
import {
  createBatches,
  type IdempotencyClaim,
  retryTransient,
  type Submission,
  type SubmitOutcome,
  submitAnalyses,
  submitAnalysis,
} from "@workflow-debugger/shared/db";
import { uuidv7 } from "uuidv7";
import type { Dependencies } from "../dependencies.ts";
import type { EffectiveOptions } from "../settings/effective-options.ts";
import { cacheKey } from "./definition.ts";
import { createDoorbell } from "./enqueue.ts";

/** What was asked, complete and valid. */
export interface SubmissionRequest {
  readonly locationId: string;
  readonly actor: string;
  readonly requestId: string;
  readonly traceparent: string | null;
  /** The definition, sealed: one that came with the request (`storeDefinition`), or the stored one of a workflow. */
  readonly stored: Pick<Submission, "workflow" | "snapshot">;
  /** From when a stored definition is. */
  readonly definitionAt: Date | null;
  readonly options: EffectiveOptions;
  readonly idempotency: IdempotencyClaim | null;
}

export type Accepted = Extract<SubmitOutcome, { readonly analysis: unknown }>;

/** A repeat counts as in progress this much longer than the first request may wait. Milliseconds. */
const ANSWER_MARGIN_MS = 2_000;

/** @param route method and path template: keys of one route do not meet those of another. */
export function idempotencyClaim(
  route: string,
  key: string | undefined,
  bytes: Uint8Array,
  wait: number | undefined,
): IdempotencyClaim | null {
  if (key === undefined) return null;
  const inProgressMs = wait === undefined ? 0 : Math.ceil(wait * 1_000) + ANSWER_MARGIN_MS;
  return { key, route, fingerprint: sha256(bytes), inProgressMs };
}

/** Why a repeat of an Idempotency-Key is not answered with what the first request got. */
export function idempotencyRefusal(outcome: "keyReused" | "inProgress"): AppError {
  if (outcome === "keyReused") return new AppError("IDEMPOTENCY_KEY_REUSED");
  return new AppError("CONFLICT", {
    message: "The first request with this Idempotency-Key is still being answered.",
    retryAfter: 1,
  });
}

/** Submissions stored in one go. */
const MOST_IN_ONE = 64;
/** More than this wait only when the database does not keep up. */
const MOST_WAITING = 1_000;
/** A sealed definition of more than this is stored by itself: others need not wait for it. Bytes. */
const LARGE = 256 * 1024;

/**
 * Accepts an analysis: one commit, then the bell. Throws `CONFLICT` while the first request of an Idempotency-Key is
 * unanswered, and `IDEMPOTENCY_KEY_REUSED` for other bytes under a used key.
 */
export type AcceptSubmission = (request: SubmissionRequest) => Promise<Accepted>;

/** Those that come together are stored together. */
export function createAcceptance(
  dependencies: Pick<Dependencies, "database" | "queue" | "backlog" | "settings" | "log">,
): AcceptSubmission {
  const { database } = dependencies;
  const doorbell = createDoorbell(dependencies);
  const storeAll = (submissions: readonly Submission[]) => retryTransient(() => submitAnalyses(database, submissions));
  const storeInBatch = createBatches(MOST_IN_ONE, storeAll, MOST_WAITING);
  const store = async (submission: Submission): Promise<SubmitOutcome> => {
    if (submission.snapshot.ciphertext.length <= LARGE) return storeInBatch(submission);
    return retryTransient(() => submitAnalysis(database, submission));
  };

  return async function acceptSubmission({ stored, options, ...rest }) {
    const id = uuidv7();
    const today = new Date().toISOString().slice(0, 10);
    const outcome = await store({
      ...rest,
      workflow: stored.workflow,
      snapshot: stored.snapshot,
      options: options.plain,
      sealedOptions: options.sealed,
      id,
      engineVersion: ENGINE_VERSION,
      cacheKey: cacheKey(stored.snapshot.sha256, options.all, today),
      directLimit: doorbell.directLimit,
    });
    if (!("analysis" in outcome)) throw idempotencyRefusal(outcome.outcome);
    if (outcome.outcome === "accepted" && outcome.dispatch === "direct") {
      await doorbell.ring(jobPayload({ ...rest, id, generation: 1 }));
    }
    return outcome;
  };
}
