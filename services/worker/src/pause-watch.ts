import type { JobName } from "@workflow-debugger/shared/contract";
import { type Database, pausedQueues } from "@workflow-debugger/shared/db";
import type { Logger } from "@workflow-debugger/shared/observability";
import { type Loop, startLoop } from "./loop.ts";

/**
 * Holds the lanes to what operators asked for. The pause is a row, so that it outlives workers and queue alike; a
 * notification makes it prompt (`wake`), the pass makes it sure.
 */
export function startPauseWatch(options: {
  readonly database: Database;
  readonly lanes: Readonly<Partial<Record<JobName, { setPaused(paused: boolean): void }>>>;
  /** Between passes. Milliseconds. */
  readonly everyMs: number;
  readonly log: Logger;
}): Loop {
  const { database, lanes, everyMs, log } = options;
  async function pass(): Promise<number> {
    const paused = await pausedQueues(database);
    for (const [job, lane] of Object.entries(lanes)) lane.setPaused(paused.has(job as JobName));
    return everyMs;
  }
  return startLoop({ name: "pause watch", pass, failureRestMs: everyMs, log });
}
