import { UnrecoverableError } from "bullmq";
import { type JobName, type JobPayload, jobId, jobs } from "../contract/jobs.ts";
import { withLogContext } from "../observability/context.ts";
import { logJob } from "../observability/lines.ts";
import type { Logger } from "../observability/logger.ts";
import { type JobMetrics, noJobMetrics } from "../observability/metrics.ts";
import { noTracing, type Tracing } from "../observability/tracing.ts";
import { openBackend, type Processor, type QueueLocation } from "./backend.ts";
import { type ConsumerTimings, type RunningConsumer, startConsumer } from "./consumer.ts";
import { within } from "./deadline.ts";
import { describeFailure } from "./failure-description.ts";
import type { JobQueue } from "./job-queue.ts";
import { startWatchdog } from "./watchdog.ts";

/** What became of one delivery. The row is final or waiting by then: the outcome only tells the queue what to do. */
export type JobOutcome =
  /** Nothing further to deliver. `result` is one word for the log, such as "completed". */
  | { readonly kind: "done"; readonly result: string }
  /** Deliver again after the job's backoff. */
  | { readonly kind: "retry"; readonly reason: string }
  /** A permanent error: never deliver again. */
  | { readonly kind: "failed"; readonly code: string };

export interface JobContext {
  /** Aborted when the process must stop: hand the work back. */
  readonly signal: AbortSignal;
}

export type JobHandler<Name extends JobName> = (payload: JobPayload<Name>, context: JobContext) => Promise<JobOutcome>;

export interface WorkerTimings extends ConsumerTimings {
  /** How long running jobs may go on after `close()` before their signal is aborted. */
  readonly finishMs: number;
  /** How long they may then take to hand back their work. */
  readonly handBackMs: number;
  /** Jobs waiting while this worker takes none, for so long and twice in a row, mean a wedged connection. */
  readonly wedgedAfterMs: number;
}

const TIMINGS: WorkerTimings = {
  lockMs: 5_000,
  stalledCheckMs: 2_500,
  restMs: 1_000,
  closeDeadlineMs: 2_000,
  finishMs: 14_000,
  handBackMs: 3_000,
  wedgedAfterMs: 60_000,
};

export interface WorkerOptions<Name extends JobName> extends QueueLocation {
  readonly job: Name;
  readonly handler: JobHandler<Name>;
  readonly concurrency: number;
  readonly log: Logger;
  /** The producers' side, which the watchdog asks what waits. */
  readonly queue: Pick<JobQueue, "counts">;
  /** Called when a new connection did not cure a wedged one: the process had better end. */
  readonly onWedged: () => void;
  readonly timings?: Partial<WorkerTimings>;
  readonly metrics?: JobMetrics;
  readonly tracing?: Tracing;
}

export interface JobWorker<Name extends JobName = JobName> {
  /** Resolves when it consumes for the first time; that may take as long as the backend is away. */
  readonly ready: Promise<void>;
  /** Jobs running now. */
  active(): number;
  /** False while it is paused, and from `stopTaking` on. */
  takes(): boolean;
  /**
   * Does work that was taken without a delivery, beside what is delivered, and as if it had been: with its own log context,
   * span and metrics. Never rejects; nothing is delivered again, whatever the outcome.
   */
  alongside(payload: JobPayload<Name>, handler: JobHandler<Name>): Promise<void>;
  /** Takes no further job from now on; running ones go on. */
  stopTaking(): void;
  /** True: takes no job until told otherwise; running ones go on, and one that is just arriving may still run. */
  setPaused(paused: boolean): void;
  /** Takes no more jobs, lets the running ones finish or hand back, and always resolves within the given times. */
  close(): Promise<void>;
}

function wordFor(outcome: JobOutcome): string {
  if (outcome.kind === "done") return outcome.result;
  return outcome.kind === "retry" ? "retried" : "failed";
}

/** Seconds since the row was accepted, which its id (UUID version 7) tells; null for any but its first delivery. */
function firstWait(
  { id, generation }: { readonly id: string; readonly generation: number },
  attemptsMade = 0,
): number | null {
  if (generation > 1 || attemptsMade > 0 || id[14] !== "7") return null;
  return Math.max(0, Date.now() - Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)) / 1_000;
}

/** Runs one handler on its queue: payloads are checked, and retries and logging happen here for every handler. */
export function openWorker<Name extends JobName>(options: WorkerOptions<Name>): JobWorker<Name> {
  const { job: name, log, metrics = noJobMetrics, tracing = noTracing } = options;
  const timings = { ...TIMINGS, ...options.timings };
  const { queue, schema } = jobs[name];
  // One for LISTEN, the others for taking and finishing jobs.
  const backend = openBackend({ ...options, applicationName: `worker ${queue}`, maxConnections: 4 });
  const shutdown = new AbortController();
  const running = new Set<Promise<void>>();
  let lastTakenAt = performance.now();
  let paused = false;
  let stopped = false;

  async function outcomeOf(work: () => Promise<JobOutcome>): Promise<JobOutcome> {
    try {
      return await work();
    } catch (error) {
      log.error({ failure: describeFailure(error) }, "job handler failed");
      return { kind: "retry", reason: describeFailure(error).message };
    }
  }

  function perform(
    payload: JobPayload<Name>,
    delivery: { readonly jobId: string; readonly attemptsMade?: number | undefined },
    work: () => Promise<JobOutcome>,
  ): Promise<JobOutcome> {
    const { requestId, traceparent } = payload;
    const { jobId, attemptsMade } = delivery;
    return tracing.span(
      `${name} process`,
      { kind: "consumer", parent: traceparent, attributes: { "messaging.message.id": jobId } },
      (span) => {
        const trace = span.traceparent ?? traceparent;
        return withLogContext(
          { jobId, requestId, ...(trace === undefined ? {} : { traceparent: trace }) },
          async () => {
            const start = performance.now();
            metrics.delivered(name, { waitSeconds: firstWait(payload, attemptsMade) });
            const outcome = await outcomeOf(work);
            const durationMs = performance.now() - start;
            metrics.ended(name, { end: outcome.kind, runSeconds: durationMs / 1_000 });
            logJob(log, { job: name, jobId, outcome: wordFor(outcome), durationMs });
            if (outcome.kind !== "done") span.fail(outcome.kind === "retry" ? outcome.reason : outcome.code);
            return outcome;
          },
        );
      },
    );
  }

  async function run(job: Parameters<Processor>[0]): Promise<void> {
    const parsed = schema.safeParse(job.data);
    if (!parsed.success) {
      log.error({ jobId: job.id, issues: parsed.error.issues.slice(0, 5) }, "job payload does not fit its schema");
      throw new UnrecoverableError("unreadable payload");
    }
    const payload = parsed.data as JobPayload<Name>;
    const delivery = { jobId: job.id ?? "", attemptsMade: job.attemptsMade };
    const outcome = await perform(payload, delivery, () => options.handler(payload, context));
    if (outcome.kind === "failed") throw new UnrecoverableError(outcome.code);
    if (outcome.kind === "retry") throw new Error(outcome.reason);
  }

  function track<Result>(work: Promise<Result>): Promise<void> {
    const settled = work
      .then(
        () => undefined,
        () => undefined,
      )
      .finally(() => running.delete(settled));
    running.add(settled);
    return settled;
  }

  const context: JobContext = { signal: shutdown.signal };

  const processor: Processor = (job) => {
    lastTakenAt = performance.now();
    const work = run(job);
    track(work);
    return work;
  };
  const start = (): RunningConsumer =>
    startConsumer({ backend, queue, concurrency: options.concurrency, processor, timings, paused, log });

  let consumer = start();
  const watchdog = startWatchdog({
    queue: options.queue,
    queueName: queue,
    everyMs: timings.wedgedAfterMs,
    isIdle: () =>
      !paused && running.size < options.concurrency && performance.now() - lastTakenAt > timings.wedgedAfterMs,
    restart: () => {
      log.error({ queue }, "jobs wait and none arrives: connecting to the queue anew");
      const wedged = consumer;
      wedged.stopTaking();
      wedged.close();
      consumer = start();
    },
    giveUp: options.onWedged,
  });

  async function finishRunning(): Promise<void> {
    const all = () => Promise.allSettled(running);
    await within(timings.finishMs, all()).catch(async () => {
      shutdown.abort();
      await within(timings.handBackMs, all()).catch(() => log.error({ active: running.size }, "jobs did not stop"));
    });
  }

  function stopTaking(): void {
    stopped = true;
    watchdog.stop();
    consumer.stopTaking();
  }

  return {
    ready: consumer.ready,
    active: () => running.size,
    takes: () => !paused && !stopped,
    alongside: (payload, handler) =>
      track(perform(payload, { jobId: jobId(name, payload) }, () => handler(payload, context))),
    stopTaking,
    setPaused(wanted) {
      if (wanted === paused) return;
      paused = wanted;
      lastTakenAt = performance.now();
      consumer.setPaused(wanted);
      log.info({ queue }, wanted ? "an operator paused the queue" : "the queue was resumed");
    },
    async close() {
      stopTaking();
      await finishRunning();
      // A job that arrived at the last moment is handed back at once.
      shutdown.abort();
      await consumer.close();
      await within(timings.closeDeadlineMs, backend.close()).catch(() => undefined);
    },
  };
}
