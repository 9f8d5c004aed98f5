import type { DatedSource } from "./dated-source.ts";

/**
 * HighLevel's Loop Lock: so many runs for one contact in a short time lock the workflow, and only support unlocks it.
 * The sources disagree on what is counted and over which time, so both readings are kept and neither is certain.
 */
export interface LoopLockReading {
  /** What the reading counts. */
  readonly counts: "starts" | "step executions";
  readonly executions: number;
  readonly windowSeconds: number;
}

export const loopLockSource: DatedSource = {
  asOf: "2026-08-19",
  sources: [
    "growthable.io/gohighlevel-tutorials/miscellaneous/loop-lockouts-for-gohighlevel (50 in about 30 minutes)",
    "help.hoopai.com/troubleshooting/loop-lockouts (50 in 60 seconds)",
  ],
};

/** Wide reading: every executed step counts. A pass of n steps must then take n × 36 s to stay clear. */
export const loopLockWide: LoopLockReading = { counts: "step executions", executions: 50, windowSeconds: 1800 };

/** Narrow reading: only starts (passes of the loop) count. A pass must then take 36 s to stay clear. */
export const loopLockNarrow: LoopLockReading = { counts: "starts", executions: 50, windowSeconds: 1800 };

/**
 * What one white-label help page says instead. Never the only ground of a finding.
 * @public
 */
export const loopLockShortWindow: LoopLockReading = { counts: "starts", executions: 50, windowSeconds: 60 };

/** Least seconds one pass must take to stay under the lock, for a loop of `stepsPerPass` executed steps. */
export function safeSecondsPerPass(reading: LoopLockReading, stepsPerPass: number): number {
  const counted = reading.counts === "starts" ? 1 : Math.max(1, stepsPerPass);
  return (reading.windowSeconds / reading.executions) * counted;
}
