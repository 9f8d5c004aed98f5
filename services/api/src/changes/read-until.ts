import type { AnalysisRecord } from "@workflow-debugger/shared/db";
import type { AnalysisChanges } from "./analysis-changes.ts";

export function isFinished(record: Pick<AnalysisRecord, "status">): boolean {
  return record.status !== "queued" && record.status !== "running";
}

interface Wait {
  readonly id: string;
  readonly seconds: number;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
  readonly read: () => Promise<AnalysisRecord | null>;
  readonly until: (record: AnalysisRecord) => boolean;
}

/** Reads the row, and again after each change, until it is as wanted, gone, or the time is over; the last reading. */
export async function readUntil(changes: AnalysisChanges, wait: Wait): Promise<AnalysisRecord | null> {
  using watch = changes.watch(wait.id);
  const deadline = performance.now() + wait.seconds * 1_000;
  for (;;) {
    const record = await wait.read();
    const left = deadline - performance.now();
    if (record === null || wait.until(record) || left <= 0 || watch === null) return record;
    if ((await watch.next(left, wait.signal)) !== "changed") return record;
  }
}
