import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "../observability/logger.ts";
import type { Consumer, ConsumerOptions, Processor, QueueBackend } from "./backend.ts";
import { within } from "./deadline.ts";
import { createErrorBrake } from "./error-brake.ts";
import { describeFailure } from "./failure-description.ts";

export interface ConsumerTimings {
  /** How long a job stays locked to a consumer that has died: until its row is claimed, when the lease takes over. */
  readonly lockMs: number;
  readonly stalledCheckMs: number;
  /** Pause after an attempt to start, or after a storm of errors. */
  readonly restMs: number;
  /** For the polite close, and again for the forced one. */
  readonly closeDeadlineMs: number;
}

export interface ConsumerSettings {
  readonly backend: QueueBackend;
  readonly queue: string;
  readonly concurrency: number;
  readonly processor: Processor;
  readonly timings: ConsumerTimings;
  /** Begins without taking jobs. */
  readonly paused?: boolean;
  readonly log: Logger;
}

/** One consumer of the backend, from the first attempt to connect to the last socket closed. */
export interface RunningConsumer {
  /** Resolves when it consumes for the first time. */
  readonly ready: Promise<void>;
  /** Takes no jobs while paused; running ones go on. */
  setPaused(paused: boolean): void;
  /** Takes no further job; running ones go on. */
  stopTaking(): void;
  /** Always resolves, within twice the deadline for closing. */
  close(): Promise<void>;
}

/** Starts a consumer, again and again until the backend is there. */
export function startConsumer(settings: ConsumerSettings): RunningConsumer {
  const { backend, queue, timings, log } = settings;
  const stopping = new AbortController();
  let current: Consumer | undefined;
  let running = false;
  let paused = settings.paused === true;
  const rest = (consumer: Consumer): void => void consumer.pause(true).catch(() => undefined);
  const goOn = (consumer: Consumer): void => {
    if (!stopping.signal.aborted && !paused) consumer.resume().catch(() => undefined);
  };

  function open(): Consumer {
    const consumer = backend.openConsumer(queue, settings.processor, consumerOptions(settings));
    const brake = createErrorBrake({
      log,
      perSecond: 5,
      restMs: timings.restMs,
      rest: () => rest(consumer),
      resume: () => goOn(consumer),
    });
    stopping.signal.addEventListener("abort", () => brake.release());
    consumer.on("error", (error) => brake.report(error));
    consumer.on("stalled", (jobId) => log.warn({ jobId }, "a job's worker died; it is delivered again"));
    return consumer;
  }

  async function start(): Promise<void> {
    while (!stopping.signal.aborted) {
      const consumer = open();
      current = consumer;
      try {
        await consumer.waitUntilReady();
        if (stopping.signal.aborted) return;
        running = true;
        if (paused) rest(consumer);
        consumer.run().catch((error: unknown) => log.error({ failure: describeFailure(error) }, "consumer stopped"));
        return;
      } catch (error) {
        if (stopping.signal.aborted) return;
        log.warn({ failure: describeFailure(error) }, "queue not reachable; trying again");
        await forceClose(consumer, timings.closeDeadlineMs);
        await sleep(timings.restMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  }

  return {
    ready: start(),
    setPaused(wanted) {
      paused = wanted;
      if (current === undefined || !running) return;
      if (paused) rest(current);
      else goOn(current);
    },
    stopTaking() {
      stopping.abort();
      // Without waiting: the promise would hang while the backend is away.
      if (current !== undefined) rest(current);
    },
    async close() {
      stopping.abort();
      if (current === undefined) return;
      if (!running) return forceClose(current, timings.closeDeadlineMs);
      try {
        await within(timings.closeDeadlineMs, current.close(false));
      } catch {
        // A second close() would only wait for the first, so the connections are cut instead.
        await within(timings.closeDeadlineMs, current.disconnect()).catch(() => undefined);
      }
    },
  };
}

async function forceClose(consumer: Consumer, deadlineMs: number): Promise<void> {
  await within(deadlineMs, consumer.close(true)).catch(() => undefined);
}

function consumerOptions({ concurrency, timings }: ConsumerSettings): ConsumerOptions {
  return {
    autorun: false,
    concurrency,
    lockDuration: timings.lockMs,
    stalledInterval: timings.stalledCheckMs,
    // BullMQ's own verdict on a crashing job would ignore its attempts; ours stands in the row.
    maxStalledCount: 10,
    maxStartedAttempts: 12,
    runRetryDelay: timings.restMs,
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
  };
}
