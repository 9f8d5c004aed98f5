import { samples } from "@workflow-debugger/engine/samples";
import { queueBackends } from "@workflow-debugger/shared/testing";
import pg from "pg";
import { describe, expect, it, vi } from "vitest";
import { UNIQUE } from "../load/plan.ts";
import { runLoad } from "../load/run-load.ts";
import { findFreePort } from "../local/free-port.ts";
import { startServices } from "./support/services.ts";

const OPS_TOKEN = "the-operators-of-the-tests";
/** Submitted before the second worker is there, and again afterwards. */
const EACH = 100;

/** Analyses that a worker finished, as its own metrics say. */
async function finishedBy(port: number): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { authorization: `Bearer ${OPS_TOKEN}` } });
  const lines = (await answer.text()).split("\n").filter((line) => line.startsWith("wd_job_run_seconds_count{"));
  const done = lines.find((line) => line.includes('queue="analysis"') && line.includes('outcome="done"'));
  return Number(done?.split("} ")[1] ?? 0);
}

describe.each(queueBackends)("scaling on $name", (backend) => {
  it("a second worker that joins under load takes its share, and every accepted analysis ends once", async () => {
    const services = await startServices(backend, { OPS_TOKEN });
    const ports = [await findFreePort(), await findFreePort()] as const;
    const [first, second] = ports;
    services.startWorker({ WORKER_PORT: String(first), WORKER_CONCURRENCY: "1" });
    await vi.waitFor(() => finishedBy(first), { timeout: 20_000, interval: 100 });
    const load = {
      url: services.url,
      method: "POST",
      paths: ["/api/analyze"],
      headers: { authorization: `Bearer ${services.apiKey}`, "content-type": "application/json" },
      body: { kind: "template", text: JSON.stringify({ workflow: { ...(samples.medium as object), id: UNIQUE } }) },
      connections: 4,
      requests: EACH,
    } as const;
    const before = runLoad(load);
    await vi.waitFor(async () => expect(await finishedBy(first)).toBeGreaterThan(5), { timeout: 30_000, interval: 50 });
    services.startWorker({ WORKER_PORT: String(second), WORKER_CONCURRENCY: "1" });
    await vi.waitFor(() => finishedBy(second), { timeout: 20_000, interval: 50 });
    const during = runLoad(load);
    for (const { statuses } of [await before, await during]) expect(statuses).toEqual({ 202: EACH });
    const client = new pg.Client({ connectionString: services.database.superuserUrl });
    await client.connect();
    const count = async (statement: string) => Number((await client.query(statement)).rows[0]?.count);
    const unfinished = "select count(*) from analyses where status in ('queued', 'running')";
    await vi.waitFor(async () => expect(await count(unfinished)).toBe(0), { timeout: 60_000, interval: 200 });
    expect(await count("select count(*) from analyses where status = 'completed'")).toBe(2 * EACH);
    expect(await count("select count(*) from analysis_results")).toBe(2 * EACH);
    await client.end();
    const shares = await Promise.all(ports.map(finishedBy));
    console.log(`scaling on ${backend.name}: ${2 * EACH} accepted, finished by each worker: ${shares.join(" and ")}`);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBe(2 * EACH);
    expect(Math.min(...shares)).toBeGreaterThan(0);
    await services.stop();
  }, 150_000);
});
