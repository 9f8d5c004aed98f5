import { hashToken, parseKeyRing } from "@workflow-debugger/shared/crypto";
import { openDatabase, openOauthState, readInstall } from "@workflow-debugger/shared/db";
import { openHighLevel } from "@workflow-debugger/shared/ghl";
import { memoryStore } from "@workflow-debugger/shared/limits";
import { startHighLevel } from "@workflow-debugger/shared/stand-ins";
import { createTestDatabase } from "@workflow-debugger/shared/testing";
import { pino } from "pino";
import { expect, test } from "vitest";
import { startTokenRefresher } from "../src/token-refresher.ts";

test("tokens that end soon are refreshed once, by whichever of several workers comes first", async () => {
  const log = pino({ level: "silent" });
  const testDatabase = await createTestDatabase();
  const database = openDatabase({ url: testDatabase.workerUrl, maxConnections: 6, applicationName: "test", log });
  const highLevel = await startHighLevel({
    tokenSeconds: 600,
    locations: [{ id: "acme", name: "Acme Dental", companyId: "agency" }],
  });
  const { clientId, clientSecret } = highLevel.app;
  const config = { GHL_API_BASE: highLevel.url, GHL_CLIENT_ID: clientId, GHL_CLIENT_SECRET: clientSecret };
  const keyRing = parseKeyRing(`test:${Buffer.alloc(32, 1).toString("base64")}`);
  const open = () => openHighLevel({ config, store: memoryStore(), database, keyRing, log });
  const { client, tokens } = open();
  const acme = { kind: "location", id: "acme" } as const;
  const grant = await client.exchangeCode(highLevel.code("Location/acme"), null);
  await tokens.keep({ ...acme, companyId: "agency", throughCompany: false, userId: null, tokens: grant });
  await openOauthState(database, { hash: hashToken("x"), returnTo: null, wantedLocation: null, lifeSeconds: -1 });
  highLevel.setTokenSeconds(86_399);

  const settings = { everyMs: 20, withinMs: 7_200_000, limit: 10 };
  const refreshers = [1, 2, 3].map(() => startTokenRefresher({ database, tokens: open().tokens, settings, log }));
  await expect.poll(async () => (await readInstall(database, acme))?.expiresInMs).toBeGreaterThan(80_000_000);
  const states = database.kysely.selectFrom("oauth_states").selectAll();
  await expect.poll(() => states.execute()).toEqual([]);
  await Promise.all(refreshers.map((refresher) => refresher.stop()));
  expect(highLevel.requests.filter(({ what }) => what === "refresh_token")).toHaveLength(1);

  await highLevel.close();
  await database.close();
  await testDatabase.drop();
});
