import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { aliveWorkers } from "@workflow-debugger/shared/db";
import { createGate, queueBackends } from "@workflow-debugger/shared/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createInstallation, type Installation } from "./support/worker-harness.ts";

/** The worker as an operating-system process, told to stop as an orchestrator does it. */

describe.each(queueBackends)("a worker process on $name", (backend) => {
  let installation: Installation;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    installation = await createInstallation(backend);
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
    await installation.stopAll();
  });
  afterAll(() => installation.remove());

  /** Resolves when the worker takes jobs. */
  async function startProcess(queueUrl = installation.queueUrl): Promise<ChildProcess> {
    const child = spawn(process.execPath, [new URL("../src/main.ts", import.meta.url).pathname], {
      env: {
        PATH: process.env["PATH"],
        NODE_ENV: "test",
        DATABASE_URL: installation.testDatabase.workerUrl,
        QUEUE_URL: queueUrl,
        ENCRYPTION_KEYS: installation.keyText,
        WORKER_CONCURRENCY: "1",
      },
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.push(child);
    if (child.stdout === null) throw new Error("no output");
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.includes("worker takes jobs")) break;
    }
    child.stdout.resume();
    return child;
  }

  async function terminate(child: ChildProcess): Promise<{ readonly code: number | null; readonly tookMs: number }> {
    const start = performance.now();
    child.kill("SIGTERM");
    const [code] = await once(child, "exit");
    return { code, tookMs: performance.now() - start };
  }

  it("shows its heartbeat while it lives, and takes it away when it stops", async () => {
    const child = await startProcess();
    const alive = () => aliveWorkers(installation.database, { withinMs: 30_000 });
    await vi.waitFor(async () => expect(await alive()).toMatchObject([{ concurrency: 1, active: 0 }]), 5_000);
    expect(await terminate(child)).toMatchObject({ code: 0 });
    expect(await alive()).toEqual([]);
  });

  it("stops with code 0 well within its time, also when the queue has gone", async () => {
    const door = await createGate(installation.queueUrl);
    const child = await startProcess(door.url);
    await door.shut();
    const end = await terminate(child);
    expect(end.code).toBe(0);
    expect(end.tookMs).toBeLessThan(15_000);
  });

  it("hands back what it runs, and another worker takes it at once", async () => {
    const location = await installation.location();
    const worker = installation.start({ concurrency: 1 });
    const id = await installation.submit(location, { behave: "spin" });
    await installation.untilStatus(location, id, "running");
    await installation.stop(worker);
    const back = await installation.read(location, id);
    expect(back).toMatchObject({ status: "queued", generation: 2, attempts: 0 });

    const start = performance.now();
    installation.start({ concurrency: 1 });
    const again = await installation.untilStatus(location, id, "running");
    expect(again.attempts).toBe(1);
    // Long before the first worker's lease would have run out and been noticed.
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  it("finishes what it can on SIGTERM, loses nothing, and leaves the rest to the next process", async () => {
    const location = await installation.location();
    const steps = (count: number) => ({
      id: "long",
      name: "Long",
      status: "published",
      nodes: Array.from({ length: count }, (_, index) => ({
        id: `s${index}`,
        type: "email",
        name: `Mail ${index}`,
        config: {},
      })),
      connections: Array.from({ length: count - 1 }, (_, index) => ({ from: `s${index}`, to: `s${index + 1}` })),
    });
    const first = await startProcess();
    const ids = await Promise.all(Array.from({ length: 12 }, () => installation.submit(location, steps(2_000))));
    await vi.waitFor(
      async () => {
        const records = await Promise.all(ids.map((id) => installation.read(location, id)));
        expect(records.some(({ status }) => status === "completed")).toBe(true);
      },
      { timeout: 15_000, interval: 20 },
    );
    expect(await terminate(first)).toMatchObject({ code: 0 });
    const held = await installation.sql("select id from analyses where id = any($1) and status = 'running'", [ids]);
    expect(held).toEqual([]);

    await startProcess();
    for (const id of ids) await installation.untilStatus(location, id, "completed");
    const [results] = await installation.sql(
      "select count(*)::int as results from analysis_results where analysis_id = any($1)",
      [ids],
    );
    expect(results).toEqual({ results: 12 });
  });
});
