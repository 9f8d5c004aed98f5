import { once } from "node:events";
import { samples } from "@workflow-debugger/engine/samples";
import { type QueueBackend, queueBackends, type TestDatabase } from "@workflow-debugger/shared/testing";
import { Redis } from "ioredis";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Services, startServices } from "./support/services.ts";

interface Resource {
  readonly id: string;
  readonly status: string;
  readonly score: number;
  readonly grade: string;
  readonly attempts: number;
  readonly issues: readonly unknown[];
}

/** What a lost queue leaves behind: nothing. */
async function emptyQueue(backend: QueueBackend, database: TestDatabase): Promise<void> {
  if (backend.name === "redis") {
    const redis = new Redis(backend.queueUrl(database));
    await redis.flushall();
    await redis.quit();
    return;
  }
  const client = new pg.Client({ connectionString: database.superuserUrl });
  await client.connect();
  await client.query("delete from bullmq.job");
  await client.end();
}

describe.each(queueBackends)("the main job on $name", (backend) => {
  let services: Services;

  beforeAll(async () => {
    services = await startServices(backend);
  }, 60_000);
  afterAll(() => services.stop(), 30_000);

  const headers = () => ({ authorization: `Bearer ${services.apiKey}`, "content-type": "application/json" });

  async function submit(workflow: unknown): Promise<string> {
    const answer = await fetch(`${services.url}/api/analyze`, {
      method: "POST",
      headers: headers(),
      body: JSON.stringify({ workflow }),
    });
    expect(answer.status).toBe(202);
    const location = answer.headers.get("location");
    expect(location).toMatch(/^\/api\/analysis\/[0-9a-f-]{36}$/);
    expect(answer.headers.get("retry-after")).toBe("1");
    return location ?? "";
  }

  async function read(location: string, wait = 0): Promise<Resource> {
    const answer = await fetch(`${services.url}${location}?wait=${wait}`, { headers: headers() });
    expect(answer.status).toBe(200);
    return ((await answer.json()) as { data: Resource }).data;
  }

  /** Long-polls to the end; the statuses seen on the way, each once. */
  async function follow(location: string): Promise<{ readonly seen: readonly string[]; readonly last: Resource }> {
    const seen: string[] = [];
    for (;;) {
      const resource = await read(location, seen.length === 0 ? 0 : 10);
      if (seen.at(-1) !== resource.status) seen.push(resource.status);
      if (resource.status !== "queued" && resource.status !== "running") return { seen, last: resource };
    }
  }

  const variant = (number: number) => ({ ...(samples.medium as object), exportedAs: `copy ${number}` });

  async function resultRows(location: string): Promise<number> {
    const client = new pg.Client({ connectionString: services.database.superuserUrl });
    await client.connect();
    try {
      const { rows } = await client.query("select count(*)::int as rows from analysis_results where analysis_id = $1", [
        location.split("/").at(-1),
      ]);
      return rows[0].rows;
    } finally {
      await client.end();
    }
  }

  /** The worker drew, and the API draws what it stored. */
  async function expectDrawn(location: string): Promise<void> {
    for (const format of ["html", "svg"]) {
      const answer = await fetch(`${services.url}${location}/report?format=${format}`, { headers: headers() });
      expect(answer.status).toBe(200);
      const text = await answer.text();
      expect(text.match(/ id="step-\d+"/g)).toHaveLength(21);
      expect(text).toContain("Glow Room Aesthetics");
    }
  }

  it("accepts without a worker, and a worker that starts later brings the row to its end", async () => {
    const location = await submit(samples.critical);
    expect((await read(location)).status).toBe("queued");
    const worker = services.startWorker();
    const { seen, last } = await follow(location);
    expect(seen[0]).toBe("queued");
    expect(seen.at(-1)).toBe("completed");
    expect([last.score, last.issues.length, last.grade]).toEqual([0, 12, "Critical"]);
    await expectDrawn(location);
    // The same again is served from the stored result, drawing included.
    await expectDrawn(await submit(samples.critical));
    worker.kill("SIGTERM");
    const [code] = await once(worker, "exit");
    expect(code).toBe(0);
  }, 60_000);

  it("completes every analysis once when the worker is killed in the middle and another starts", async () => {
    const first = services.startWorker();
    const locations = await Promise.all(Array.from({ length: 12 }, (_, number) => submit(variant(number))));
    await follow(locations[0] ?? "");
    first.kill("SIGKILL");
    await once(first, "exit");
    const more = await Promise.all(Array.from({ length: 6 }, (_, number) => submit(variant(100 + number))));
    const second = services.startWorker();
    for (const location of [...locations, ...more]) {
      const { last } = await follow(location);
      expect(last).toMatchObject({ status: "completed", score: 22, grade: "High Risk" });
      expect(await resultRows(location)).toBe(1);
    }
    second.kill("SIGTERM");
    await once(second, "exit");
  }, 120_000);

  it("completes a backlog whose queue was emptied", async () => {
    const locations = await Promise.all(Array.from({ length: 10 }, (_, number) => submit(variant(200 + number))));
    await emptyQueue(backend, services.database);
    const worker = services.startWorker();
    for (const location of locations) expect((await follow(location)).last.status).toBe("completed");
    worker.kill("SIGTERM");
    await once(worker, "exit");
  }, 120_000);

  it("ends the API with 0 on SIGTERM", async () => {
    services.api.kill("SIGTERM");
    const [code] = await once(services.api, "exit");
    expect(code).toBe(0);
  }, 40_000);
});
