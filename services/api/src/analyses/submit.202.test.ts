import { jobId } from "@workflow-debugger/shared/contract";
import { getAnalysis } from "@workflow-debugger/shared/db";
import { queueBackends } from "@workflow-debugger/shared/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiUnderTest, startApi, type Tenant } from "../../test/support/api-under-test.ts";
import { problemsOf } from "../../test/support/matches-contract.ts";
import { aWorkflow, bodyOf, get, post, submitted } from "../../test/support/requests.ts";
import { complete } from "../../test/support/worker-stand-in.ts";

describe.each(queueBackends)("submitting on $name", (backend) => {
  let api: ApiUnderTest;
  let tenant: Tenant;
  beforeAll(async () => {
    api = await startApi({ backend });
    tenant = await api.newLocation();
  });
  afterAll(() => api.close());

  test("a definition is answered 202 with its address, and is queued in row and queue", async () => {
    const response = await post(api, "/api/analyze", { workflow: aWorkflow("queued") }, tenant.auth);
    expect(response.status).toBe(202);
    expect(await problemsOf("POST", "/api/analyze", response)).toEqual([]);
    const { data } = await bodyOf(response);
    const self = `/api/analysis/${data.id}`;
    expect(response.headers.get("location")).toBe(self);
    expect(response.headers.get("retry-after")).toBe("1");
    expect(data).toEqual({
      id: data.id,
      status: "queued",
      workflowId: "wf-welcome",
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      definitionAt: null,
      links: { self, events: `${self}/events`, report: `${self}/report` },
    });
    const record = await getAnalysis(api.workerDatabase, { locationId: tenant.locationId, id: data.id, report: false });
    expect(record?.status).toBe("queued");
    expect(await api.jobsKnown([jobId("analysis", { id: data.id, generation: 1 })])).toBe(1);
  });

  test("a definition analysed before completes from the stored result, under a new id", async () => {
    const first = await submitted(api, tenant, "twice");
    await complete(api.workerDatabase, first);
    const second = await submitted(api, tenant, "twice");
    expect(second).not.toBe(first);
    const { data } = await bodyOf(await get(api, `/api/analysis/${second}`, tenant.auth));
    expect(data).toMatchObject({ status: "completed", cached: true, attempts: 0, startedAt: null, score: 40 });
    const other = await post(
      api,
      "/api/analyze",
      { workflow: aWorkflow("twice"), options: { facts: { tags: [] } } },
      tenant.auth,
    );
    const { data: fresh } = await bodyOf(await get(api, `/api/analysis/${(await bodyOf(other)).data.id}`, tenant.auth));
    expect(fresh).toMatchObject({ status: "queued", cached: false });
  });

  test("a repeat under its Idempotency-Key is the same analysis, once in the history", async () => {
    const headers = { ...tenant.auth, "Idempotency-Key": "order-1" };
    const first = await post(api, "/api/analyze", { workflow: aWorkflow("repeated") }, headers);
    const second = await post(api, "/api/analyze", { workflow: aWorkflow("repeated") }, headers);
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(first.headers.get("idempotency-replayed")).toBeNull();
    expect(second.headers.get("idempotency-replayed")).toBe("true");
    const [one, two] = [await bodyOf(first), await bodyOf(second)];
    expect(two.data).toEqual(one.data);
    expect(two.meta.requestId).not.toBe(one.meta.requestId);
  });

  test("fifty at once under one key are one analysis", async () => {
    const headers = { ...tenant.auth, "Idempotency-Key": "stampede" };
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => post(api, "/api/analyze", { workflow: aWorkflow("stampede") }, headers)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    const ids = await Promise.all(answers.map(async (answer) => (await bodyOf(answer)).data.id));
    expect(new Set(ids).size).toBe(1);
  });

  test("the same key of another location is its own", async () => {
    const other = await api.newLocation();
    const answers = await Promise.all(
      [tenant, other].map(({ auth }) =>
        post(api, "/api/analyze", { workflow: aWorkflow("shared key") }, { ...auth, "Idempotency-Key": "shared" }),
      ),
    );
    const [one, two] = await Promise.all(answers.map(async (answer) => (await bodyOf(answer)).data.id));
    expect(one).not.toBe(two);
  });

  test("a result that does not come within the wait is 202, and so is its repeat after the end", async () => {
    const headers = { ...tenant.auth, Prefer: "wait=0.05", "Idempotency-Key": "slow" };
    const response = await post(api, "/api/analyze", { workflow: aWorkflow("slow") }, headers);
    expect(response.status).toBe(202);
    expect(response.headers.get("preference-applied")).toBeNull();
    const { data } = await bodyOf(response);
    await complete(api.workerDatabase, data.id);
    const repeat = await post(api, "/api/analyze", { workflow: aWorkflow("slow") }, headers);
    expect(repeat.status).toBe(202);
    expect((await bodyOf(repeat)).data).toEqual(data);
  });
});

test("the caller does not notice that the queue is away: 202 within a second, the row waits for the dispatcher", async () => {
  const [backend] = queueBackends.filter(({ name }) => name === "redis");
  if (backend === undefined) throw new Error("there is no Redis backend");
  const api = await startApi({ backend: { ...backend, queueUrl: () => "redis://127.0.0.1:1" } });
  const tenant = await api.newLocation();
  const start = performance.now();
  await submitted(api, tenant);
  expect(performance.now() - start).toBeLessThan(1_500);
  const id = await submitted(api, tenant);
  expect(await api.waitsForDispatcher(id)).toBe(true);
  await api.close();
});

test("what the definition's texts hold does not matter: NUL, lone surrogates, __proto__, duplicate keys, huge numbers", async () => {
  const api = await startApi();
  const tenant = await api.newLocation();
  const text = `{"workflow": {"id": "a\\u0000b\\ud800", "id": "c\\u0000\\udfff", "name": "n\\u0000\\ud800", "__proto__": {"x": 1},
    "constructor": {"prototype": 1}, "size": 1e999, "big": 12345678901234567890,
    "nodes": [{"id": "s1", "type": "email", "name": "\\ud83d", "config": {"__proto__": null}}], "connections": []},
    "options": {"facts": {"tags": ["\\u0000\\ud800"], "customValues": {"__proto__": "x"}}}}`;
  const response = await post(api, "/api/analyze", text, tenant.auth);
  expect(response.status).toBe(202);
  expect(await problemsOf("POST", "/api/analyze", response)).toEqual([]);
  await api.close();
});

test("a request's trace and id travel with the row", async () => {
  const api = await startApi();
  const tenant = await api.newLocation();
  const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const requestId = crypto.randomUUID();
  const headers = { ...tenant.auth, traceparent, "X-Request-ID": requestId };
  const { data } = await bodyOf(await post(api, "/api/analyze", { workflow: aWorkflow() }, headers));
  expect(await api.rowOf(data.id)).toMatchObject({ request_id: requestId, traceparent });
  await api.close();
});
