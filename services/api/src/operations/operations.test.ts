import { auditEntries, beat, saveInvariantFindings } from "@workflow-debugger/shared/db";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiUnderTest, OPS_TOKEN, startApi } from "../../test/support/api-under-test.ts";
import { problemsOf } from "../../test/support/matches-contract.ts";
import { bodyOf, get, submitted } from "../../test/support/requests.ts";

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const bearer = { Authorization: `Bearer ${OPS_TOKEN}` };
const basic = { Authorization: `Basic ${Buffer.from(`any:${OPS_TOKEN}`).toString("base64")}` };
const ask = (method: string, path: string, headers: Record<string, string> = bearer) =>
  Promise.resolve(api.app.request(path, { method, headers }));
const queueOf = async (job: string) =>
  (await bodyOf(await ask("GET", "/ops/queues"))).data.find((queue: { job: string }) => queue.job === job);

describe("queues", () => {
  test("tell what waits, over all locations", async () => {
    const before = await queueOf("analysis");
    await submitted(api, await api.newLocation());
    await submitted(api, await api.newLocation());
    const response = await ask("GET", "/ops/queues");
    expect(await problemsOf("GET", "/ops/queues", response)).toEqual([]);
    expect(await queueOf("analysis")).toMatchObject({
      waiting: before.waiting + 2,
      active: 0,
      dead: 0,
      pausedAt: null,
    });
  });

  test("are paused and resumed, as often as asked, and the audit log says so", async () => {
    for (const verb of ["pause", "pause", "resume", "resume", "pause"])
      expect([verb, (await ask("POST", `/ops/queues/webhook/${verb}`)).status]).toEqual([verb, 204]);
    expect((await queueOf("webhook")).pausedAt).toEqual(expect.any(String));
    expect((await queueOf("analysis")).pausedAt).toBeNull();
    const entries = await auditEntries(api.workerDatabase, { locationId: "(operations)", limit: 10 });
    expect(entries.map(({ actor, action, subject }) => [actor, action, subject])).toEqual([
      ["operator", "queue.paused", "webhook"],
      ["operator", "queue.resumed", "webhook"],
      ["operator", "queue.paused", "webhook"],
    ]);
    expect(entries[0]?.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test.each(["constructor", "nonsense"])("404 for a queue that is none: %s", async (job) => {
    expect((await ask("POST", `/ops/queues/${job}/pause`)).status).toBe(404);
  });

  test("have a backlog by location, the longest first", async () => {
    const busy = await api.newLocation();
    for (let number = 0; number < 3; number += 1) await submitted(api, busy);
    const response = await ask("GET", "/ops/backlog?limit=1");
    expect(await problemsOf("GET", "/ops/backlog", response)).toEqual([]);
    const { data } = await bodyOf(response);
    expect(data).toMatchObject([{ locationId: busy.locationId, waiting: 3, active: 0 }]);
    expect((await ask("GET", "/ops/backlog?limit=0")).status).toBe(400);
  });
});

describe("/metrics", () => {
  test("counts requests by the pattern of their route, and knows the installation", async () => {
    const location = await api.newLocation();
    await get(api, "/api/history", location.auth);
    await get(api, `/api/analysis/${await submitted(api, location)}`, location.auth);
    await get(api, "/no/such/page");
    await saveInvariantFindings(api.workerDatabase, { lostAccepted: 0, limbo: 0, effects: 0, unfenced: 0 });
    const response = await ask("GET", "/metrics");
    expect(response.headers.get("content-type")).toMatch(/^text\/plain/);
    const page = await response.clone().text();
    const routes = new Set(
      [...page.matchAll(/^wd_http_requests_total\{.*?route="([^"]+)"/gm)].map(([, route]) => route),
    );
    expect([...routes]).toEqual(expect.arrayContaining(["/api/history", "/api/analysis/:id", "unmatched"]));
    expect([...routes].filter((route) => /[0-9a-f]{8}-/.test(route ?? ""))).toEqual([]);
    expect(page).toMatch(/^wd_queue_waiting\{.*queue="analysis".*\} \d+$/m);
    expect([...page.matchAll(/^wd_invariant_violations\{.*\} 0$/gm)]).toHaveLength(4);
    expect(page).not.toContain(location.locationId);
  });

  test.each([
    ["with the token", bearer, 200],
    ["with the token as a password", basic, 200],
    ["with a wrong one", { Authorization: "Bearer wrong" }, 401],
    ["without", {}, 401],
  ])("opens %s: %o → %i", async (_title, headers, status) => {
    expect((await ask("GET", "/metrics", headers)).status).toBe(status);
  });

  test("is not there without a configured token", async () => {
    const plain = await startApi({ settings: { opsToken: null } });
    for (const path of ["/metrics", "/ops", "/ops/queues"])
      expect([path, (await get(plain, path, bearer)).status]).toEqual([path, 404]);
    await plain.close();
  });
});

describe("the page /ops", () => {
  const browser = { ...basic, Accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

  test("shows queues, workers, backlog and dead letters, and lets no script in", async () => {
    await submitted(api, await api.newLocation());
    const workerId = crypto.randomUUID();
    await beat(api.workerDatabase, { workerId, startedAt: new Date(), concurrency: 4, active: 1 });
    const response = await ask("GET", "/ops", browser);
    expect(response.status).toBe(200);
    expect(await problemsOf("GET", "/ops", response)).toEqual([]);
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("script-src");
    expect(response.headers.get("referrer-policy")).toBe("same-origin");
    const page = await response.text();
    for (const word of ["analysis", "webhook", workerId, "Backlog", "Dead letters"]) expect(page).toContain(word);
    expect(page).not.toContain("<script");
  });

  test("escapes what others wrote", async () => {
    const hostile = `"><img src=x onerror=alert(1)>'&`;
    await api.workerDatabase.kysely
      .insertInto("webhook_events")
      .values({
        id: crypto.randomUUID(),
        provider: "ghl",
        event_id: hostile,
        type: hostile,
        status: "parked",
        finished_at: new Date(),
        error: JSON.stringify({ code: "PARKED", message: hostile, retryable: false }),
        size: 1,
        request_id: crypto.randomUUID(),
      })
      .execute();
    const page = await (await ask("GET", "/ops", browser)).text();
    expect(page).not.toContain("<img");
    expect(page.match(/&quot;&gt;&lt;img src=x onerror=alert\(1\)&gt;&#39;&amp;/g)).toHaveLength(2);
  });

  test("leads back to itself after a button, and takes none of another site's forms", async () => {
    const own = { ...browser, Origin: "https://api.example.com" };
    const pressed = await ask("POST", "/ops/queues/analysis/pause", own);
    expect([pressed.status, pressed.headers.get("location")]).toEqual([303, "/ops"]);
    expect((await queueOf("analysis")).pausedAt).not.toBeNull();
    for (const Origin of ["https://evil.example", "null", "https://app.example.com"]) {
      const refused = await ask("POST", "/ops/queues/analysis/resume", { ...browser, Origin });
      expect([Origin, refused.status, (await bodyOf(refused)).error.code]).toEqual([Origin, 403, "CSRF_FAILED"]);
    }
    expect((await queueOf("analysis")).pausedAt).not.toBeNull();
  });
});
