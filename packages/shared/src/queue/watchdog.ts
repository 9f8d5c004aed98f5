import type { JobQueue, QueueName } from "./job-queue.ts";

export interface WatchdogOptions {
  readonly queue: Pick<JobQueue, "counts">;
  readonly queueName: QueueName;
  readonly everyMs: number;
  /** True when the consumer has room and has taken no job for long. */
  readonly isIdle: () => boolean;
  readonly restart: () => void;
  readonly giveUp: () => void;
}

/**
 * A blocking connection can be dead without an error, and a consumer on it looks healthy for ever. When jobs are seen
 * waiting at two checks in a row while the consumer took none, it is restarted; when that did not help, the process
 * had better end.
 */
export function startWatchdog(options: WatchdogOptions): { stop(): void } {
  let strikes = 0;
  let stopped = false;
  let timer: NodeJS.Timeout;

  async function check(): Promise<void> {
    // While the backend is away there is nothing to conclude.
    const counts = options.isIdle() ? await options.queue.counts(options.queueName).catch(() => null) : null;
    if (stopped) return;
    strikes = counts !== null && counts.waiting > 0 && options.isIdle() ? strikes + 1 : 0;
    if (strikes === 2) options.restart();
    if (strikes === 4) options.giveUp();
    schedule();
  }
  function schedule(): void {
    timer = setTimeout(check, options.everyMs);
  }

  schedule();
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
