import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiUnderTest, startApi } from "../../test/support/api-under-test.ts";
import { problemsOf } from "../../test/support/matches-contract.ts";
import { aWorkflow, bodyOf, post } from "../../test/support/requests.ts";
import { complete, fail } from "../../test/support/worker-stand-in.ts";

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

test("with Prefer: wait and a result in time, the answer is the finished analysis", async () => {
  const tenant = await api.newLocation();
  const waiting = post(api, "/api/analyze", { workflow: aWorkflow() }, { ...tenant.auth, Prefer: "wait=20" });
  const [id = ""] = await api.idsOnceQueued(tenant.locationId, 1);
  await complete(api.workerDatabase, id);
  const response = await waiting;
  expect(response.status).toBe(200);
  expect(response.headers.get("preference-applied")).toBe("wait=20");
  expect(await problemsOf("POST", "/api/analyze", response)).toEqual([]);
  expect((await bodyOf(response)).data).toMatchObject({ id, status: "completed", durationMs: 12, cached: false });
});

test("a wait above 30 seconds is applied as 30, and a failure is a result too", async () => {
  const tenant = await api.newLocation();
  const waiting = post(api, "/api/analyze", { workflow: aWorkflow() }, { ...tenant.auth, Prefer: "wait=900" });
  const [id = ""] = await api.idsOnceQueued(tenant.locationId, 1);
  await fail(api.workerDatabase, id);
  const response = await waiting;
  expect(response.status).toBe(200);
  expect(response.headers.get("preference-applied")).toBe("wait=30");
  const { data } = await bodyOf(response);
  expect(data).toMatchObject({ status: "failed", error: { code: "ANALYSIS_LIMIT_EXCEEDED", retryable: false } });
});

test("a repeat of what was answered 200 is 200 with the same data, cut to the plan of the day", async () => {
  const tenant = await api.newLocation("free");
  const headers = { ...tenant.auth, Prefer: "wait=20", "Idempotency-Key": "waited" };
  const waiting = post(api, "/api/analyze", { workflow: aWorkflow() }, headers);
  const [id = ""] = await api.idsOnceQueued(tenant.locationId, 1);
  const early = await post(api, "/api/analyze", { workflow: aWorkflow() }, headers);
  expect([early.status, (await bodyOf(early)).error.code]).toEqual([409, "CONFLICT"]);
  await complete(api.workerDatabase, id);
  const first = await bodyOf(await waiting);
  const repeat = await post(api, "/api/analyze", { workflow: aWorkflow() }, headers);
  expect(repeat.status).toBe(200);
  expect(repeat.headers.get("idempotency-replayed")).toBe("true");
  const second = await bodyOf(repeat);
  expect(second.data).toEqual(first.data);
  expect(second.data).toMatchObject({ hiddenIssues: 2, hiddenNotes: 2 });
  expect(second.data.issues).toHaveLength(3);
});

test("when too many wait already, the answer is 202 at once", async () => {
  const crowded = await startApi({ openWaiters: 0 });
  const tenant = await crowded.newLocation();
  const response = await post(
    crowded,
    "/api/analyze",
    { workflow: aWorkflow() },
    { ...tenant.auth, Prefer: "wait=30" },
  );
  expect(response.status).toBe(202);
  await crowded.close();
});
