import { beat, type Database, retireWorker } from "@workflow-debugger/shared/db";
import type { Logger } from "@workflow-debugger/shared/observability";
import { describeFailure, within } from "@workflow-debugger/shared/queue";
import { startLoop } from "./loop.ts";

export interface WorkerHeartbeatOptions {
  readonly database: Database;
  readonly workerId: string;
  readonly concurrency: number;
  /** Jobs running now. */
  readonly active: () => number;
  /** Milliseconds. */
  readonly everyMs: number;
  readonly log: Logger;
}

/** Tells the API's health page that this worker lives; `stop` tells that it has gone. */
export function startWorkerHeartbeat(options: WorkerHeartbeatOptions): { stop(): Promise<void> } {
  const { database, workerId, concurrency, active, everyMs, log } = options;
  const startedAt = new Date();
  const loop = startLoop({
    name: "worker heartbeat",
    async pass() {
      await beat(database, { workerId, startedAt, concurrency, active: active() });
      return everyMs;
    },
    failureRestMs: everyMs,
    log,
  });
  return {
    async stop() {
      await loop.stop();
      await within(2_000, retireWorker(database, workerId)).catch((error: unknown) =>
        log.debug({ failure: describeFailure(error) }, "heartbeat row not removed; it ages by itself"),
      );
    },
  };
}
