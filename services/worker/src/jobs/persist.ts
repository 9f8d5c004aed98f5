import { setTimeout as sleep } from "node:timers/promises";
import { isUnavailable, retryTransient } from "@workflow-debugger/shared/db";

const REST_MS = 500;

/**
 * Writes the end of an attempt, patiently: work that is done shall not be lost to a database that restarts. Gives up,
 * with the database's error, once `patienceMs` have passed: by then the lease has run out, and the write would be
 * refused anyway.
 */
export async function persist<Result>(patienceMs: number, write: () => Promise<Result>): Promise<Result> {
  const start = performance.now();
  for (;;) {
    try {
      return await retryTransient(write);
    } catch (error) {
      if (!isUnavailable(error) || performance.now() - start > patienceMs) throw error;
      await sleep(REST_MS * (0.5 + Math.random()));
    }
  }
}
