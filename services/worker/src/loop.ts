import type { Logger } from "@workflow-debugger/shared/observability";
import { describeFailure, within } from "@workflow-debugger/shared/queue";

export interface LoopOptions {
  readonly name: string;
  /** One pass. Returns how long to rest before the next, in milliseconds; a wake-up ends the rest. */
  readonly pass: () => Promise<number>;
  /** Rest after a pass that failed; doubles while passes go on failing, up to eightfold. Milliseconds. */
  readonly failureRestMs: number;
  readonly log: Logger;
  /** Longest `stop` waits for a pass under way. Milliseconds. */
  readonly stopDeadlineMs?: number;
}

export interface Loop {
  /** Runs a pass now, or once more after the one under way. */
  wake(): void;
  /** Starts no further pass and waits for the one under way. */
  stop(): Promise<void>;
}

/** Passes one after the other, never two at once. A pass that fails is logged, once per run of failures. */
export function startLoop({ name, pass, failureRestMs, log, stopDeadlineMs = 3_000 }: LoopOptions): Loop {
  let stopped = false;
  let awake = false;
  let failures = 0;
  let endRest = (): void => undefined;

  async function onePass(): Promise<number> {
    try {
      const restMs = await pass();
      if (failures > 0) log.info({ failures }, `${name} works again`);
      failures = 0;
      return restMs;
    } catch (error) {
      if (failures === 0) log.warn({ failure: describeFailure(error) }, `${name} failed; trying again`);
      failures += 1;
      return failureRestMs * Math.min(8, 2 ** (failures - 1));
    }
  }

  async function rest(restMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      endRest = resolve;
      timer = setTimeout(resolve, restMs);
    });
    clearTimeout(timer);
  }

  async function run(): Promise<void> {
    while (!stopped) {
      awake = false;
      const restMs = await onePass();
      // Failing passes are not hurried: a wake-up says that there is work, not that the fault is gone.
      if (!stopped && !(awake && failures === 0)) await rest(restMs);
    }
  }

  const running = run();
  return {
    wake() {
      awake = true;
      if (failures === 0) endRest();
    },
    async stop() {
      stopped = true;
      endRest();
      await within(stopDeadlineMs, running).catch(() => undefined);
    },
  };
}
