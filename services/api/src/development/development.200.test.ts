import { openQueue, openWorker } from "@workflow-debugger/shared/queue";
import { queueBackends } from "@workflow-debugger/shared/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiUnderTest, startApi } from "../../test/support/api-under-test.ts";
import { problemsOf } from "../../test/support/matches-contract.ts";
import { aWorkflow, bodyOf, get, post } from "../../test/support/requests.ts";
import { complete } from "../../test/support/worker-stand-in.ts";

describe.each(queueBackends)("the /test endpoints on $name", (backend) => {
  let api: ApiUnderTest;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    api = await startApi({ backend, settings: { environment: "development" } });
    const location = { queueUrl: api.queueUrl, databaseUrl: api.workerUrl, namespace: api.namespace, log: api.log };
    const queue = openQueue(location);
    const worker = openWorker({
      ...location,
      job: "analysis",
      concurrency: 2,
      queue,
      onWedged: () => undefined,
      async handler({ id }) {
        await complete(api.workerDatabase, id);
        return { kind: "done", result: "completed" };
      },
    });
    await worker.ready;
    stop = async () => {
      await worker.close();
      await queue.close();
    };
  });
  afterAll(async () => {
    await stop();
    await api.close();
  });

  test.each([{ sample: "critical" }, { workflow: aWorkflow() }])(
    "%j goes through the queue and comes back finished",
    async (body) => {
      const response = await post(api, "/test/analyze", body);
      expect(response.status).toBe(200);
      expect(await problemsOf("POST", "/test/analyze", response)).toEqual([]);
      expect((await bodyOf(response)).data).toMatchObject({ status: "completed", score: 40 });
    },
  );

  test("history shows them and can be cleared", async () => {
    await post(api, "/test/analyze", { sample: "healthy" });
    const before = await bodyOf(await get(api, "/test/history"));
    expect(before.data.length).toBeGreaterThan(0);
    const cleared = await api.app.request("/test/history", { method: "DELETE" });
    expect(await problemsOf("DELETE", "/test/history", cleared)).toEqual([]);
    expect((await bodyOf(cleared)).data).toEqual({ deleted: before.data.length });
    expect((await bodyOf(await get(api, "/test/history"))).data).toEqual([]);
  });

  test("samples and state are told", async () => {
    for (const path of ["/test/workflows", "/test/history", "/test/health"]) {
      const response = await get(api, path);
      expect([path, response.status]).toEqual([path, 200]);
      expect(await problemsOf("GET", path, response)).toEqual([]);
    }
    const { data } = await bodyOf(await get(api, "/test/workflows"));
    expect(data.map(({ sample }: { sample: string }) => sample)).toEqual(["critical", "medium", "healthy"]);
    expect((await bodyOf(await get(api, "/test/health"))).data.queue).toBe(backend.name);
  });

  test.each([{}, { sample: "worst" }, { sample: "critical", workflow: {} }, { workflow: { hello: 1 } }])(
    "%j is 400",
    async (body) => {
      expect((await post(api, "/test/analyze", body)).status).toBe(400);
    },
  );
});

test.each(["production", "test"] as const)("in %s the /test endpoints do not exist", async (environment) => {
  const api = await startApi({ settings: { environment } });
  expect((await post(api, "/test/analyze", { sample: "critical" })).status).toBe(404);
  for (const path of ["/test/workflows", "/test/history", "/test/health"]) {
    const response = await get(api, path);
    expect([response.status, (await bodyOf(response)).error.code]).toEqual([404, "NOT_FOUND"]);
  }
  expect((await api.app.request("/test/history", { method: "DELETE" })).status).toBe(404);
  await api.close();
});
