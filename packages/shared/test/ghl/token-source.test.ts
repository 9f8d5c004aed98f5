import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parseKeyRing } from "../../src/crypto/index.ts";
import { connectLocation, type InstallRef, readInstall, saveInstall, uninstall } from "../../src/db/index.ts";
import { createTokenSource, type GhlClient, type TokenSource } from "../../src/ghl/index.ts";
import { silent, stage } from "../db/stage.ts";
import type { HighLevelStandIn } from "../stand-ins/index.ts";
import { clientOf, startTestHighLevel } from "./highlevel.ts";

const room = stage();
const keys = `test:${Buffer.alloc(32, 3).toString("base64")}`;
const acme = { kind: "location", id: "acme" } as const;

let highLevel: HighLevelStandIn;
let client: GhlClient;
let tokens: TokenSource;
beforeAll(async () => {
  highLevel = await startTestHighLevel();
  highLevel.limits.max = 10_000;
});
beforeEach(async () => {
  client = clientOf(highLevel);
  tokens = createTokenSource({ client, database: room.api, keyRing: parseKeyRing(keys), log: silent });
  highLevel.setTokenSeconds(86_399);
  await install("Location/acme", acme);
});
afterEach(() => highLevel.clearFaults());
afterAll(() => highLevel.close());

async function install(what: string, ref: InstallRef, throughCompany = false) {
  const grant = await client.exchangeCode(highLevel.code(what), null);
  if (ref.kind === "location") await connectLocation(room.api, { id: ref.id, name: null, companyId: "agency" });
  await tokens.keep({ ...ref, companyId: "agency", throughCompany, userId: null, tokens: grant });
}

/** The stored access token has run out, for us and for HighLevel. */
async function letTokensRunOut(id = "acme") {
  highLevel.expireAccessTokens();
  await room.worker.kysely
    .updateTable("ghl_installs")
    .set({ expires_at: new Date(Date.now() - 1_000) })
    .where("id", "=", id)
    .execute();
}
const workflows = () => tokens.use(acme, ({ token }) => client.workflows(token, "acme"));
const refreshes = () => highLevel.requests.filter(({ what }) => what === "refresh_token").length;

test("a good token is used as it is", async () => {
  const before = refreshes();
  expect(await workflows()).toHaveLength(2);
  expect(refreshes()).toBe(before);
});

test("tokens are sealed, and bound to their row", async () => {
  const stored = await readInstall(room.api, acme);
  expect(stored?.tokens.ciphertext.toString("latin1")).not.toMatch(/access|refresh/);
  await connectLocation(room.api, { id: "bolt", name: null, companyId: null });
  await saveInstall(room.api, {
    kind: "location",
    id: "bolt",
    companyId: null,
    throughCompany: false,
    userId: null,
    scopes: [],
    expiresInSeconds: 1_000,
    tokens: stored?.tokens ?? { ciphertext: Buffer.alloc(0), keyId: "" },
  });
  const stolen = tokens.use({ kind: "location", id: "bolt" }, async ({ token }) => token);
  await expect(stolen).rejects.toThrow("belong to another row");
});

test("fifty calls with an expired token make one refresh, and all succeed", async () => {
  await letTokensRunOut();
  const before = refreshes();
  const lists = await Promise.all(Array.from({ length: 50 }, workflows));
  expect(lists.every((list) => list.length === 2)).toBe(true);
  expect(refreshes() - before).toBe(1);
});

test("fifty calls from two processes with an expired token make one refresh, and all succeed", async () => {
  await letTokensRunOut();
  const before = refreshes();
  const orders = { databaseUrl: room.test.apiUrl, keys, apiBase: highLevel.url, app: highLevel.app, calls: 25 };
  const start = (): ChildProcess =>
    fork(new URL("./refreshing-process.ts", import.meta.url), [JSON.stringify(orders)], { stdio: "inherit" });
  const processes = [start(), start()];
  await Promise.all(processes.map((child) => once(child, "message")));
  const ended = processes.map((child) => once(child, "message"));
  for (const child of processes) child.send("go");
  const outcomes = (await Promise.all(ended)).flatMap(([message]) => message);
  expect(outcomes).toEqual(Array(50).fill("2 workflows"));
  expect(refreshes() - before).toBe(1);
}, 20_000);

test("a token that HighLevel refuses before its time is replaced, once", async () => {
  highLevel.expireAccessTokens();
  const before = refreshes();
  await Promise.all(Array.from({ length: 20 }, workflows));
  expect(refreshes() - before).toBe(1);
});

test("a refresh whose answer was lost is made good by reconnecting", async () => {
  await letTokensRunOut();
  highLevel.failing({ match: "POST /oauth/token", times: 1, mode: { kind: "reset" } });
  expect(await workflows()).toHaveLength(2);
  expect(highLevel.requests.some(({ path }) => path === "/oauth/reconnect")).toBe(true);
  await letTokensRunOut();
  expect(await workflows()).toHaveLength(2);
});

test("a refresh that fails for now leaves the grant as it is, for the next to try", async () => {
  await letTokensRunOut();
  highLevel.failing({ match: "POST /oauth/token", times: 3, mode: { kind: "status", status: 503 } });
  await expect(workflows()).rejects.toMatchObject({ category: "server" });
  expect(await workflows()).toHaveLength(2);
});

test("a grant that HighLevel ended is refused for good, without asking again, until a new sign-in", async () => {
  await letTokensRunOut();
  highLevel.uninstall("Location/acme");
  await expect(workflows()).rejects.toMatchObject({ category: "auth" });
  const before = highLevel.requests.length;
  await expect(workflows()).rejects.toMatchObject({ category: "auth", message: expect.stringContaining("sign in") });
  expect(highLevel.requests.length).toBe(before);
  await install("Location/acme", acme);
  expect(await workflows()).toHaveLength(2);
});

test("a location without the app is told to sign in", async () => {
  const call = tokens.use({ kind: "location", id: "nowhere" }, async () => 1);
  await expect(call).rejects.toMatchObject({ category: "auth" });
});

test("an uninstall during a refresh is not undone by it", async () => {
  await letTokensRunOut();
  highLevel.failing({ match: "POST /oauth/token", times: 1, mode: { kind: "delay", ms: 100 } });
  const refreshing = workflows();
  const begun = async () => (await readInstall(room.api, acme))?.refreshingForMs ?? 0;
  await expect.poll(begun, { interval: 5 }).toBeGreaterThan(0);
  await room.worker.kysely
    .transaction()
    .execute((transaction) => uninstall(transaction, { ...acme, actor: "test", requestId: null }));
  await expect(refreshing).rejects.toMatchObject({ category: "auth" });
  expect(await readInstall(room.api, acme)).toBeNull();
});

describe("a location installed through its company", () => {
  const company = { kind: "company", id: "agency" } as const;
  beforeEach(async () => {
    await install("Company/agency", company);
    const location = await tokens.use(company, ({ token }) => client.locationToken(token, "agency", "acme"));
    await tokens.keep({ ...acme, companyId: "agency", throughCompany: true, userId: null, tokens: location });
  });

  test("gets its next token from the company's", async () => {
    await letTokensRunOut();
    const before = refreshes();
    expect(await workflows()).toHaveLength(2);
    expect(refreshes()).toBe(before + 1);
    expect(await readInstall(room.api, acme)).toMatchObject({ throughCompany: true, version: 3 });
  });

  test("is asked to sign in once the company's grant is gone", async () => {
    await letTokensRunOut();
    highLevel.uninstall("Company/agency");
    highLevel.uninstall("Location/acme");
    await expect(workflows()).rejects.toMatchObject({ category: "auth" });
  });
});

test("what ends soon is refreshed before anybody needs it, and one that fails does not stop the others", async () => {
  highLevel.setTokenSeconds(600);
  await install("Location/acme", acme);
  await install("Location/bolt", { kind: "location", id: "bolt" });
  await letTokensRunOut("bolt");
  highLevel.uninstall("Location/bolt");
  highLevel.setTokenSeconds(86_399);
  const worker = createTokenSource({ client, database: room.worker, keyRing: parseKeyRing(keys), log: silent });
  const before = refreshes();
  const mine = async () => (await readInstall(room.api, acme))?.expiresInMs ?? 0;
  expect(await mine()).toBeLessThan(700_000);
  const outcome = await worker.refreshDue({ withinMs: 3_600_000, limit: 100 });
  expect(outcome).toMatchObject({ refreshed: 1, failed: 1 });
  expect(await mine()).toBeGreaterThan(80_000_000);
  expect(refreshes()).toBeGreaterThan(before);
  expect(await worker.refreshDue({ withinMs: 3_600_000, limit: 100 })).toEqual({ refreshed: 0, failed: 0 });
});
