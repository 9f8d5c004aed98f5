import { type JobName, jobPayload, jobs } from "@workflow-debugger/shared/contract";
import { type Database, returnToWaiting, rowKinds, takeWaiting } from "@workflow-debugger/shared/db";
import type { Logger } from "@workflow-debugger/shared/observability";
import type { JobQueue } from "@workflow-debugger/shared/queue";
import { type Loop, startLoop } from "./loop.ts";

export interface DispatcherSettings {
  /** The queue is kept no longer than this, so that a tenant with one job never stands behind another's thousands. */
  readonly windowSize: number;
  /** Between passes when nobody wakes the dispatcher. Milliseconds. */
  readonly pollMs: number;
}

export interface DispatcherOptions {
  /** Whose rows. */
  readonly job: JobName;
  readonly database: Database;
  readonly queue: Pick<JobQueue, "counts" | "addBulk">;
  readonly settings: DispatcherSettings;
  /** True while this worker takes what waits without the queue: it needs no doorbell then. */
  readonly standsBack?: () => boolean;
  readonly log: Logger;
}

export interface Dispatcher extends Loop {
  /** Tells that this worker finished a job: a full queue may have room again. */
  jobFinished(): void;
  /** True: hands nothing out until told otherwise. */
  setPaused(paused: boolean): void;
}

/**
 * Hands waiting rows to the queue, one of each tenant in turn. Any number may run: a row is taken by one of them. While
 * the queue is away the rows wait, and the passes grow rarer.
 */
export function startDispatcher({
  job,
  database,
  queue,
  settings,
  standsBack = () => false,
  log,
}: DispatcherOptions): Dispatcher {
  let full = false;
  let finishedSince = 0;
  let paused = false;

  async function pass(): Promise<number> {
    if (paused || standsBack()) return settings.pollMs;
    const { waiting } = await queue.counts(jobs[job].queue);
    const room = settings.windowSize - waiting;
    finishedSince = 0;
    full = room <= 0;
    if (full) return settings.pollMs;
    const rows = await takeWaiting(database, rowKinds[job], { limit: room });
    full = rows.length === room;
    if (rows.length === 0) return settings.pollMs;
    const outcome = await queue.addBulk(rows.map((row) => ({ name: job, payload: jobPayload(row) })));
    if (!outcome.enqueued) {
      // Some may have been added all the same; offering them again under the same id does no harm.
      await returnToWaiting(database, rowKinds[job], rows);
      throw new Error(outcome.reason);
    }
    log.debug({ job, dispatched: rows.length }, "rows dispatched");
    return settings.pollMs;
  }

  const loop = startLoop({ name: `${job} dispatcher`, pass, failureRestMs: settings.pollMs, log });
  return {
    ...loop,
    jobFinished() {
      finishedSince += 1;
      if (full && finishedSince >= settings.windowSize / 4) loop.wake();
    },
    setPaused(wanted) {
      paused = wanted;
      if (!paused) loop.wake();
    },
  };
}
