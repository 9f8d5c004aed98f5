import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiUnderTest, startApi, type Tenant } from "../../test/support/api-under-test.ts";
import { problemsOf } from "../../test/support/matches-contract.ts";
import { bodyOf, get, submitted } from "../../test/support/requests.ts";
import { aReport, complete } from "../../test/support/worker-stand-in.ts";

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

/** Two completed analyses of one workflow: the later one has two findings less and 30 points more. */
async function twoAnalyses(tenant: Tenant) {
  const [before, after] = [await submitted(api, tenant), await submitted(api, tenant)];
  await complete(api.workerDatabase, before);
  await complete(api.workerDatabase, after, { ...aReport({ issues: 3, notes: 1 }), score: 70, grade: "Good" });
  return { before, after };
}

async function difference(tenant: Tenant, id: string, against: string) {
  const path = `/api/analysis/${id}/diff?against=${against}`;
  const response = await get(api, path, tenant.auth);
  expect(response.status).toBe(200);
  expect(await problemsOf("GET", path, response)).toEqual([]);
  return (await bodyOf(response)).data;
}
const titles = (findings: readonly { readonly title: string }[]) => findings.map(({ title }) => title);

test("what was repaired is fixed, and new the other way round", async () => {
  const tenant = await api.newLocation();
  const { before, after } = await twoAnalyses(tenant);
  const forth = await difference(tenant, after, before);
  expect(forth).toMatchObject({ scoreDelta: 30, before: { score: 40 }, after: { score: 70, grade: "Good" } });
  expect(titles(forth.fixed)).toEqual(["Finding 3", "Finding 4", "Finding 1"]);
  expect(titles(forth.new)).toEqual([]);
  expect(titles(forth.unchanged)).toEqual(["Finding 0", "Finding 1", "Finding 2", "Finding 0"]);
  const back = await difference(tenant, before, after);
  expect(back).toMatchObject({ scoreDelta: -30, fixed: [] });
  expect(titles(back.new)).toEqual(titles(forth.fixed));
});

test("on the Free plan it names only what the two reports show there", async () => {
  const tenant = await api.newLocation("free");
  const { before, after } = await twoAnalyses(tenant);
  const data = await difference(tenant, after, before);
  expect(titles(data.fixed)).toEqual([]);
  expect(titles(data.unchanged)).toEqual(["Finding 0", "Finding 1", "Finding 2"]);
  expect(data.hidden).toEqual({ fixed: 3, new: 0, unchanged: 1 });
  expect(data.upgrade.checkoutUrl).toBe("https://app.example.com/upgrade");
});

test("a browser gets the page that compares the two, locked down like a report", async () => {
  const tenant = await api.newLocation();
  const { before, after } = await twoAnalyses(tenant);
  const path = `/api/analysis/${after}/diff?against=${before}`;
  const browser = await get(api, path, { ...tenant.auth, Accept: "text/html,application/xhtml+xml,*/*;q=0.8" });
  const asked = await get(api, `${path}&format=html`, tenant.auth);
  for (const response of [browser, asked]) {
    expect(response.status).toBe(200);
    expect(await problemsOf("GET", path, response)).toEqual([]);
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(response.headers.get("content-security-policy")).toContain("sandbox");
    expect(await response.text()).toContain("The score rose by 30 points.");
  }
});

test("an analysis says how it stands to the previous one of its workflow, and so does the history", async () => {
  const tenant = await api.newLocation();
  const { before, after } = await twoAnalyses(tenant);
  const worse = await submitted(api, tenant);
  await complete(api.workerDatabase, worse);
  const states = [];
  for (const id of [before, after, worse]) {
    const { data } = await bodyOf(await get(api, `/api/analysis/${id}`, tenant.auth));
    states.push([data.previous, data.regression]);
  }
  const past = { id: before, score: 40, grade: "High Risk", scoreDelta: 30 };
  const good = { id: after, score: 70, grade: "Good", scoreDelta: -30 };
  expect(states).toEqual([
    [null, false],
    [past, false],
    [good, true],
  ]);
  const { data } = await bodyOf(await get(api, "/api/history?workflowId=wf-welcome", tenant.auth));
  const trend = data.map((entry: { previous: unknown; regression: boolean }) => [entry.previous, entry.regression]);
  expect(trend).toEqual(states.toReversed());
});
