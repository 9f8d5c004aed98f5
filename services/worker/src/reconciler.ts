import { type JobName, jobId, jobs } from "@workflow-debugger/shared/contract";
import {
  confirmDispatched,
  type Database,
  endLeasesOfGone,
  findLimbo,
  type GoneWorker,
  type LimboCandidate,
  nextLeaseEnd,
  regenerate,
  rowKinds,
} from "@workflow-debugger/shared/db";
import type { JobMetrics, Logger } from "@workflow-debugger/shared/observability";
import { describeFailure, type JobQueue } from "@workflow-debugger/shared/queue";
import { type Loop, startLoop } from "./loop.ts";

export interface ReconcilerSettings extends GoneWorker {
  /** Between passes at most: the next comes as soon as a lease runs out, and at once after one that was full. Milliseconds. */
  readonly everyMs: number;
  /** A dispatched row is looked for in the queue after this; longer than a dispatcher takes to add it. Milliseconds. */
  readonly dispatchedBeforeMs: number;
  /** Rows looked at in one pass. */
  readonly limit: number;
  /** Starts after which a row whose workers keep dying becomes a dead letter. */
  readonly maxStarts: number;
  /** Rows whose worker ended more than once are begun again within this time, each at another moment. Milliseconds. */
  readonly apartMs: number;
}

export interface ReconcilerOptions {
  /** Whose rows. */
  readonly job: JobName;
  readonly database: Database;
  readonly queue: Pick<JobQueue, "knows">;
  readonly settings: ReconcilerSettings;
  readonly metrics: JobMetrics;
  readonly log: Logger;
}

/** After the end of a lease, so that it has ended by the database's clock, and others that end with it too. Milliseconds. */
const LEASE_OVER_MS = 20;

/**
 * Brings back what was lost: rows whose worker died, and rows whose job the queue no longer knows. They get a new
 * generation, so that a late job of the old one finds nothing to claim, and wait for the dispatcher.
 */
export function startReconciler({ job, database, queue, settings, metrics, log }: ReconcilerOptions): Loop {
  const kind = rowKinds[job];

  async function pass(): Promise<number> {
    // Asked first: a lease that runs out in between is either found now or in the next pass, which comes at once.
    const leaseEndsInMs = (await nextLeaseEnd(database, kind, settings)) ?? settings.everyMs;
    await endLeasesOfGone(database, kind, settings);
    const candidates = await findLimbo(database, kind, settings);
    const lost = candidates.filter(({ status }) => status === "running");
    const dispatched = candidates.filter(({ status }) => status === "queued");
    const known = await knownToQueue(dispatched);
    const forgotten = known === null ? [] : dispatched.filter((row) => !known.has(jobId(job, row)));
    const rows = [...lost, ...forgotten];
    const { waiting, dead } = await regenerate(database, kind, {
      rows,
      maxAttempts: settings.maxStarts,
      apartMs: settings.apartMs,
    });
    if (known !== null) {
      await confirmDispatched(
        database,
        kind,
        dispatched.filter((row) => known.has(jobId(job, row))).map(({ id }) => id),
      );
    }
    if (waiting + dead > 0) {
      metrics.recovered(job, { workersLost: lost.length, jobsLost: forgotten.length, dead });
      log.warn(
        { job, waiting, dead, workersLost: lost.length, jobsLost: forgotten.length },
        "brought back rows in limbo",
      );
    }
    if (candidates.length >= settings.limit && known !== null) return 0;
    return Math.min(settings.everyMs, leaseEndsInMs + LEASE_OVER_MS);
  }

  /** Null while the queue does not say: then nothing can be concluded. */
  async function knownToQueue(rows: readonly LimboCandidate[]): Promise<ReadonlySet<string> | null> {
    if (rows.length === 0) return new Set();
    try {
      return await queue.knows(
        rows.map((row) => jobId(job, row)),
        jobs[job].queue,
      );
    } catch (error) {
      log.debug({ failure: describeFailure(error) }, "the queue does not say which jobs it knows");
      return null;
    }
  }

  return startLoop({ name: `${job} reconciler`, pass, failureRestMs: settings.everyMs, log });
}
