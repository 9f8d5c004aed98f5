import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiUnderTest, startApi, type Tenant } from "../../test/support/api-under-test.ts";
import { problemsOf } from "../../test/support/matches-contract.ts";
import { bodyOf, get, submitted } from "../../test/support/requests.ts";
import { complete, fail } from "../../test/support/worker-stand-in.ts";

let api: ApiUnderTest;
let tenant: Tenant;
const ids: string[] = [];
beforeAll(async () => {
  api = await startApi();
  tenant = await api.newLocation("free");
  for (let count = 0; count < 5; count += 1) ids.unshift(await submitted(api, tenant));
  await complete(api.workerDatabase, ids[0] ?? "");
  await fail(api.workerDatabase, ids[1] ?? "");
  await submitted(api, await api.newLocation());
});
afterAll(() => api.close());

async function page(query = "") {
  const path = `/api/history${query}`;
  const response = await get(api, path, tenant.auth);
  expect(response.status).toBe(200);
  expect(await problemsOf("GET", path, response)).toEqual([]);
  return bodyOf(response);
}
const idsOf = (body: { data: { id: string }[] }) => body.data.map(({ id }) => id);

test("the location's analyses and no others, newest first, with whole figures on every plan", async () => {
  const body = await page();
  expect(idsOf(body)).toEqual(ids);
  expect(body.meta.pagination).toEqual({ limit: 20, nextCursor: null });
  expect(body.data[0]).toEqual({
    id: ids[0],
    workflowId: "wf-welcome",
    workflowName: expect.any(String),
    status: "completed",
    score: 40,
    grade: "High Risk",
    summary: { critical: 0, high: 5, medium: 0, low: 0, info: 2, suppressed: 0, notChecked: 0 },
    previous: null,
    regression: false,
    createdAt: expect.any(String),
    finishedAt: expect.any(String),
  });
});

test("pages follow each other to the end without a gap or a double", async () => {
  const seen: string[] = [];
  for (let query = "?limit=2"; query !== ""; ) {
    const body = await page(query);
    seen.push(...idsOf(body));
    const { nextCursor } = body.meta.pagination;
    query = nextCursor === null ? "" : `?limit=2&cursor=${encodeURIComponent(nextCursor)}`;
  }
  expect(seen).toEqual(ids);
});

test("filters by status, grade, workflow and time", async () => {
  expect(idsOf(await page("?status=failed"))).toEqual([ids[1]]);
  expect(idsOf(await page("?grade=High%20Risk"))).toEqual([ids[0]]);
  expect(idsOf(await page("?workflowId=wf-welcome"))).toHaveLength(5);
  expect(idsOf(await page("?workflowId=other"))).toEqual([]);
  expect(idsOf(await page("?from=2999-01-01"))).toEqual([]);
  expect(idsOf(await page("?from=0001-01-01T00:00:00Z&to=9999-12-31T23:59:59Z"))).toHaveLength(5);
  expect(idsOf(await page("?to=2020-01-01T00:00:00%2B02:00"))).toEqual([]);
});

test.each([
  ["limit=0", "/limit"],
  ["limit=101", "/limit"],
  ["limit=ten", "/limit"],
  ["cursor=nonsense", "/cursor"],
  [
    `cursor=${Buffer.from("2026-99-99 00:00:00+00|0198d2f0-6f6e-7c3a-9b1e-5a4d2c7f8e90").toString("base64url")}`,
    "/cursor",
  ],
  [
    `cursor=${Buffer.from("2026-02-30 00:00:00+00|0198d2f0-6f6e-7c3a-9b1e-5a4d2c7f8e90").toString("base64url")}`,
    "/cursor",
  ],
  ["cursor=", "/cursor"],
  ["status=done", "/status"],
  ["grade=excellent", "/grade"],
  ["from=yesterday", "/from"],
  ["workflowId=%00", "/workflowId"],
  ["workflowId=", "/workflowId"],
  ["page=2", "/page"],
  ["limit=1&limit=2", "/limit"],
])("?%s is VALIDATION_FAILED at %s", async (query, place) => {
  const response = await get(api, `/api/history?${query}`, tenant.auth);
  const { error } = await bodyOf(response);
  expect([response.status, error.code, error.details[0].path]).toEqual([400, "VALIDATION_FAILED", place]);
});

test("the history of a free location reaches back thirty days, that of a paying one to its beginning", async () => {
  for (const [plan, seen] of [
    ["free", 1],
    ["pro", 2],
  ] as const) {
    const location = await api.newLocation(plan);
    const [old] = [await submitted(api, location), await submitted(api, location)];
    await api.workerDatabase.kysely
      .updateTable("analyses")
      .set({ created_at: new Date(Date.now() - 31 * 86_400_000) })
      .where("id", "=", old)
      .execute();
    for (const query of ["", "?from=2000-01-01T00:00:00Z"]) {
      const response = await get(api, `/api/history${query}`, location.auth);
      expect((await bodyOf(response)).data).toHaveLength(seen);
    }
  }
});
