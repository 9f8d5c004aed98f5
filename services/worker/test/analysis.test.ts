import { randomUUID } from "node:crypto";
import { claimAnalysis, completeAnalysis, deleteAnalysis } from "@workflow-debugger/shared/db";
import { createGate, queueBackends } from "@workflow-debugger/shared/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createInstallation, type Installation, quickSettings } from "./support/worker-harness.ts";

const realEngine = {
  ...quickSettings.engine,
  memoryMb: 512,
  threadUrl: new URL("../src/engine/engine-thread.ts", import.meta.url),
};
const welcome = {
  id: "welcome",
  name: "Welcome",
  status: "published",
  nodes: [
    { id: "mail", type: "email", name: "Welcome mail", config: { subject: "Welcome", html: "<p>Hello</p>" } },
    { id: "again", type: "email", name: "Second mail", config: { subject: "Still there?", html: "<p>Hello</p>" } },
  ],
  connections: [
    { from: "mail", to: "again" },
    { from: "again", to: "mail" },
  ],
};

describe.each(queueBackends)("an analysis on $name", (backend) => {
  let installation: Installation;
  let location: string;

  beforeAll(async () => {
    installation = await createInstallation(backend);
    location = await installation.location();
  });
  afterEach(() => installation.stopAll());
  afterAll(() => installation.remove());

  it("goes from a row to a stored report of the engine", async () => {
    installation.start({ engine: realEngine });
    const id = await installation.submit(location, welcome);
    const record = await installation.untilStatus(location, id, "completed");
    const report = JSON.parse(record.reportJson ?? "");
    expect(report).toMatchObject({ workflow: { id: "welcome", name: "Welcome" }, score: record.score });
    expect(record).toMatchObject({ attempts: 1, grade: report.grade, error: null });
    expect(record.summary).toEqual(report.summary);
    expect(record.durationMs).toBeGreaterThanOrEqual(0);
  });

  it("hands the engine the request's options and the day of submission", async () => {
    installation.start();
    const options = { rules: { "LOOP-001": { off: true } } };
    const id = await installation.submit(location, {}, options);
    const record = await installation.untilStatus(location, id, "completed");
    const now = record.createdAt.toISOString().slice(0, 10);
    expect(JSON.parse(record.reportJson ?? "")).toEqual({ options: { ...options, now } });
  });

  it("is not run again by a second delivery", async () => {
    installation.start();
    const id = await installation.submit(location, {});
    const first = await installation.untilStatus(location, id, "completed");
    await installation.queue.add({
      name: "analysis",
      payload: { id, generation: first.generation, requestId: randomUUID() },
    });
    await vi.waitFor(
      async () => expect(await installation.queue.counts()).toMatchObject({ waiting: 0, active: 0 }),
      5_000,
    );
    expect(await installation.read(location, id)).toEqual(first);
  });

  it("cannot be overwritten by a worker that wakes up late", async () => {
    const id = await installation.submit(location, {});
    const late = await claimAnalysis(installation.database, { id, generation: 1, leaseMs: 1, maxAttempts: 5 });
    if (late.outcome !== "claimed") throw new Error(late.outcome);
    installation.start();
    const record = await installation.untilStatus(location, id, "completed");
    expect(record.attempts).toBe(2);
    const outcome = await completeAnalysis(installation.database, {
      id,
      leaseToken: late.analysis.leaseToken,
      reportJson: Buffer.from("{}"),
      layout: null,
      engineVersion: "late",
      durationMs: 1,
      score: 0,
      grade: "Critical",
      summary: {},
    });
    expect(outcome).toBe("lost");
    expect(await installation.read(location, id)).toEqual(record);
  });

  it("that crashes the engine every time becomes a dead letter after three attempts, while others complete", async () => {
    installation.start();
    const poison = await installation.submit(location, { behave: "throw" });
    const others = await Promise.all(Array.from({ length: 5 }, () => installation.submit(location, {})));
    for (const id of others) await installation.untilStatus(location, id, "completed");
    const record = await installation.untilStatus(location, poison, "failed");
    expect(record).toMatchObject({ attempts: 3, error: { code: "ANALYSIS_CRASHED", retryable: true } });
    const rows = await installation.sql<{ dead: boolean }>(
      "select dead_at is not null as dead from analyses where id = $1",
      [poison],
    );
    expect(rows).toEqual([{ dead: true }]);
  });

  it.each(["spin", "eat memory"])("that exceeds a limit fails at once (%s), and the next one runs", async (behave) => {
    installation.start({ engine: { ...quickSettings.engine, deadlineMs: 2_000 } });
    const bomb = await installation.submit(location, { behave });
    const record = await installation.untilStatus(location, bomb, "failed");
    expect(record).toMatchObject({ attempts: 1, error: { code: "ANALYSIS_LIMIT_EXCEEDED", retryable: false } });
    const next = await installation.submit(location, {});
    await installation.untilStatus(location, next, "completed");
  });

  it("whose snapshot cannot be opened fails at once and says what to do", async () => {
    const id = await installation.submit(location, {});
    await installation.sql(
      "update workflow_snapshots s set encryption_key_id = 'gone' from analyses a where a.id = $1 and s.sha256 = a.snapshot_sha256",
      [id],
    );
    installation.start();
    const record = await installation.untilStatus(location, id, "failed");
    expect(record).toMatchObject({ attempts: 1, error: { code: "DEFINITION_UNAVAILABLE", retryable: false } });
    expect(record.error?.message).toContain("Submit the workflow again");
  });

  it("stops when it is canceled, and makes room for the next", async () => {
    installation.start({ concurrency: 1 });
    const id = await installation.submit(location, { behave: "spin" });
    await installation.untilStatus(location, id, "running");
    const request = { locationId: location, id, actor: "key:test", requestId: randomUUID() };
    expect(await deleteAnalysis(installation.database, request)).toBe("canceled");
    const next = await installation.submit(location, {});
    await installation.untilStatus(location, next, "completed");
    expect(await installation.read(location, id)).toMatchObject({ status: "canceled", reportJson: null });
  });

  it("comes back when its worker is gone without a word", async () => {
    const id = await installation.submit(location, {});
    // A claim that nobody extends is what a killed worker leaves behind.
    await claimAnalysis(installation.database, { id, generation: 1, leaseMs: 300, maxAttempts: 5 });
    installation.start();
    const record = await installation.untilStatus(location, id, "completed");
    expect(record).toMatchObject({ attempts: 2, generation: 2 });
  });

  it("becomes a dead letter when every worker that starts it dies", async () => {
    const id = await installation.submit(location, {});
    await installation.sql(
      "update analyses set status = 'running', attempt = 5, lease_token = gen_random_uuid(), lease_until = now(), dispatched_at = now() where id = $1",
      [id],
    );
    installation.start();
    const record = await installation.untilStatus(location, id, "failed");
    expect(record.error).toMatchObject({ code: "ATTEMPTS_EXHAUSTED", retryable: true });
  });

  it("completes, with all others, after the queue lost its whole backlog", async () => {
    const ids = await Promise.all(Array.from({ length: 30 }, () => installation.submit(location, {})));
    const idle = installation.start({ concurrency: 1, engine: quickSettings.engine });
    await installation.untilStatus(location, ids[0] ?? "", "completed");
    await installation.loseQueue();
    for (const id of ids) await installation.untilStatus(location, id, "completed");
    await installation.stop(idle);
    const [results] = await installation.sql<{ results: number }>(
      "select count(*)::int as results from analysis_results where analysis_id = any($1)",
      [ids],
    );
    expect(results).toEqual({ results: 30 });
  });

  it("of a backlog comes to its own end, whatever becomes of those that are taken along with it", async () => {
    const others = await Promise.all(Array.from({ length: 40 }, () => installation.submit(location, {})));
    const poison = await installation.submit(location, { behave: "throw" });
    const endless = await installation.submit(location, { behave: "spin" });
    const after = await Promise.all(Array.from({ length: 10 }, () => installation.submit(location, {})));
    installation.start();
    await installation.untilStatus(location, endless, "running");
    const request = { locationId: location, id: endless, actor: "key:test", requestId: randomUUID() };
    expect(await deleteAnalysis(installation.database, request)).toBe("canceled");
    for (const id of [...others, ...after]) await installation.untilStatus(location, id, "completed");
    const failed = await installation.untilStatus(location, poison, "failed");
    expect(failed).toMatchObject({ attempts: 3, error: { code: "ANALYSIS_CRASHED" } });
    expect(await installation.read(location, endless)).toMatchObject({ status: "canceled", attempts: 1 });
    const [rows] = await installation.sql(
      "select max(attempt) as attempts, max(generation) as generations from analyses where id = any($1)",
      [[...others, ...after]],
    );
    expect(rows).toEqual({ attempts: 1, generations: 1 });
  });

  it("goes back to the others that wait when the worker stops that took it along", async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => installation.submit(location, { behave: "spin" })));
    const worker = installation.start({ concurrency: 1 });
    const count = "select count(*) filter (where status = 'running')::int as running from analyses where id = any($1)";
    await vi.waitFor(async () => {
      const [rows] = await installation.sql<{ readonly running: number }>(count, [ids]);
      expect(rows?.running).toBeGreaterThan(1);
    }, 10_000);
    await installation.stop(worker);
    const rows = await installation.sql("select distinct status, attempt from analyses where id = any($1)", [ids]);
    expect(rows).toEqual([{ status: "queued", attempt: 0 }]);
    await installation.sql("delete from analyses where id = any($1)", [ids]);
  });

  it("waits for a queue that is down at boot, and completes when it appears", async () => {
    const door = await createGate(installation.queueUrl, "shut");
    const worker = installation.start({}, { queueUrl: door.url });
    const id = await installation.submit(location, {});
    expect(await installation.read(location, id)).toMatchObject({ status: "queued" });
    await door.open();
    await installation.untilStatus(location, id, "completed");
    await installation.stop(worker);
    await door.close();
  });

  it("is not lost, and not run again, when the database restarts before its result is written", async () => {
    const door = await createGate(installation.testDatabase.workerUrl);
    const database = installation.open(door.url);
    const worker = installation.start({ lease: { leaseMs: 8_000, extendEveryMs: 100 } }, { database });
    const id = await installation.submit(location, { behave: "take", ms: 1_000 });
    await installation.untilStatus(location, id, "running");
    await door.shut();
    // Past the end of the engine's work, and past the short retries.
    const refused = performance.now() + 2_500;
    await vi.waitUntil(() => performance.now() > refused, { timeout: 5_000, interval: 100 });
    await door.open();
    const record = await installation.untilStatus(location, id, "completed");
    expect(record.attempts).toBe(1);
    await installation.stop(worker);
    await database.close();
    await door.close();
  });

  it("survives the queue going away while it runs", async () => {
    const door = await createGate(installation.queueUrl);
    const worker = installation.start({}, { queueUrl: door.url });
    await worker.ready;
    const ids = await Promise.all(Array.from({ length: 20 }, () => installation.submit(location, {})));
    await door.shut();
    const later = await installation.submit(location, {});
    await door.open();
    for (const id of [...ids, later]) await installation.untilStatus(location, id, "completed");
    await installation.stop(worker);
    await door.close();
  });
});
