import { type Backfill, type Database, runBackfillBatch } from "@workflow-debugger/shared/db";
import type { Logger } from "@workflow-debugger/shared/observability";
import { type Loop, startLoop } from "./loop.ts";

export interface BackfillSettings {
  /** Rows looked at in one short transaction. */
  readonly limit: number;
  /** Until another look where another worker is at it. Milliseconds. */
  readonly busyRestMs: number;
}

/** A worker in which all backfills are finished looks again after this, in vain. Milliseconds. */
const DAY_MS = 86_400_000;

/** Runs what is unfinished of the backfills, one after the other, a batch at a time. Any number may run. */
export function startBackfills(options: {
  readonly database: Database;
  readonly backfills: readonly Backfill[];
  readonly settings: BackfillSettings;
  readonly log: Logger;
}): Loop {
  const { database, settings, log } = options;
  const unfinished = [...options.backfills];
  async function pass(): Promise<number> {
    const [backfill] = unfinished;
    if (backfill === undefined) return DAY_MS;
    const start = performance.now();
    const outcome = await runBackfillBatch(database, backfill, settings);
    if (outcome === "busy") return settings.busyRestMs;
    if (outcome === "finished") {
      unfinished.shift();
      log.info({ backfill: backfill.name }, "a backfill is finished");
    }
    // Half of the time belongs to the others.
    return performance.now() - start;
  }
  return startLoop({ name: "backfills", pass, failureRestMs: settings.busyRestMs, log });
}
