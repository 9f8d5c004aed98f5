import type { JobName, JobPayload } from "@workflow-debugger/shared/contract";
import type { JobHandler, JobWorker } from "@workflow-debugger/shared/queue";
import { GROUP } from "./engine/grouping-pool.ts";

/** A row that was claimed without a delivery. */
export interface TakenRow<Name extends JobName> {
  readonly payload: JobPayload<Name>;
  readonly work: JobHandler<Name>;
}

/** Claims up to `limit` rows that wait for the dispatcher. Never rejects. */
export type TakeMore<Name extends JobName> = (limit: number) => Promise<readonly TakenRow<Name>[]>;

export interface PullerOptions<Name extends JobName> {
  readonly takeMore: TakeMore<Name>;
  readonly worker: Pick<JobWorker<Name>, "takes" | "alongside">;
  /** Nothing is left that it could take. */
  readonly onIdle: () => void;
}

export interface Puller {
  /** A delivery came: others may wait behind it. */
  ring(): void;
  /** True while it takes one group after the other: whoever else would hand out rows need not. */
  busy(): boolean;
}

/** Rows taken and not yet finished: a group in each of two threads, and one that waits for either. Groups are taken whole. */
export const MOST_PULLED = 3 * GROUP;
/** After finding that nothing waits, the next look. Milliseconds. */
const LOOK_AGAIN_MS = 200;
/** Without a group for so long, what was taken is slow, and no reason to keep others waiting. Milliseconds. */
const SLOW_MS = 1_000;

/**
 * Takes what waits by itself, beside the deliveries, for as long as something waits: the queue is the doorbell, and one
 * ring is enough for a backlog.
 */
export function createPuller<Name extends JobName>({ takeMore, worker, onIdle }: PullerOptions<Name>): Puller {
  let pulled = 0;
  let taking = false;
  let lastTake = { rows: 0, at: Number.NEGATIVE_INFINITY };

  async function pull(): Promise<void> {
    if (taking) return;
    taking = true;
    while (worker.takes() && pulled + GROUP <= MOST_PULLED) {
      const before = lastTake;
      const rows = await takeMore(GROUP);
      lastTake = { rows: rows.length, at: performance.now() };
      pulled += rows.length;
      for (const { payload, work } of rows) void worker.alongside(payload, work).then(ended);
      if (rows.length > 0) continue;
      if (before.rows > 0) onIdle();
      break;
    }
    taking = false;
  }

  function ended(): void {
    pulled -= 1;
    if (lastTake.rows > 0) void pull();
  }

  return {
    ring() {
      if (lastTake.rows > 0 || performance.now() - lastTake.at >= LOOK_AGAIN_MS) void pull();
    },
    busy: () => lastTake.rows > 0 && performance.now() - lastTake.at < SLOW_MS,
  };
}
