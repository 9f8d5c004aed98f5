import { jobs } from "@workflow-debugger/shared/contract";
import { type KeyRing, layoutContext } from "@workflow-debugger/shared/crypto";
import {
  type ClaimedAnalysis,
  completeAnalysis,
  type Database,
  failAnalysis,
  handBackAnalysis,
  releaseForRetry,
  retryTransient,
} from "@workflow-debugger/shared/db";
import type { JobOutcome } from "@workflow-debugger/shared/queue";
import type { EngineAnswer } from "../engine/messages.ts";
import type { LeaseSettings } from "../lease-keeper.ts";
import type { Failure } from "./failures.ts";
import { persist } from "./persist.ts";

/** The ends an attempt can come to. Each is one write, fenced by the lease: `lost` when somebody else holds it now. */

export interface SettleDependencies {
  readonly database: Database;
  readonly lease: LeaseSettings;
}

type Report = Extract<EngineAnswer, { readonly answer: "report" }>;

export async function complete(
  { database, lease, keys }: SettleDependencies & { readonly keys: KeyRing },
  analysis: ClaimedAnalysis,
  report: Report,
): Promise<JobOutcome> {
  const { id, leaseToken, locationId } = analysis;
  const { layout } = report;
  const completion = {
    ...report.columns,
    id,
    leaseToken,
    reportJson: Buffer.from(report.report).toString("utf8"),
    layout: layout === null ? null : keys.seal(new Uint8Array(layout), layoutContext(locationId)),
    durationMs: report.durationMs,
  };
  const outcome = await persist(lease.leaseMs, () => completeAnalysis(database, completion));
  return { kind: "done", result: outcome === "done" ? "completed" : "lost" };
}

export async function fail(
  { database, lease }: SettleDependencies,
  { id, leaseToken }: ClaimedAnalysis,
  error: Failure,
  dead = false,
): Promise<JobOutcome> {
  const outcome = await persist(lease.leaseMs, () => failAnalysis(database, { id, leaseToken, error, dead }));
  return outcome === "done" ? { kind: "failed", code: error.code } : { kind: "done", result: "lost" };
}

/** Another attempt through the queue's own backoff; after the last one, a dead letter. */
export async function retryOrGiveUp(
  dependencies: SettleDependencies,
  analysis: ClaimedAnalysis,
  error: Failure,
): Promise<JobOutcome> {
  const { database, lease } = dependencies;
  const { attempts, backoffMs } = jobs.analysis;
  const { id, leaseToken, attempt } = analysis;
  if (attempt >= attempts) return fail(dependencies, analysis, error, true);
  const delayMs = backoffMs * 2 ** (attempt - 1);
  const outcome = await persist(lease.leaseMs, () =>
    releaseForRetry(database, { id, leaseToken, delayMs, through: "queue", error }),
  );
  return outcome === "done" ? { kind: "retry", reason: error.code } : { kind: "done", result: "lost" };
}

/** For another worker to take at once. Should the database not hear of it, the lease runs out by itself. */
export async function handBack({ database }: SettleDependencies, analysis: ClaimedAnalysis): Promise<string> {
  const outcome = await retryTransient(() => handBackAnalysis(database, analysis));
  return outcome === "done" ? "handed back" : "lost";
}
