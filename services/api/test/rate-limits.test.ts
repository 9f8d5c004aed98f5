import { createGate, type Gate, queueBackends } from "@workflow-debugger/shared/testing";
import { describe, expect, test } from "vitest";
import { startApi } from "./support/api-under-test.ts";
import { aWorkflow, bodyOf, get, post, submitted } from "./support/requests.ts";

const from = (address: string) => ({ incoming: { socket: { remoteAddress: address } } });

describe.each(queueBackends)("limits counted where the queue is: $name", (backend) => {
  test("a location's requests are counted down, refused at the end, and told when to come back", async () => {
    const api = await startApi({ backend, sharedLimits: true, quotas: { api: 3 } });
    const tenant = await api.newLocation();
    const answers = [];
    for (let count = 0; count < 4; count += 1) answers.push(await get(api, "/api/history", tenant.auth));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    expect(answers.map(({ headers }) => headers.get("ratelimit-policy"))).toEqual(Array(4).fill('"api";q=3;w=60'));
    expect(answers.map(({ headers }) => /r=(\d+)/.exec(headers.get("ratelimit") ?? "")?.[1])).toEqual([
      "2",
      "1",
      "0",
      "0",
    ]);
    const seconds = Number(answers[3]?.headers.get("retry-after"));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(answers[3]?.headers.get("ratelimit")).toBe(`"api";r=0;t=${seconds}`);
    const other = await api.newLocation();
    expect((await get(api, "/api/history", other.auth)).status).toBe(200);
    expect(api.logged.filter((line) => line.includes("count in memory"))).toEqual([]);
    await api.close();
  });

  test("a hundred requests at once never pass more than the quota", async () => {
    const api = await startApi({ backend, sharedLimits: true, quotas: { api: 20 } });
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => api.app.request("/api/rules", {}, from("203.0.113.1"))),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(20);
    await api.close();
  });
});

test("without its store a limit counts in memory: requests neither fail nor pass without bound", async () => {
  const gates: Gate[] = [];
  const api = await startApi({
    sharedLimits: true,
    quotas: { api: 2 },
    async databaseUrl(url) {
      const gate = await createGate(url);
      gates.push(gate);
      return gate.url;
    },
  });
  await gates[0]?.shut();
  const answers = [];
  for (let count = 0; count < 3; count += 1) answers.push((await get(api, "/api/rules")).status);
  expect(answers).toEqual([200, 200, 429]);
  await api.close();
  await gates[0]?.close();
});

test("before sign-in the address counts, and behind a trusted proxy the client's own", async () => {
  const api = await startApi({ quotas: { api: 1 } });
  const ask = async (address: string, forwarded = "") =>
    (await api.app.request("/api/rules", { headers: { "X-Forwarded-For": forwarded } }, from(address))).status;
  expect([await ask("203.0.113.1"), await ask("203.0.113.1", "198.51.100.9")]).toEqual([200, 429]);
  expect([await ask("10.0.0.1", "198.51.100.1"), await ask("10.0.0.1", "198.51.100.2")]).toEqual([200, 200]);
  expect(await ask("10.0.0.2", "198.51.100.1")).toBe(429);
  await api.close();
});

test("plans have their own quota for analyses; reading one is not limited; 0 turns a limit off", async () => {
  const api = await startApi({ quotas: { analyze: 1, analyzePro: 2, api: 1 } });
  const [free, pro] = [await api.newLocation("free"), await api.newLocation("pro")];
  const policies = [];
  for (const { auth } of [free, pro]) {
    policies.push((await post(api, "/api/analyze", { workflow: aWorkflow() }, auth)).headers.get("ratelimit-policy"));
  }
  expect(policies).toEqual(['"analyze";q=1;w=60', '"analyze";q=2;w=60']);
  const id = await submitted(api, pro);
  for (let count = 0; count < 5; count += 1) {
    const response = await get(api, `/api/analysis/${id}`, pro.auth);
    expect([response.status, response.headers.get("ratelimit-policy")]).toEqual([200, null]);
  }
  await api.close();

  const open = await startApi({ quotas: { api: 0 } });
  expect((await get(open, "/api/rules")).headers.get("ratelimit-policy")).toBeNull();
  await open.close();
});

test("ten bad keys a minute from one address are 401, the eleventh is 429; good keys and other addresses go on", async () => {
  const api = await startApi();
  const tenant = await api.newLocation();
  const ask = (address: string, headers: Record<string, string>) =>
    api.app.request("/api/history", { headers }, from(address));
  const statuses = [];
  for (let count = 0; count < 11; count += 1) {
    const bad = count % 2 === 0 ? "nonsense" : `wd_live_${"x".repeat(43)}`;
    statuses.push((await ask("203.0.113.1", { Authorization: `Bearer ${bad}` })).status);
  }
  expect(statuses).toEqual([...Array(10).fill(401), 429]);
  const refused = await ask("203.0.113.1", { Authorization: "Bearer nonsense" });
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  expect((await bodyOf(refused)).error.code).toBe("RATE_LIMITED");
  expect((await ask("203.0.113.1", tenant.auth)).status).toBe(200);
  expect((await ask("203.0.113.2", { Authorization: "Bearer nonsense" })).status).toBe(401);
  expect((await ask("203.0.113.1", {})).status).toBe(401);
  await api.close();
});
