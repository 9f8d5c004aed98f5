import { jobs } from "@workflow-debugger/shared/contract";
import {
  type Database,
  failRow,
  handBackRow,
  type LeaseHolder,
  releaseRow,
  retryTransient,
  rowKinds,
} from "@workflow-debugger/shared/db";
import type { JobOutcome } from "@workflow-debugger/shared/queue";
import type { LeaseSettings } from "../lease-keeper.ts";
import type { Failure } from "./failures.ts";
import { persist } from "./persist.ts";

/** The ends an attempt can come to. Each is one write, fenced by the lease: `lost` when somebody else holds it now. */

/** Jobs that the engine does. */
export type EngineJobName = "analysis" | "locationRun";

export interface SettleDependencies {
  readonly job: EngineJobName;
  readonly database: Database;
  readonly lease: LeaseSettings;
  /** How another attempt comes about: by delivering the job again, or, where there was none, by the dispatcher. */
  readonly retryThrough: "queue" | "dispatcher";
}

/** A row under a lease. */
export interface ClaimedRow extends LeaseHolder {
  readonly locationId: string;
  /** This attempt's number, from 1. */
  readonly attempt: number;
}

export async function fail(
  { job, database, lease }: SettleDependencies,
  { id, leaseToken }: ClaimedRow,
  error: Failure,
  dead = false,
): Promise<JobOutcome> {
  const outcome = await persist(lease.leaseMs, () => failRow(database, rowKinds[job], { id, leaseToken, error, dead }));
  return outcome === "done" ? { kind: "failed", code: error.code } : { kind: "done", result: "lost" };
}

/** Another attempt after the job's backoff; after the last one, a dead letter. */
export async function retryOrGiveUp(
  dependencies: SettleDependencies,
  row: ClaimedRow,
  error: Failure,
): Promise<JobOutcome> {
  const { job, database, lease, retryThrough } = dependencies;
  const { attempts, backoffMs } = jobs[job];
  const { id, leaseToken, attempt } = row;
  if (attempt >= attempts) return fail(dependencies, row, error, true);
  const delayMs = backoffMs * 2 ** (attempt - 1);
  const outcome = await persist(lease.leaseMs, () =>
    releaseRow(database, rowKinds[job], { id, leaseToken, delayMs, through: retryThrough, error }),
  );
  return outcome === "done" ? { kind: "retry", reason: error.code } : { kind: "done", result: "lost" };
}

/** For another worker to take at once. Should the database not hear of it, the lease runs out by itself. */
export async function handBack({ job, database }: SettleDependencies, row: ClaimedRow): Promise<string> {
  const outcome = await retryTransient(() => handBackRow(database, rowKinds[job], row));
  return outcome === "done" ? "handed back" : "lost";
}
