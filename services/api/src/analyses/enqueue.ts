import type { JobPayload } from "@workflow-debugger/shared/contract";
import type { Dependencies } from "../dependencies.ts";

/** Rings the bell for accepted analyses. Nobody's answer depends on it: what is not enqueued, the worker finds. */
export interface Doorbell {
  /** Analyses a location may have queued before its next ones wait; 0 while the queue is known to be away, and while many wait. */
  readonly directLimit: number;
  ring(payload: JobPayload<"analysis">): Promise<void>;
}

/** After a failure, submissions leave the queue alone for this long. Milliseconds. */
const REST_MS = 5_000;

export function createDoorbell({
  queue,
  backlog,
  settings,
  log,
}: Pick<Dependencies, "queue" | "backlog" | "settings" | "log">): Doorbell {
  let restingUntil = 0;
  return {
    get directLimit() {
      return performance.now() < restingUntil || backlog.isLong() ? 0 : settings.directLimit;
    },
    async ring(payload) {
      const added = await queue.add({ name: "analysis", payload });
      if (added.enqueued) return;
      restingUntil = performance.now() + REST_MS;
      log.warn({ reason: added.reason, analysisId: payload.id }, "queue does not answer, the dispatcher takes over");
    },
  };
}
