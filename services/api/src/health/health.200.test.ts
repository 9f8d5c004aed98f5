import { randomUUID } from "node:crypto";
import { beat } from "@workflow-debugger/shared/db";
import { createGate, type Gate, queueBackends } from "@workflow-debugger/shared/testing";
import { describe, expect, test } from "vitest";
import { startApi } from "../../test/support/api-under-test.ts";
import { problemsOf } from "../../test/support/matches-contract.ts";
import { bodyOf, get, submitted } from "../../test/support/requests.ts";

const probes = ["/health", "/health/detailed", "/ready", "/live"];

describe.each(queueBackends)("probes on $name", (backend) => {
  test("all answer 200 while all is well, and the detailed one tells of database, queue and workers", async () => {
    const api = await startApi({ backend });
    await submitted(api, await api.newLocation());
    await beat(api.workerDatabase, { workerId: randomUUID(), startedAt: new Date(), concurrency: 4, active: 0 });
    for (const path of probes) {
      const response = await get(api, path, { Accept: "text/plain" });
      expect([path, response.status]).toEqual([path, 200]);
      expect(await problemsOf("GET", path, response)).toEqual([]);
    }
    const { data } = await bodyOf(await get(api, "/health/detailed"));
    expect(data).toMatchObject({
      status: "ok",
      database: { status: "up", latencyMs: expect.any(Number) },
      queue: { status: "up", backend: backend.name, waiting: 1, active: 0, delayed: 0, failed: 0 },
      workers: { alive: 1, lastSeenAt: expect.any(String) },
    });
    await api.close();
  });
});

test("without a worker the state is degraded, and still 200", async () => {
  const api = await startApi();
  const response = await get(api, "/health/detailed");
  const { data } = await bodyOf(response);
  expect([response.status, data.status, data.workers]).toEqual([200, "degraded", { alive: 0, lastSeenAt: null }]);
  await api.close();
});

test("without the queue the state is degraded, and /ready stays 200: nothing depends on it", async () => {
  const [backend] = queueBackends.filter(({ name }) => name === "redis");
  if (backend === undefined) throw new Error("there is no Redis backend");
  const api = await startApi({ backend: { ...backend, queueUrl: () => "redis://127.0.0.1:1" } });
  const response = await get(api, "/health/detailed");
  expect([response.status, (await bodyOf(response)).data.queue.status]).toEqual([200, "down"]);
  expect((await get(api, "/ready")).status).toBe(200);
  await api.close();
});

test("without the database, /ready and the detailed probe are 503 and say so; /health and /live stay 200", async () => {
  const gates: Gate[] = [];
  const api = await startApi({
    async databaseUrl(url) {
      const gate = await createGate(url);
      gates.push(gate);
      return gate.url;
    },
  });
  await gates[0]?.shut();
  const states = [];
  for (const path of probes) {
    const response = await get(api, path);
    expect(await problemsOf("GET", path, response)).toEqual([]);
    const { error } = await bodyOf(response);
    states.push([path, response.status, error?.details?.status, error?.details?.reason]);
  }
  expect(states).toEqual([
    ["/health", 200, undefined, undefined],
    ["/health/detailed", 503, "down", undefined],
    ["/ready", 503, "not ready", "database unreachable"],
    ["/live", 200, undefined, undefined],
  ]);
  await gates[0]?.open();
  expect((await get(api, "/ready")).status).toBe(200);
  await api.close();
  await gates[0]?.close();
});

test("from the moment shutdown begins /ready is 503", async () => {
  const api = await startApi();
  expect((await get(api, "/ready")).status).toBe(200);
  api.lifecycle.shuttingDown = true;
  const response = await get(api, "/ready");
  const { error } = await bodyOf(response);
  expect([response.status, error.code, error.details.reason]).toEqual([503, "UNAVAILABLE", "shutting down"]);
  await api.close();
});
