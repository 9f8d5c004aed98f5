import { type Database, type WaitingWork, waitingWork } from "@workflow-debugger/shared/db";
import type { Logger } from "@workflow-debugger/shared/observability";
import { describeFailure } from "@workflow-debugger/shared/queue";

/** The largest integer of the database: more than any location has. */
const MOST = 2_147_483_647;

/** Rows that wait beside what the queue holds. */
const LONG = 100;

/** How long the queue may grow. 0: without end. */
export interface BacklogLimits {
  readonly total: number;
  readonly perLocation: number;
}

/** Whether more work may be taken on. */
export interface Backlog {
  /** Whose backlog is at its limit; null while there is room. */
  fullFor(locationId: string): "everybody" | "location" | null;
  /** Whether so much waits that only the turns of the dispatcher are fair: what goes straight to the queue stands behind others' there. */
  isLong(): boolean;
  close(): void;
}

/**
 * Counts what waits about once a second, so that the answer costs a request nothing; a backlog outgrows its limit by what
 * comes in a second. While the database does not answer, the last count stands: submissions end at the database anyway.
 */
export function watchBacklog(options: {
  readonly database: Database;
  readonly limits: BacklogLimits;
  readonly log: Logger;
  readonly everyMs?: number;
}): Backlog {
  const { database, limits, log, everyMs = 1_000 } = options;
  let waiting: WaitingWork = { total: 0, crowded: [] };
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

  async function count(): Promise<void> {
    try {
      waiting = await waitingWork(database, { crowdedFrom: limits.perLocation || MOST });
    } catch (error) {
      log.debug({ failure: describeFailure(error) }, "the backlog was not counted");
    }
    if (!closed) timer = setTimeout(count, everyMs).unref();
  }

  void count();
  return {
    fullFor(locationId) {
      if (limits.total > 0 && waiting.total >= limits.total) return "everybody";
      return waiting.crowded.includes(locationId) ? "location" : null;
    },
    isLong: () => waiting.total >= LONG,
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
