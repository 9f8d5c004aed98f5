import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { invariantFindings, setQueuePaused } from "@workflow-debugger/shared/db";
import { createMetrics, jobMetrics } from "@workflow-debugger/shared/observability";
import { queueBackends } from "@workflow-debugger/shared/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { serveState } from "../src/operations/serve-state.ts";
import { createInstallation, type Installation } from "./support/worker-harness.ts";

const TOKEN = "the-operators-of-the-tests";
const trail = { actor: "operator", requestId: null };

describe.each(queueBackends)("a worker under its operators on $name", (backend) => {
  let installation: Installation;
  beforeAll(async () => {
    installation = await createInstallation(backend);
  });
  afterEach(() => installation.stopAll());
  afterAll(() => installation.remove());

  const pause = (paused: boolean) => setQueuePaused(installation.database, { job: "analysis", paused, ...trail });
  const rowsOf = (location: string) =>
    installation.sql<{ status: string }>("select status from analyses where location_id = $1", [location]);

  /** Waits for so many heartbeats that every loop of the worker has passed several times. */
  async function passes(): Promise<void> {
    const [from] = await installation.sql<{ now: Date }>("select now() + interval '600 milliseconds' as now");
    const later = "select from worker_heartbeats where last_seen_at > $1";
    await vi.waitFor(async () => expect(await installation.sql(later, [from?.now])).toHaveLength(1), 5_000);
  }

  it("takes nothing from a paused queue, and goes on when it is resumed", async () => {
    expect([await pause(true), await pause(true)]).toEqual([true, false]);
    const worker = installation.start();
    await worker.ready;
    const location = await installation.location();
    const id = await installation.submit(location, {});
    await passes();
    expect(await rowsOf(location)).toEqual([{ status: "queued" }]);
    expect(await pause(false)).toBe(true);
    await installation.untilStatus(location, id, "completed");
    const audit = await installation.sql(
      "select actor, action, subject from audit_log where location_id = '(operations)'",
    );
    expect(audit).toEqual([
      { actor: "operator", action: "queue.paused", subject: "analysis" },
      { actor: "operator", action: "queue.resumed", subject: "analysis" },
    ]);
  });

  it("stops taking jobs while it runs, and takes them again", async () => {
    await installation.start().ready;
    await pause(true);
    await passes();
    const location = await installation.location();
    const id = await installation.submit(location, {});
    await passes();
    expect(await rowsOf(location)).toEqual([{ status: "queued" }]);
    await pause(false);
    await installation.untilStatus(location, id, "completed");
  });

  it("counts what it does, and the auditor's findings are kept for everybody", async () => {
    const metrics = createMetrics("worker");
    const worker = installation.start({}, { metrics: jobMetrics(metrics, ["analysis", "webhook"]) });
    const location = await installation.location();
    const fine = await installation.submit(location, {});
    const broken = await installation.submit(location, { behave: "throw" });
    await installation.untilStatus(location, fine, "completed");
    await installation.untilStatus(location, broken, "failed");
    const value = async (name: string, ...labels: string[]) => {
      const lines = (await metrics.text()).split("\n").filter((line) => line.startsWith(`${name}{`));
      return Number(lines.find((line) => labels.every((label) => line.includes(label)))?.split("} ")[1]);
    };
    const ofAnalyses = 'queue="analysis"';
    await vi.waitFor(async () => expect(await value("wd_jobs_active", ofAnalyses)).toBe(0));
    expect(await value("wd_job_wait_seconds_count", ofAnalyses)).toBe(2);
    expect(await value("wd_job_retries_total", ofAnalyses)).toBe(2);
    expect(await value("wd_job_run_seconds_count", ofAnalyses, 'outcome="failed"')).toBe(1);
    expect(await value("wd_engine_runs_total", 'answer="report"')).toBe(1);
    expect(await value("wd_engine_runs_total", 'answer="crashed"')).toBe(3);
    await vi.waitFor(async () => expect(await invariantFindings(installation.database)).toHaveLength(4), 5_000);
    await installation.stop(worker);
  });
});

describe("the worker's own server", () => {
  const metrics = createMetrics("worker");
  async function serve(options: { readonly opsToken?: string | null; readonly reason?: string | null } = {}) {
    const { opsToken = TOKEN, reason = null } = options;
    const server = await serveState({ host: "127.0.0.1", port: 0, opsToken, metrics, notReady: () => reason });
    const ask = (path: string, authorization?: string) =>
      fetch(`http://127.0.0.1:${server.port}${path}`, {
        headers: authorization === undefined ? {} : { authorization },
      });
    return { server, ask };
  }

  it("answers probes, and metrics to whoever has the token", async () => {
    const { server, ask } = await serve();
    const basic = `Basic ${Buffer.from(`any:${TOKEN}`).toString("base64")}`;
    const answers = [];
    for (const [path, authorization] of [
      ["/live"],
      ["/ready"],
      ["/metrics"],
      ["/metrics", "Bearer wrong"],
      ["/metrics", `Bearer ${TOKEN}`],
      ["/metrics", basic],
      ["/other"],
    ] as const)
      answers.push((await ask(path, authorization)).status);
    expect(answers).toEqual([200, 200, 401, 401, 200, 200, 404]);
    expect(await (await ask("/metrics", basic)).text()).toContain("process_resident_memory_bytes");
    await server.close();
  });

  it("says why it is not ready, and has no metrics without a configured token", async () => {
    const { server, ask } = await serve({ opsToken: null, reason: "shutting down" });
    const ready = await ask("/ready");
    expect([ready.status, await ready.json()]).toEqual([503, { status: "not ready", reason: "shutting down" }]);
    expect((await ask("/metrics", `Bearer ${TOKEN}`)).status).toBe(404);
    await server.close();
  });

  it("rejects when its port is taken", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    await expect(
      serveState({ host: "127.0.0.1", port, opsToken: null, metrics, notReady: () => null }),
    ).rejects.toThrow("EADDRINUSE");
    other.close();
  });
});
