import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import pg from "pg";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { jobId } from "../src/contract/jobs.ts";
import {
  type JobHandler,
  type JobQueue,
  type JobWorker,
  openQueue,
  openWorker,
  redisPrefix,
} from "../src/queue/index.ts";
import { createGate, createTestDatabase, type Gate, queueBackends, type TestDatabase } from "./support/index.ts";

/** What every backend must do, written once. Whatever is not here, nothing may rely on. */

const log = pino({ level: "silent" });
const quick = { lockMs: 1_000, stalledCheckMs: 200, restMs: 100, closeDeadlineMs: 500, finishMs: 300, handBackMs: 300 };

function someJob() {
  return { name: "analysis", payload: { id: randomUUID(), generation: 1, requestId: randomUUID() } } as const;
}
const idOf = (job: ReturnType<typeof someJob>) => jobId(job.name, job.payload);

describe.each(queueBackends)("the queue on $name", (backend) => {
  let database: TestDatabase;
  let cleanups: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());
  afterEach(async () => {
    for (const cleanup of cleanups.reverse()) await cleanup();
    cleanups = [];
    await loseEverything();
  });

  const location = () => ({ queueUrl: backend.queueUrl(database), databaseUrl: database.workerUrl });

  function queue(overrides: { readonly queueUrl?: string } = {}): JobQueue {
    const opened = openQueue({
      ...location(),
      log,
      timings: { backoffMs: 100, closeDeadlineMs: 500 },
      ...overrides,
    });
    cleanups.push(() => opened.close());
    return opened;
  }

  function worker(
    asked: JobQueue,
    handler: JobHandler<"analysis">,
    overrides: { readonly queueUrl?: string; readonly wedgedAfterMs?: number; readonly onWedged?: () => void } = {},
  ): JobWorker {
    const { wedgedAfterMs = 60_000, onWedged = () => undefined, ...at } = overrides;
    const opened = openWorker({
      ...location(),
      log,
      job: "analysis",
      handler,
      concurrency: 2,
      queue: asked,
      onWedged,
      timings: { ...quick, wedgedAfterMs },
      ...at,
    });
    cleanups.push(() => opened.close());
    return opened;
  }

  async function gate(state: "open" | "shut"): Promise<Gate> {
    const made = await createGate(location().queueUrl, state);
    cleanups.push(() => made.close());
    return made;
  }

  /** What a flushed Redis or a truncated queue looks like. */
  async function loseEverything(): Promise<void> {
    if (backend.name === "redis") {
      const redis = new Redis(location().queueUrl);
      const keys = await redis.keys(`${redisPrefix(database.workerUrl)}:*`);
      if (keys.length > 0) await redis.del(keys);
      await redis.quit();
    } else {
      const client = new pg.Client({ connectionString: database.superuserUrl });
      await client.connect();
      await client.query("truncate bullmq.job cascade");
      await client.end();
    }
  }

  it("delivers the payload that was added, and forgets the job when it is done", async () => {
    const jobs = queue();
    const job = someJob();
    const delivered = vi.fn<JobHandler<"analysis">>(async () => ({ kind: "done", result: "seen" }));
    worker(jobs, delivered);

    expect(await jobs.add(job)).toEqual({ enqueued: true });
    await vi.waitFor(() => expect(delivered).toHaveBeenCalledOnce(), 5_000);
    expect(delivered.mock.calls[0]?.[0]).toEqual(job.payload);
    await vi.waitFor(async () => expect(await jobs.knows([idOf(job)])).toEqual(new Set()), 5_000);
    expect(await jobs.counts()).toMatchObject({ waiting: 0, active: 0, failed: 0 });
  });

  it("keeps one job per id, however often it is offered", async () => {
    const jobs = queue();
    const job = someJob();
    const other = someJob();
    await jobs.add(job);
    expect(await jobs.add(job)).toEqual({ enqueued: true });
    expect(await jobs.addBulk([job, other])).toEqual({ enqueued: true });
    expect((await jobs.counts()).waiting).toBe(2);
  });

  it("counts what waits and tells how long the oldest has waited", async () => {
    const jobs = queue();
    expect(await jobs.counts()).toEqual({ waiting: 0, active: 0, delayed: 0, failed: 0, oldestWaitingMs: null });
    expect(await jobs.addBulk([someJob(), someJob(), someJob()])).toEqual({ enqueued: true });
    const counts = await jobs.counts();
    expect(counts.waiting).toBe(3);
    expect(counts.oldestWaitingMs).toBeGreaterThanOrEqual(0);
  });

  it("takes jobs from the API's own database role", async () => {
    const queueUrl = backend.name === "postgres" ? database.apiUrl : location().queueUrl;
    expect(await queue({ queueUrl }).add(someJob())).toEqual({ enqueued: true });
    expect((await queue().counts()).waiting).toBe(1);
  });

  it("knows the jobs that wait or run, and none that were lost", async () => {
    const jobs = queue();
    const kept = someJob();
    const stranger = someJob();
    await jobs.add(kept);
    expect(await jobs.knows([idOf(kept), idOf(stranger)])).toEqual(new Set([idOf(kept)]));
    await loseEverything();
    expect(await jobs.knows([idOf(kept)])).toEqual(new Set());
  });

  it("delivers again after a growing delay, three times in all", async () => {
    const jobs = queue();
    const job = someJob();
    const deliveries: number[] = [];
    worker(jobs, async () => {
      deliveries.push(performance.now());
      return { kind: "retry", reason: "the database is away" };
    });
    await jobs.add(job);
    await vi.waitFor(() => expect(deliveries).toHaveLength(3), 5_000);
    const [first = 0, second = 0, third = 0] = deliveries;
    expect(second - first).toBeGreaterThanOrEqual(45);
    expect(third - second).toBeGreaterThanOrEqual(90);
    await vi.waitFor(async () => expect(await jobs.knows([idOf(job)])).toEqual(new Set()), 5_000);
  });

  it("treats a handler that throws like one that asks for another delivery", async () => {
    const jobs = queue();
    const handler = vi.fn<JobHandler<"analysis">>(async () => {
      throw new Error("unexpected");
    });
    worker(jobs, handler);
    await jobs.add(someJob());
    await vi.waitFor(() => expect(handler).toHaveBeenCalledTimes(3), 5_000);
  });

  it("does not deliver a permanent failure again", async () => {
    const jobs = queue();
    const failing = someJob();
    const handler = vi.fn<JobHandler<"analysis">>(async () => ({ kind: "failed", code: "ANALYSIS_CRASHED" }));
    worker(jobs, handler);
    await jobs.add(failing);
    await vi.waitFor(() => expect(handler).toHaveBeenCalledOnce(), 5_000);
    await vi.waitFor(async () => expect(await jobs.knows([idOf(failing)])).toEqual(new Set()), 5_000);
    expect(await jobs.counts()).toMatchObject({ delayed: 0, failed: 0 });
  });

  it("refuses a payload that does not fit its schema before it reaches the queue", async () => {
    const jobs = queue();
    const outcome = await jobs.add({ name: "analysis", payload: { ...someJob().payload, generation: 0 } });
    expect(outcome).toMatchObject({ enqueued: false });
    expect((await jobs.counts()).waiting).toBe(0);
  });

  it("delivers the job of a worker that died to another one", async () => {
    const jobs = queue();
    const dying = await gate("open");
    const taken = Promise.withResolvers<void>();
    const never = new Promise<never>(() => undefined);
    worker(
      jobs,
      async () => {
        taken.resolve();
        return never;
      },
      { queueUrl: dying.url },
    );
    await jobs.add(someJob());
    await taken.promise;
    await dying.shut();
    const again = vi.fn<JobHandler<"analysis">>(async () => ({ kind: "done", result: "recovered" }));
    worker(jobs, again);
    await vi.waitFor(() => expect(again).toHaveBeenCalledOnce(), 8_000);
  });

  it("answers a producer in under a second while the backend was never up, and recovers by itself", async () => {
    const door = await gate("shut");
    const jobs = queue({ queueUrl: door.url });
    const start = performance.now();
    expect(await jobs.add(someJob())).toMatchObject({ enqueued: false });
    expect(await jobs.add(someJob())).toMatchObject({ enqueued: false });
    expect(performance.now() - start).toBeLessThan(2_000);
    await expect(jobs.ping()).rejects.toThrow();

    await door.open();
    await vi.waitFor(async () => expect(await jobs.add(someJob())).toEqual({ enqueued: true }), 10_000);
    await expect(jobs.ping()).resolves.toBeUndefined();
  });

  it("answers a producer in under a second when the backend hangs", async () => {
    const door = await gate("open");
    const jobs = queue({ queueUrl: door.url });
    await jobs.add(someJob());
    door.freeze();
    const start = performance.now();
    expect(await jobs.add(someJob())).toMatchObject({ enqueued: false });
    expect(performance.now() - start).toBeLessThan(1_000);
  });

  it("starts consuming when a backend that was down at boot appears", async () => {
    const door = await gate("shut");
    const jobs = queue();
    const handler = vi.fn<JobHandler<"analysis">>(async () => ({ kind: "done", result: "seen" }));
    worker(jobs, handler, { queueUrl: door.url });
    await jobs.add(someJob());
    expect(handler).not.toHaveBeenCalled();
    await door.open();
    await vi.waitFor(() => expect(handler).toHaveBeenCalledOnce(), 10_000);
  });

  it("goes on consuming after the backend was away for a moment", async () => {
    const door = await gate("open");
    const jobs = queue();
    const handler = vi.fn<JobHandler<"analysis">>(async () => ({ kind: "done", result: "seen" }));
    const consumer = worker(jobs, handler, { queueUrl: door.url });
    await consumer.ready;
    await door.shut();
    await jobs.add(someJob());
    await door.open();
    await vi.waitFor(() => expect(handler).toHaveBeenCalledOnce(), 10_000);
  });

  it("connects anew when jobs wait and its own connection has gone silent", async () => {
    const door = await gate("open");
    const jobs = queue();
    const handler = vi.fn<JobHandler<"analysis">>(async () => ({ kind: "done", result: "seen" }));
    const consumer = worker(jobs, handler, { queueUrl: door.url, wedgedAfterMs: 400 });
    await consumer.ready;
    await jobs.add(someJob());
    await vi.waitFor(() => expect(handler).toHaveBeenCalledOnce(), 5_000);
    // The first job must be over: frozen while it ends, the consumer would be busy with it, not idle.
    await vi.waitFor(async () => expect(await jobs.counts()).toMatchObject({ active: 0, waiting: 0 }), 5_000);
    door.freeze();
    await jobs.add(someJob());
    await vi.waitFor(() => expect(handler).toHaveBeenCalledTimes(2), 25_000);
  });

  it("lets running jobs finish on close, and takes no further one", async () => {
    const jobs = queue();
    const taken = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const handler = vi.fn<JobHandler<"analysis">>(async () => {
      taken.resolve();
      await finish.promise;
      return { kind: "done", result: "finished" };
    });
    const consumer = worker(jobs, handler);
    const job = someJob();
    await jobs.add(job);
    await taken.promise;
    const closed = consumer.close();
    const later = someJob();
    await jobs.add(later);
    finish.resolve();
    await closed;
    expect(await jobs.knows([idOf(job), idOf(later)])).toEqual(new Set([idOf(later)]));
    expect(handler).toHaveBeenCalledOnce();
  });

  it("tells jobs that outlast their time on close to hand their work back", async () => {
    const jobs = queue();
    const taken = Promise.withResolvers<void>();
    const handedBack = vi.fn();
    const consumer = worker(jobs, async (_payload, { signal }) => {
      taken.resolve();
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      handedBack();
      return { kind: "done", result: "handed back" };
    });
    await jobs.add(someJob());
    await taken.promise;
    await consumer.close();
    expect(handedBack).toHaveBeenCalledOnce();
    expect(consumer.active()).toBe(0);
  });

  it.each(["shut", "freeze"] as const)("closes within its deadlines when the backend is gone (%s)", async (fault) => {
    const door = await gate("open");
    const jobs = queue({ queueUrl: door.url });
    const consumer = worker(jobs, async () => ({ kind: "done", result: "seen" }), { queueUrl: door.url });
    await consumer.ready;
    await jobs.add(someJob());
    await door[fault]();
    const start = performance.now();
    await consumer.close();
    await jobs.close();
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});
