import { setTimeout as sleep } from "node:timers/promises";
import { isTransient } from "./errors.ts";

const RETRIES = 3;
const FIRST_DELAY_MS = 40;
const BUDGET_MS = 1_000;

/**
 * Runs `work` again after a transient database error: three times at most, with exponential backoff and full jitter,
 * and never once a second has passed since the start. Only for work that may be repeated: reads, compare-and-set
 * updates, submissions, which recognise their own ids, and `saveDefinitions`, which recognises its own bytes.
 */
export async function retryTransient<Result>(work: () => Promise<Result>): Promise<Result> {
  const start = performance.now();
  for (let retry = 0; ; retry += 1) {
    try {
      return await work();
    } catch (error) {
      if (retry === RETRIES || !isTransient(error)) throw error;
      const delay = FIRST_DELAY_MS * 3 ** retry * (0.5 + Math.random() / 2);
      if (performance.now() - start + delay > BUDGET_MS) throw error;
      await sleep(delay);
    }
  }
}
