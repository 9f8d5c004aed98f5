import { aliveWorkers, type Database, invariantFindings, queueOverview } from "@workflow-debugger/shared/db";
import type { SystemState } from "@workflow-debugger/shared/observability";
import { within } from "@workflow-debugger/shared/queue";

/** A worker beats oftener than this while it lives. Milliseconds. */
export const WORKER_SILENCE_MS = 30_000;
/** Shorter than Prometheus waits for a page. Milliseconds. */
const DEADLINE_MS = 3_000;

/** The whole installation as the database tells it; null when it does not answer. */
export async function readSystemState(database: Database): Promise<SystemState | null> {
  try {
    const [queues, workers, findings] = await within(
      DEADLINE_MS,
      Promise.all([
        queueOverview(database),
        aliveWorkers(database, { withinMs: WORKER_SILENCE_MS }),
        invariantFindings(database),
      ]),
    );
    return { queues, workers, findings };
  } catch {
    // The monitor logs that the database is away.
    return null;
  }
}
