import { type Database, setFactsDue, takeFactsDue } from "@workflow-debugger/shared/db";
import { GhlError } from "@workflow-debugger/shared/ghl";
import type { Logger } from "@workflow-debugger/shared/observability";
import { type Loop, startLoop } from "./loop.ts";

export interface FactsRefresherSettings {
  /** Between passes. Milliseconds. */
  readonly everyMs: number;
  /** Between two readings of one location. Milliseconds. */
  readonly refreshAfterMs: number;
  /** The same where something was missing that may be had later. Milliseconds. */
  readonly retryAfterMs: number;
  /** Locations read in one pass, one after the other. */
  readonly limit: number;
}

/**
 * Reads the facts of every location that has the app from HighLevel, once in a while. Any number may run: a location is
 * read by one of them.
 */
export function startFactsRefresher({
  database,
  refresh,
  settings,
  log,
}: {
  readonly database: Database;
  /** Reads and stores the facts of one location. */
  readonly refresh: (locationId: string) => Promise<{ readonly incomplete: boolean }>;
  readonly settings: FactsRefresherSettings;
  readonly log: Logger;
}): Loop {
  async function pass(): Promise<number> {
    const due = await takeFactsDue(database, { everyMs: settings.refreshAfterMs, limit: settings.limit });
    for (const locationId of due) {
      if (await isIncomplete(locationId)) await setFactsDue(database, { locationId, afterMs: settings.retryAfterMs });
    }
    return due.length >= settings.limit ? 0 : settings.everyMs;
  }

  async function isIncomplete(locationId: string): Promise<boolean> {
    try {
      return (await refresh(locationId)).incomplete;
    } catch (error) {
      if (!(error instanceof GhlError)) throw error;
      log.warn({ locationId, category: error.category, reason: error.message }, "facts not read");
      return true;
    }
  }

  return startLoop({ name: "facts refresher", pass, failureRestMs: settings.everyMs, log });
}
