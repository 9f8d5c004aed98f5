import { openDatabase } from "@workflow-debugger/shared/db";
import { Hono } from "hono";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type ApiUnderTest, startApi, type Tenant } from "../../test/support/api-under-test.ts";
import { problemsOf } from "../../test/support/matches-contract.ts";
import { aWorkflow, bodyOf, get, post } from "../../test/support/requests.ts";
import type { AppEnv } from "../dependencies.ts";
import { watchBacklog } from "../limits/backlog.ts";
import { createTurns } from "../limits/turns.ts";
import { jsonBody, takeBody } from "./json-body.ts";
import { createBodyBudget, unlessSwamped, withBodyBudget } from "./shed-load.ts";

const idle = { max: 10, open: 0, idle: 0, waiting: 0 };

const full = new Map<string, "everybody" | "location">();
let api: ApiUnderTest;
let tenant: Tenant;
beforeAll(async () => {
  api = await startApi({ backlog: { fullFor: (locationId) => full.get(locationId) ?? null } });
  tenant = await api.newLocation();
});
afterAll(() => api.close());

test.each(["everybody", "location"] as const)(
  "a backlog that is full for %s turns new work away, and nothing else",
  async (whose) => {
    full.set(tenant.locationId, whose);
    const response = await post(api, "/api/analyze", { workflow: aWorkflow() }, tenant.auth);
    expect(response.status).toBe(503);
    expect(response.headers.get("Retry-After")).toBe("10");
    expect(await problemsOf("POST", "/api/analyze", response)).toEqual([]);
    expect((await bodyOf(response)).error.code).toBe("UNAVAILABLE");
    expect((await get(api, "/api/history", tenant.auth)).status).toBe(200);
    full.clear();
    expect((await post(api, "/api/analyze", { workflow: aWorkflow() }, tenant.auth)).status).toBe(202);
  },
);

test("requests that come at once get their turns, and are all answered though only one has a turn at a time", async () => {
  const turns = createTurns({ most: 1, longestMs: 5_000, patienceMs: 5_000, mostWaiting: 100 });
  const gate = unlessSwamped({ database: { connections: () => idle } }, turns);
  let atOnce = 0;
  let most = 0;
  const app = new Hono<AppEnv>().get("/", gate, async (context) => {
    atOnce += 1;
    most = Math.max(most, atOnce);
    await Promise.resolve();
    atOnce -= 1;
    return context.text("served");
  });
  const answers = await Promise.all(Array.from({ length: 50 }, () => app.request("/")));
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  expect(most).toBe(1);
});

test("a client that left while it stood in line is not served, and its turn goes to the next", async () => {
  const turns = createTurns({ most: 1, longestMs: 5_000, patienceMs: 5_000, mostWaiting: 100 });
  const gate = unlessSwamped({ database: { connections: () => idle } }, turns);
  const served: string[] = [];
  const app = new Hono<AppEnv>().get("/:who", gate, (context) => {
    served.push(context.req.param("who"));
    return context.text("served");
  });
  app.onError((_error, context) => context.text("refused", 503));
  const endOfFirst = await turns.take();
  const leaving = new AbortController();
  const answers = [app.request("/gone", { signal: leaving.signal }), app.request("/there")];
  leaving.abort();
  endOfFirst();
  await Promise.all(answers);
  expect(served).toEqual(["there"]);
});

test("a request that waits for something else ends its turn, once", async () => {
  const turns = createTurns({ most: 1, longestMs: 60_000, patienceMs: 60_000, mostWaiting: 100 });
  const gate = unlessSwamped({ database: { connections: () => idle } }, turns);
  const change = Promise.withResolvers<void>();
  const app = new Hono<AppEnv>()
    .get("/poll", gate, async (context) => {
      context.get("endTurn")?.();
      await change.promise;
      return context.text("changed");
    })
    .get("/", gate, (context) => context.text("served"));
  const poll = app.request("/poll");
  expect(await (await app.request("/")).text()).toBe("served");
  const end = await turns.take();
  change.resolve();
  expect(await (await poll).text()).toBe("changed");
  expect(turns.take()).toBeInstanceOf(Promise);
  end();
});

test("large bodies are parsed and stored one at a time, small ones meanwhile", async () => {
  const underWay = { most: 0, now: 0 };
  const stored = Promise.withResolvers<void>();
  const app = new Hono<AppEnv>().use(withBodyBudget(createBodyBudget())).post("/:size", jsonBody(), async (context) => {
    takeBody(context).parse();
    if (context.req.param("size") === "small") return context.text("served");
    underWay.now += 1;
    underWay.most = Math.max(underWay.most, underWay.now);
    await stored.promise;
    underWay.now -= 1;
    return context.text("served");
  });
  const send = (size: string, body: string) =>
    app.request(`/${size}`, { method: "POST", body, headers: { "Content-Type": "application/json" } });
  const large = Array.from({ length: 3 }, () => send("large", JSON.stringify("x".repeat(2_000_000))));
  await vi.waitFor(() => expect(underWay.now).toBe(1));
  expect((await send("small", "{}")).status).toBe(200);
  stored.resolve();
  expect((await Promise.all(large)).map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(underWay.most).toBe(1);
});

test("while too many wait for the database, nobody waits for a turn", async () => {
  const swamped = { connections: () => ({ ...idle, waiting: 200 }) };
  const app = new Hono<AppEnv>().get("/", unlessSwamped({ database: swamped }), (context) => context.text("served"));
  app.onError((error, context) => context.text(error.message, 503));
  expect((await app.request("/")).status).toBe(503);
});

test("bodies together take no more than their budget, and give it back", () => {
  const budget = createBodyBudget(100);
  budget.take(60);
  expect(() => budget.take(50)).toThrow(expect.objectContaining({ code: "UNAVAILABLE" }));
  budget.take(40);
  budget.giveBack(60);
  budget.take(60);
});

test("a large body arrives whole", async () => {
  const text = "x".repeat(600_000);
  const response = await post(api, "/api/analyze", { workflow: { ...aWorkflow(), description: text } }, tenant.auth);
  expect(response.status).toBe(202);
});

describe("the backlog that is watched", () => {
  test("is full for a location, and for everybody, once so many analyses or audits wait, and has room again when it is gone", async () => {
    const other = await api.newLocation();
    const { id } = (await bodyOf(await post(api, "/api/analyze", { workflow: aWorkflow() }, other.auth))).data;
    const { kysely } = api.workerDatabase;
    await kysely.updateTable("analyses").set({ dispatched_at: null }).where("id", "=", id).execute();
    const { log } = api;
    const database = openDatabase({ url: api.workerUrl, maxConnections: 1, applicationName: "backlog test", log });
    const crowded = watchBacklog({ database, limits: { total: 0, perLocation: 1 }, log, everyMs: 10 });
    const swamped = watchBacklog({ database, limits: { total: 1, perLocation: 0 }, log, everyMs: 10 });
    try {
      await vi.waitFor(() => expect(crowded.fullFor(other.locationId)).toBe("location"));
      expect(crowded.fullFor("somebody-else")).toBeNull();
      await vi.waitFor(() => expect(swamped.fullFor("somebody-else")).toBe("everybody"));
      await kysely.deleteFrom("analyses").execute();
      await vi.waitFor(() => expect(crowded.fullFor(other.locationId)).toBeNull());
      const audit = { workflows: [aWorkflow()] };
      const run = (await bodyOf(await post(api, "/api/audit", audit, other.auth))).data.id;
      await kysely.updateTable("location_runs").set({ dispatched_at: null }).where("id", "=", run).execute();
      await vi.waitFor(() => expect(crowded.fullFor(other.locationId)).toBe("location"));
      await kysely.deleteFrom("location_runs").execute();
      await vi.waitFor(() => expect([crowded.fullFor(other.locationId), swamped.fullFor("x")]).toEqual([null, null]));
    } finally {
      crowded.close();
      swamped.close();
      await database.close();
    }
  });
});
