import { parseKeyRing, settingsContext } from "@workflow-debugger/shared/crypto";
import { openDatabase, readSettings, saveLocation } from "@workflow-debugger/shared/db";
import { type FactsReading, openHighLevel, refreshLocationFacts } from "@workflow-debugger/shared/ghl";
import { memoryStore } from "@workflow-debugger/shared/limits";
import { startHighLevel } from "@workflow-debugger/shared/stand-ins";
import { createTestDatabase } from "@workflow-debugger/shared/testing";
import { pino } from "pino";
import { expect, test } from "vitest";
import { startFactsRefresher } from "../src/facts-refresher.ts";

async function stage() {
  const log = pino({ level: "silent" });
  const testDatabase = await createTestDatabase();
  const database = openDatabase({ url: testDatabase.workerUrl, maxConnections: 6, applicationName: "test", log });
  const highLevel = await startHighLevel({
    locations: [{ id: "acme", name: "Acme Dental", companyId: "agency" }],
  });
  const { clientId, clientSecret } = highLevel.app;
  const config = { GHL_API_BASE: highLevel.url, GHL_CLIENT_ID: clientId, GHL_CLIENT_SECRET: clientSecret };
  const keyRing = parseKeyRing(`test:${Buffer.alloc(32, 1).toString("base64")}`);
  const { client, tokens } = openHighLevel({ config, store: memoryStore(), database, keyRing, log });
  await saveLocation(database, { id: "acme", name: "Acme Dental", plan: "pro" });
  const trail = { actor: "worker", requestId: null };
  const settings = { everyMs: 20, refreshAfterMs: 3_600_000, retryAfterMs: 50, limit: 10 };
  return {
    highLevel,
    async install(scopes?: readonly string[]) {
      const grant = await client.exchangeCode(highLevel.code("Location/acme", scopes), null);
      const acme = { kind: "location", id: "acme" } as const;
      await tokens.keep({ ...acme, companyId: "agency", throughCompany: false, userId: null, tokens: grant });
    },
    start: () =>
      startFactsRefresher({
        database,
        refresh: (locationId) => refreshLocationFacts({ client, tokens, database, keyRing }, { locationId, ...trail }),
        settings,
        log,
      }),
    async reading(): Promise<FactsReading | null> {
      const [document] = await readSettings(database, { locationId: "acme", names: ["facts-read"] });
      if (document === undefined) return null;
      return JSON.parse(keyRing.open(document.sealed, settingsContext("acme", "facts-read")).toString());
    },
    async close() {
      await highLevel.close();
      await database.close();
      await testDatabase.drop();
    },
  };
}

test("facts are read once by one of several workers, as far as the scopes go, and what is missing is said", async () => {
  const { highLevel, install, start, reading, close } = await stage();
  await install(["users.readonly", "locations/tags.readonly", "workflows.readonly", "oauth.readonly"]);
  const refreshers = [start(), start(), start()];
  await expect
    .poll(async () => (await reading())?.facts)
    .toMatchObject({
      users: [{ id: "user-1", name: "Dana Owner", active: true }],
      tags: ["lead"],
      workflows: [],
    });
  const { facts, missing } = (await reading()) ?? {};
  expect(Object.keys(facts ?? {}).sort()).toEqual(["asOf", "tags", "users", "workflows"]);
  expect(missing).toContainEqual({ fact: "pipelines", reason: "not granted", scope: "opportunities.readonly" });
  expect(missing).toHaveLength(6);
  await Promise.all(refreshers.map((refresher) => refresher.stop()));
  expect(highLevel.requests.filter(({ path }) => path === "/users/")).toHaveLength(1);
  await close();
});

test("what HighLevel refuses for the moment is missing now, and is read again soon", async () => {
  const { highLevel, install, start, reading, close } = await stage();
  await install();
  highLevel.failing({ match: "GET /users/", mode: { kind: "status", status: 429 } });
  const refresher = start();
  const refused = { fact: "users", reason: "rate_limit", scope: "users.readonly" };
  await expect.poll(async () => (await reading())?.missing, { timeout: 15_000 }).toContainEqual(refused);
  highLevel.clearFaults();
  await expect.poll(async () => (await reading())?.missing, { timeout: 15_000 }).toEqual([]);
  await refresher.stop();
  await close();
}, 40_000);
