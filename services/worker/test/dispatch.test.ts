import { jobId } from "@workflow-debugger/shared/contract";
import { claimAnalysis, newWorkerKey } from "@workflow-debugger/shared/db";
import { noJobMetrics } from "@workflow-debugger/shared/observability";
import { queueBackends } from "@workflow-debugger/shared/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { startDispatcher } from "../src/dispatcher.ts";
import type { Loop } from "../src/loop.ts";
import { MOST_PULLED } from "../src/puller.ts";
import { type ReconcilerSettings, startReconciler } from "../src/reconciler.ts";
import { createInstallation, type Installation, quickSettings, silent } from "./support/worker-harness.ts";

describe.each(queueBackends)("dispatcher and reconciler on $name", (backend) => {
  let installation: Installation;
  let loops: Loop[] = [];

  beforeAll(async () => {
    installation = await createInstallation(backend);
  });
  afterEach(async () => {
    for (const loop of loops) await loop.stop();
    loops = [];
    await installation.stopAll();
    await installation.sql("delete from analyses");
    await installation.loseQueue();
  });
  afterAll(() => installation.remove());

  function dispatcher(
    queue: Parameters<typeof startDispatcher>[0]["queue"] = installation.queue,
    windowSize = 8,
  ): Loop {
    const loop = startDispatcher({
      job: "analysis",
      database: installation.database,
      queue,
      settings: { windowSize, pollMs: 50 },
      log: silent,
    });
    loops.push(loop);
    return loop;
  }

  function reconciler(settings: Partial<ReconcilerSettings> = {}): Loop {
    const loop = startReconciler({
      job: "analysis",
      database: installation.database,
      queue: installation.queue,
      settings: { ...quickSettings.reconciler, everyMs: 50, dispatchedBeforeMs: 100, leaseMs: 1_500, ...settings },
      metrics: noJobMetrics,
      log: silent,
    });
    loops.push(loop);
    return loop;
  }

  const submitMany = async (location: string, count: number) => {
    const ids: string[] = [];
    for (let index = 0; index < count; index += 1) ids.push(await installation.submit(location, {}));
    return ids;
  };
  const rowOf = async (id: string) => {
    const [row] = await installation.sql<{ status: string; generation: number; dispatched: boolean }>(
      "select status, generation, dispatched_at is not null as dispatched from analyses where id = $1",
      [id],
    );
    return row;
  };

  it("keeps the queue no longer than its window", async () => {
    await submitMany(await installation.location(), 12);
    dispatcher(installation.queue, 5);
    await vi.waitFor(async () => expect((await installation.queue.counts()).waiting).toBe(5), 5_000);
    const [waiting] = await installation.sql("select count(*)::int as rows from analyses where dispatched_at is null");
    expect(waiting).toEqual({ rows: 7 });
  });

  it("gives a tenant with one analysis its turn before another's backlog", async () => {
    const noisy = await installation.location();
    const quiet = await installation.location();
    await submitMany(noisy, 300);
    const [id = ""] = await submitMany(quiet, 1);
    installation.start();
    await installation.untilStatus(quiet, id, "completed");
    const [earlier] = await installation.sql<{ rows: number }>(
      "select count(*)::int as rows from analyses where location_id = $1 and started_at < (select started_at from analyses where id = $2)",
      [noisy, id],
    );
    // What was taken when it came to the queue, and as many again until it is delivered; first come, first served would give 300.
    expect(earlier?.rows).toBeLessThanOrEqual(quickSettings.dispatcher.windowSize + 2 * MOST_PULLED);
  });

  it("offers each row once, however many dispatchers there are", async () => {
    const ids = await submitMany(await installation.location(), 60);
    const offered: string[] = [];
    const counted = {
      counts: async () => ({ waiting: 0, active: 0, delayed: 0, failed: 0, oldestWaitingMs: null }),
      addBulk: async (jobs: Parameters<typeof installation.queue.addBulk>[0]) => {
        offered.push(...jobs.map((job) => jobId(job.name, job.payload)));
        return { enqueued: true } as const;
      },
    };
    for (let index = 0; index < 3; index += 1) dispatcher(counted);
    await vi.waitFor(() => expect(offered.length).toBeGreaterThanOrEqual(60), 10_000);
    expect(offered.toSorted()).toEqual(ids.map((id) => jobId("analysis", { id, generation: 1 })).toSorted());
  });

  it("puts rows back when the queue refuses them, and offers them again", async () => {
    const [id = ""] = await submitMany(await installation.location(), 1);
    let refusals = 0;
    const refusing = {
      counts: installation.queue.counts,
      addBulk: async (jobs: Parameters<typeof installation.queue.addBulk>[0]) => {
        refusals += 1;
        return refusals < 3 ? ({ enqueued: false, reason: "away" } as const) : installation.queue.addBulk(jobs);
      },
    };
    dispatcher(refusing);
    await vi.waitFor(async () => expect((await installation.queue.counts()).waiting).toBe(1), 10_000);
    expect(refusals).toBe(3);
    expect(await rowOf(id)).toEqual({ status: "queued", generation: 1, dispatched: true });
  });

  it("leaves a row alone whose job the queue knows", async () => {
    const [id = ""] = await submitMany(await installation.location(), 1);
    dispatcher();
    await vi.waitFor(async () => expect((await installation.queue.counts()).waiting).toBe(1), 5_000);
    await installation.sql("update analyses set dispatched_at = now() - interval '1 hour' where id = $1", [id]);
    reconciler();
    const recently = "select dispatched_at > now() - interval '1 minute' as recent from analyses where id = $1";
    await vi.waitFor(async () => expect(await installation.sql(recently, [id])).toEqual([{ recent: true }]), 5_000);
    expect(await rowOf(id)).toEqual({ status: "queued", generation: 1, dispatched: true });
  });

  it("gives a row whose job the queue lost a new generation", async () => {
    const [id = ""] = await submitMany(await installation.location(), 1);
    const handing = dispatcher();
    await vi.waitFor(async () => expect((await installation.queue.counts()).waiting).toBe(1), 5_000);
    await handing.stop();
    await installation.loseQueue();
    reconciler();
    await vi.waitFor(
      async () => expect(await rowOf(id)).toEqual({ status: "queued", generation: 2, dispatched: false }),
      5_000,
    );
  });

  it("takes a row from a dead worker when its lease runs out, not at its next round", async () => {
    const [id = "", other = ""] = await submitMany(await installation.location(), 2);
    await claimAnalysis(installation.database, { id, generation: 1, leaseMs: 700, maxAttempts: 5 });
    await claimAnalysis(installation.database, { id: other, generation: 1, leaseMs: 3_600_000, maxAttempts: 5 });
    reconciler({ everyMs: 3_600_000 });
    await vi.waitFor(
      async () => expect(await rowOf(id)).toEqual({ status: "queued", generation: 2, dispatched: false }),
      10_000,
    );
    expect(await rowOf(other)).toMatchObject({ status: "running", generation: 1 });
  });

  it("takes a row from a dead worker before its lease runs out, once its session has ended", async () => {
    const [id = ""] = await submitMany(await installation.location(), 1);
    const workerKey = newWorkerKey();
    await claimAnalysis(installation.database, { id, generation: 1, leaseMs: 3_600_000, maxAttempts: 5, workerKey });
    reconciler({ everyMs: 3_600_000, leaseMs: 3_600_000 });
    await vi.waitFor(
      async () => expect(await rowOf(id)).toEqual({ status: "queued", generation: 2, dispatched: false }),
      10_000,
    );
  });
});
