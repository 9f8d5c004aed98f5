import type { AnalysisStatus } from "@workflow-debugger/shared/db";
import type { Context } from "hono";
import type { AppEnv } from "../dependencies.ts";
import type { AnalysisChanges } from "./analysis-changes.ts";

/** A row of work whose changes are notified by its id. */
export interface Tracked {
  readonly status: AnalysisStatus;
}

export function isFinished({ status }: Tracked): boolean {
  return status !== "queued" && status !== "running";
}

interface Wait<Row> {
  readonly id: string;
  readonly seconds: number;
  /** Of the request that waits: ends the wait when its client goes away. */
  readonly context: Context<AppEnv>;
  readonly read: () => Promise<Row | null>;
  readonly until: (row: Row) => boolean;
}

/** Reads the row, and again after each change, until it is as wanted, gone, or the time is over; the last reading. */
export async function readUntil<Row extends Tracked>(changes: AnalysisChanges, wait: Wait<Row>): Promise<Row | null> {
  using watch = changes.watch(wait.id);
  const deadline = performance.now() + wait.seconds * 1_000;
  for (;;) {
    const row = await wait.read();
    const left = deadline - performance.now();
    if (row === null || wait.until(row) || left <= 0 || watch === null) return row;
    // Nobody else need wait meanwhile.
    wait.context.get("endTurn")?.();
    if ((await watch.next(left, wait.context.req.raw.signal)) !== "changed") return row;
  }
}
