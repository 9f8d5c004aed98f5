import { jobs } from "@workflow-debugger/shared/contract";
import { type KeyRing, SealError, snapshotContext } from "@workflow-debugger/shared/crypto";
import {
  type ClaimedAnalysis,
  claimAnalysis,
  completeAnalysis,
  type Database,
  failAnalysis,
  failExhausted,
  handBackAnalysis,
  releaseForRetry,
  retryTransient,
} from "@workflow-debugger/shared/db";
import { currentContext, type Logger } from "@workflow-debugger/shared/observability";
import type { JobContext, JobHandler, JobOutcome } from "@workflow-debugger/shared/queue";
import type { EnginePool } from "../engine/engine-pool.ts";
import type { EngineAnswer, EngineTask } from "../engine/messages.ts";
import { keepLease, type LeaseSettings } from "../lease-keeper.ts";
import {
  crashed,
  definitionUnreadable,
  definitionUnusable,
  type Failure,
  memoryExceeded,
  timeExceeded,
} from "./failures.ts";

export interface AnalyseDependencies {
  readonly database: Database;
  readonly engine: EnginePool;
  readonly keys: KeyRing;
  readonly log: Logger;
  readonly lease: LeaseSettings;
  /** Starts after which an analysis is given up whatever ended them; more than the job's attempts. */
  readonly maxStarts: number;
}

type Report = Extract<EngineAnswer, { readonly answer: "report" }>;

/** Analyses one row: claim by lease → open the snapshot → run the engine → commit, fenced by the lease. */
export function createAnalyse(dependencies: AnalyseDependencies): JobHandler<"analysis"> {
  const { database, lease, maxStarts } = dependencies;
  return async function analyse({ id, generation }, context) {
    const claim = await retryTransient(() =>
      claimAnalysis(database, { id, generation, leaseMs: lease.leaseMs, maxAttempts: maxStarts }),
    );
    switch (claim.outcome) {
      case "claimed":
        return analyseClaimed(dependencies, claim.analysis, context);
      case "exhausted":
        await retryTransient(() => failExhausted(database, { id, generation, maxAttempts: maxStarts }));
        return { kind: "failed", code: "ATTEMPTS_EXHAUSTED" };
      default:
        // Finished, canceled, replaced, or in another worker's hands: should that one die, the reconciler sees to it.
        return { kind: "done", result: claim.outcome };
    }
  };
}

async function analyseClaimed(
  { database, engine, keys, log, lease }: AnalyseDependencies,
  analysis: ClaimedAnalysis,
  { signal }: JobContext,
): Promise<JobOutcome> {
  const logContext = currentContext();
  if (logContext !== undefined) logContext.locationId = analysis.locationId;
  const work = new AbortController();
  const stop = () => work.abort();
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  const keeper = keepLease({ ...lease, database, analysis, log, onEnd: stop });
  try {
    const task = openTask(analysis, keys, log);
    if (task === null) return await fail(database, analysis, definitionUnreadable);
    const outcome = await engine.run(task, work.signal);
    switch (outcome.answer) {
      case "report":
        return await complete(database, analysis, outcome);
      case "unusable":
        return await fail(database, analysis, definitionUnusable(outcome.message));
      case "limit":
        return await fail(database, analysis, outcome.limit === "time" ? timeExceeded : memoryExceeded);
      case "crashed":
        log.error({ attempt: analysis.attempt, reason: outcome.reason }, "the engine failed on a definition");
        return await retryOrGiveUp(database, analysis, crashed);
      case "stopped":
        return { kind: "done", result: keeper.ended() ?? (await handBack(database, analysis)) };
    }
  } finally {
    keeper.stop();
    signal.removeEventListener("abort", stop);
  }
}

/** Null when the snapshot cannot be opened: its key is gone or its bytes were changed. */
function openTask(analysis: ClaimedAnalysis, keys: KeyRing, log: Logger): EngineTask | null {
  const { snapshot, options, createdAt, locationId } = analysis;
  try {
    const definition = keys.open(snapshot, snapshotContext(locationId, snapshot.sha256));
    // The day it was submitted, so that every attempt gives the same report.
    const now = createdAt.toISOString().slice(0, 10);
    return { definition: ownBytes(definition), options: ownBytes(Buffer.from(JSON.stringify({ ...options, now }))) };
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    log.error({ err: error }, "a snapshot cannot be opened");
    return null;
  }
}

/** The bytes in a buffer of their own: a small Buffer shares one with others, which must not move to a thread. */
function ownBytes(bytes: Buffer): ArrayBuffer {
  const whole = bytes.byteLength === bytes.buffer.byteLength && bytes.buffer instanceof ArrayBuffer;
  return whole ? (bytes.buffer as ArrayBuffer) : new Uint8Array(bytes).buffer;
}

async function complete(database: Database, analysis: ClaimedAnalysis, report: Report): Promise<JobOutcome> {
  const { id, leaseToken } = analysis;
  const text = (bytes: ArrayBuffer) => Buffer.from(bytes).toString("utf8");
  const completion = {
    ...report.columns,
    id,
    leaseToken,
    reportJson: text(report.report),
    layoutJson: report.layout === null ? null : text(report.layout),
    durationMs: report.durationMs,
  };
  const outcome = await retryTransient(() => completeAnalysis(database, completion));
  return { kind: "done", result: outcome === "done" ? "completed" : "lost" };
}

async function fail(
  database: Database,
  { id, leaseToken }: ClaimedAnalysis,
  error: Failure,
  dead = false,
): Promise<JobOutcome> {
  const outcome = await retryTransient(() => failAnalysis(database, { id, leaseToken, error, dead }));
  return outcome === "done" ? { kind: "failed", code: error.code } : { kind: "done", result: "lost" };
}

/** Another attempt through the queue's own backoff; after the last one, a dead letter. */
async function retryOrGiveUp(database: Database, analysis: ClaimedAnalysis, error: Failure): Promise<JobOutcome> {
  const { attempts, backoffMs } = jobs.analysis;
  const { id, leaseToken, attempt } = analysis;
  if (attempt >= attempts) return fail(database, analysis, error, true);
  const delayMs = backoffMs * 2 ** (attempt - 1);
  const outcome = await retryTransient(() =>
    releaseForRetry(database, { id, leaseToken, delayMs, through: "queue", error }),
  );
  return outcome === "done" ? { kind: "retry", reason: error.code } : { kind: "done", result: "lost" };
}

/** For another worker to take at once. Should the database not hear of it, the lease runs out by itself. */
async function handBack(database: Database, analysis: ClaimedAnalysis): Promise<string> {
  const outcome = await retryTransient(() => handBackAnalysis(database, analysis));
  return outcome === "done" ? "handed back" : "lost";
}
