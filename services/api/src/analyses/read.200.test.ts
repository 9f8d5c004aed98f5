import { saveLocation } from "@workflow-debugger/shared/db";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiUnderTest, startApi, type Tenant } from "../../test/support/api-under-test.ts";
import { problemsOf } from "../../test/support/matches-contract.ts";
import { bodyOf, get, submitted } from "../../test/support/requests.ts";
import { aReport, complete, fail, finish, start } from "../../test/support/worker-stand-in.ts";

let api: ApiUnderTest;
let tenant: Tenant;
beforeAll(async () => {
  api = await startApi();
  tenant = await api.newLocation();
});
afterAll(() => api.close());

async function read(id: string, query = "", headers = tenant.auth) {
  const path = `/api/analysis/${id}${query}`;
  const response = await get(api, path, headers);
  expect(response.status).toBe(200);
  expect(await problemsOf("GET", path, response)).toEqual([]);
  return { headers: response.headers, data: (await bodyOf(response)).data };
}

test("polling shows queued, running and completed, with Retry-After until the end and an ETag after it", async () => {
  const id = await submitted(api, tenant);
  const queued = await read(id);
  expect(queued.data).toMatchObject({ id, status: "queued", attempts: 0, startedAt: null, finishedAt: null });
  expect([queued.headers.get("retry-after"), queued.headers.get("etag")]).toEqual(["1", null]);
  const lease = await start(api.workerDatabase, id);
  expect((await read(id)).data).toMatchObject({ status: "running", attempts: 1, startedAt: expect.any(String) });
  const report = aReport();
  await finish(api.workerDatabase, id, lease, report);
  const completed = await read(id);
  expect(completed.data).toMatchObject({
    ...report,
    status: "completed",
    durationMs: 12,
    finishedAt: expect.any(String),
  });
  expect(completed.headers.get("retry-after")).toBeNull();
  expect(completed.headers.get("etag")).toMatch(/^".+"$/);
});

test("a failed analysis says why, and whether another attempt may help", async () => {
  const id = await submitted(api, tenant);
  await fail(api.workerDatabase, id);
  const { data } = await read(id);
  expect(data).toMatchObject({ status: "failed", error: { code: "ANALYSIS_LIMIT_EXCEEDED", retryable: false } });
  expect(data.error.message).toMatch(/\.$/);
});

test("a long poll answers when the status changes, not before", async () => {
  const id = await submitted(api, tenant);
  const first = read(id, "?wait=5");
  await api.watching(id);
  await start(api.workerDatabase, id);
  expect((await first).data.status).toBe("running");
});

test("a long poll that sees no change answers with the old state after its time", async () => {
  const id = await submitted(api, tenant);
  expect((await read(id, "?wait=0.05")).data.status).toBe("queued");
});

test("a long poll on a finished analysis answers at once", async () => {
  const id = await submitted(api, tenant);
  await complete(api.workerDatabase, id);
  const begun = performance.now();
  expect((await read(id, "?wait=30")).data.status).toBe("completed");
  expect(performance.now() - begun).toBeLessThan(2_000);
});

test("on Free, three issues stand without suggestions, the rest is counted, the figures are whole", async () => {
  const free = await api.newLocation("free");
  const id = await submitted(api, free);
  await complete(api.workerDatabase, id, aReport({ issues: 5, notes: 2 }));
  const { data } = await read(id, "", free.auth);
  expect(data.issues).toHaveLength(3);
  expect(data.issues.some((issue: object) => "suggestion" in issue)).toBe(false);
  expect(data).toMatchObject({ notes: [], hiddenIssues: 2, hiddenNotes: 2, score: 40, summary: { high: 5, info: 2 } });
  expect(data.fixOrder).toHaveLength(3);
  expect(data.upgrade.checkoutUrl).toBe("https://app.example.com/upgrade");
});

test("read again, an analysis is the same, and still what the reader may see: another plan, another location, removed", async () => {
  const owner = await api.newLocation("pro");
  const id = await submitted(api, owner);
  await complete(api.workerDatabase, id);
  const whole = await read(id, "", owner.auth);
  expect((await read(id, "", owner.auth)).data).toEqual(whole.data);
  const [mine, theirs] = await Promise.all([
    get(api, `/api/analysis/${id}`, owner.auth),
    get(api, `/api/analysis/${id}`, tenant.auth),
  ]);
  expect([mine.status, theirs.status]).toEqual([200, 404]);
  await saveLocation(api.workerDatabase, { id: owner.locationId, name: "Ended", plan: "free" });
  const gated = await read(id, "", owner.auth);
  expect(gated.data).toMatchObject({ hiddenIssues: 2, notes: [] });
  expect(JSON.stringify(gated.data)).not.toContain("suggestion");
  await api.app.request(`/api/analysis/${id}`, { method: "DELETE", headers: owner.auth });
  expect((await get(api, `/api/analysis/${id}`, owner.auth)).status).toBe(404);
});

test("HEAD answers the headers of GET without its body", async () => {
  const id = await submitted(api, tenant);
  const response = await api.app.request(`/api/analysis/${id}`, { method: "HEAD", headers: tenant.auth });
  expect([response.status, response.headers.get("retry-after"), await response.text()]).toEqual([200, "1", ""]);
});
