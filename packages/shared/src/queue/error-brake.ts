import type { Logger } from "../observability/logger.ts";
import { describeFailure } from "./failure-description.ts";

export interface ErrorBrakeOptions {
  readonly log: Logger;
  /** Errors within one second that are still borne. */
  readonly perSecond: number;
  /** Milliseconds. */
  readonly restMs: number;
  readonly rest: () => void;
  readonly resume: () => void;
}

/**
 * A backend that answers every command with an error (a full Redis, a PostgreSQL that shuts down) makes BullMQ's loop
 * raise thousands a second. The brake logs the first of a second, counts the others, and rests the consumer.
 */
export function createErrorBrake({ log, perSecond, restMs, rest, resume }: ErrorBrakeOptions) {
  let windowStart = 0;
  let errors = 0;
  let suppressed = 0;
  let resting: NodeJS.Timeout | undefined;

  return {
    report(error: unknown): void {
      const now = performance.now();
      if (now - windowStart > 1_000) {
        windowStart = now;
        errors = 0;
        log.warn({ failure: describeFailure(error), suppressed }, "queue consumer error");
        suppressed = 0;
      } else {
        suppressed += 1;
      }
      errors += 1;
      if (errors <= perSecond || resting !== undefined) return;
      rest();
      resting = setTimeout(() => {
        resting = undefined;
        resume();
      }, restMs);
    },
    release(): void {
      clearTimeout(resting);
      resting = undefined;
    },
  };
}
