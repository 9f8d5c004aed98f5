import { type JobName, type JobPayload, jobId, jobs } from "../contract/jobs.ts";
import type { Logger } from "../observability/logger.ts";
import { noTracing, type Tracing } from "../observability/tracing.ts";
import { type BullJob, openBackend, type Producer, type QueueBackendName, type QueueLocation } from "./backend.ts";
import { within } from "./deadline.ts";
import { describeFailure } from "./failure-description.ts";

/** A job as producers see it: the name decides the payload's shape, the queue and the retries. */
export type Job = { readonly [Name in JobName]: { readonly name: Name; readonly payload: JobPayload<Name> } }[JobName];
export type QueueName = (typeof jobs)[JobName]["queue"];

/** `enqueued: false` is no failure of the request: the row waits and the dispatcher will offer it again. */
export type AddOutcome = { readonly enqueued: true } | { readonly enqueued: false; readonly reason: string };

export interface QueueCounts {
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly failed: number;
  /** Age of the job that has waited longest; null when none waits. Milliseconds. */
  readonly oldestWaitingMs: number | null;
}

/** The producers' side of the queue. All methods answer within a deadline, whether or not the backend does. */
export interface JobQueue {
  readonly backend: QueueBackendName;
  /** Never rejects. A job whose id is queued or running already is not added twice, and counts as enqueued. */
  add(job: Job): Promise<AddOutcome>;
  /** All or, when not `enqueued`, possibly some: the ids are deterministic, so offering them again is harmless. */
  addBulk(jobs: readonly Job[]): Promise<AddOutcome>;
  /** Rejects while the backend is away. */
  counts(queue?: QueueName): Promise<QueueCounts>;
  /** Which of these jobs the queue will still deliver or is delivering. Rejects while the backend is away. */
  knows(ids: readonly string[], queue?: QueueName): Promise<ReadonlySet<string>>;
  /** Rejects while the backend is away. */
  ping(): Promise<void>;
  /** Always resolves, within the deadline for closing. */
  close(): Promise<void>;
}

export interface QueueTimings {
  readonly addDeadlineMs: number;
  /** For `addBulk`, `counts`, `knows` and `ping`. */
  readonly deadlineMs: number;
  readonly closeDeadlineMs: number;
  /** First retry delay of a job; the catalogue's own when absent. */
  readonly backoffMs?: number;
}

const TIMINGS: QueueTimings = { addDeadlineMs: 750, deadlineMs: 3_000, closeDeadlineMs: 2_000 };
const DELIVERABLE = new Set(["waiting", "active", "delayed", "prioritized", "waiting-children"]);
const DEFAULT_QUEUE: QueueName = "analysis";

export interface QueueOptions extends QueueLocation {
  readonly log: Logger;
  readonly applicationName?: string;
  readonly timings?: Partial<QueueTimings>;
  readonly tracing?: Tracing;
}

/** Opens the producers' side. Does not wait for the backend: a process may start while it is away. */
export function openQueue(options: QueueOptions): JobQueue {
  const { log, tracing = noTracing } = options;
  const timings = { ...TIMINGS, ...options.timings };
  const backend = openBackend({ ...options, applicationName: options.applicationName ?? "queue", maxConnections: 3 });
  const producers = new Map<QueueName, Promise<Producer>>();
  let closing = false;
  let refusing = false;

  // BullMQ on PostgreSQL remembers a failed first connection for ever, so a producer that could not start is replaced.
  function producer(queue: QueueName): Promise<Producer> {
    const existing = producers.get(queue);
    if (existing !== undefined) return existing;
    if (closing) return Promise.reject(new Error("the queue is closed"));
    const opening = openProducer(queue);
    producers.set(queue, opening);
    opening.catch(() => producers.delete(queue));
    return opening;
  }

  async function openProducer(queue: QueueName): Promise<Producer> {
    const opened = backend.openProducer(queue);
    opened.on("error", (error) => log.debug({ failure: describeFailure(error) }, "queue producer error"));
    try {
      await opened.waitUntilReady();
      return opened;
    } catch (error) {
      opened.close().catch(() => undefined);
      throw error;
    }
  }

  async function offer(offered: readonly Job[], deadlineMs: number): Promise<AddOutcome> {
    const batches = new Map<QueueName, BullJob[]>();
    for (const job of offered) {
      const { queue, schema } = jobs[job.name];
      const payload = schema.safeParse(job.payload);
      // One bad row must not keep the others of its batch from the queue.
      if (!payload.success) {
        log.error({ job: job.name, issues: payload.error.issues.slice(0, 5) }, "job payload does not fit its schema");
        continue;
      }
      const batch = batches.get(queue) ?? [];
      batch.push(toBullJob(job.name, payload.data, timings.backoffMs));
      batches.set(queue, batch);
    }
    if (batches.size === 0) return { enqueued: false, reason: "the payload does not fit its schema" };
    try {
      for (const [queue, batch] of batches) {
        await within(
          deadlineMs,
          producer(queue).then((opened) => addTo(opened, batch)),
        );
      }
      report(null);
      return { enqueued: true };
    } catch (error) {
      const { message } = describeFailure(error);
      report(message);
      return { enqueued: false, reason: message };
    }
  }

  function report(reason: string | null): void {
    if ((reason !== null) === refusing) return;
    refusing = reason !== null;
    if (refusing) log.warn({ reason }, "the queue takes no jobs; rows wait for it");
    else log.info("the queue takes jobs again");
  }

  async function counts(queue: QueueName): Promise<QueueCounts> {
    const opened = await producer(queue);
    const [states, [oldest]] = await Promise.all([
      opened.getJobCounts("waiting", "active", "delayed", "failed"),
      opened.getJobs(["waiting"], 0, 0, true),
    ]);
    return {
      waiting: states["waiting"] ?? 0,
      active: states["active"] ?? 0,
      delayed: states["delayed"] ?? 0,
      failed: states["failed"] ?? 0,
      oldestWaitingMs: oldest === undefined ? null : Math.max(0, Date.now() - oldest.timestamp),
    };
  }

  async function knows(ids: readonly string[], queue: QueueName): Promise<ReadonlySet<string>> {
    const opened = await producer(queue);
    const states = await Promise.all(ids.map((id) => opened.getJobState(id)));
    return new Set(ids.filter((_id, index) => DELIVERABLE.has(states[index] ?? "unknown")));
  }

  return {
    backend: backend.name,
    add: (job) =>
      tracing.span(`${job.name} publish`, { kind: "producer" }, async (span) => {
        const outcome = await offer([job], timings.addDeadlineMs);
        if (!outcome.enqueued) span.fail(outcome.reason);
        return outcome;
      }),
    addBulk: (offered) => offer(offered, timings.deadlineMs),
    counts: (queue = DEFAULT_QUEUE) => within(timings.deadlineMs, counts(queue)),
    knows: (ids, queue = DEFAULT_QUEUE) => within(timings.deadlineMs, knows(ids, queue)),
    ping: async () => {
      await within(timings.deadlineMs, counts(DEFAULT_QUEUE));
    },
    async close() {
      closing = true;
      const opened = await Promise.allSettled(producers.values());
      for (const result of opened) {
        if (result.status === "fulfilled") await closeProducer(result.value, timings.closeDeadlineMs);
      }
      await within(timings.closeDeadlineMs, backend.close()).catch(() => undefined);
    },
  };
}

function toBullJob<Name extends JobName>(
  name: Name,
  payload: JobPayload<Name>,
  backoffMs: number = jobs[name].backoffMs,
) {
  return {
    name,
    data: payload,
    opts: {
      jobId: jobId(name, payload),
      attempts: jobs[name].attempts,
      backoff: { type: "exponential", delay: backoffMs, jitter: 0.5 },
      // The rows are the history. A finished job must also free its id at once.
      removeOnComplete: true,
      removeOnFail: true,
    },
  };
}

/**
 * Jobs that are added one by one. On PostgreSQL a bulk add makes temporary tables: measured, it takes as long as 16 single
 * adds side by side, and far more of the server's processor time than they do.
 */
const FEW = 16;

async function addTo(producer: Producer, batch: BullJob[]): Promise<void> {
  if (batch.length > FEW) await producer.addBulk(batch);
  else await Promise.all(batch.map(({ name, data, opts }) => producer.add(name, data, opts)));
}

/** A polite close waits for the server's answer; without one, the sockets are cut. */
async function closeProducer(producer: Producer, deadlineMs: number): Promise<void> {
  try {
    await within(deadlineMs, producer.close());
  } catch {
    await within(deadlineMs, producer.disconnect()).catch(() => undefined);
  }
}
