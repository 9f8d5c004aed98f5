import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { queueBackends } from "@workflow-debugger/shared/testing";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { checkout } from "../local/checkout.ts";
import { findFreePort } from "../local/free-port.ts";
import { startBrowser } from "./support/browser.ts";
import { type Services, startServices } from "./support/services.ts";

/**
 * The sign-in as a user does it: a real browser, the API and the stand-in HighLevel of `pnpm dev` as processes of their
 * own, an app on an origin of its own, and a page of somebody else.
 */

let services: Services;
let highLevel: ChildProcess;
let highLevelUrl: string;
let browser: Browser;
let app: Server;
let foreign: Server;
let context: BrowserContext;
let page: Page;

async function startPage(title: string): Promise<Server> {
  const server = createServer((_, response) => {
    response
      .writeHead(200, { "Content-Type": "text/html" })
      .end(`<!doctype html><title>${title}</title><h1>${title}</h1>`);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}
const originOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

beforeAll(async () => {
  const backend = queueBackends[0];
  if (backend === undefined) throw new Error("there is no queue backend");
  const port = await findFreePort();
  highLevelUrl = `http://127.0.0.1:${port}`;
  const credentials = { GHL_CLIENT_ID: "standin-test", GHL_CLIENT_SECRET: "stand-in-secret" };
  highLevel = spawn(process.execPath, [join(checkout, "infra/local/highlevel-stand-in.ts"), String(port)], {
    env: { ...process.env, ...credentials },
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (highLevel.stdout !== null) await once(highLevel.stdout, "data");
  [app, foreign] = [await startPage("The app"), await startPage("Somebody else's page")];
  services = await startServices(backend, {
    ...credentials,
    NODE_ENV: "development",
    GHL_API_BASE: highLevelUrl,
    GHL_AUTHORIZE_URL: `${highLevelUrl}/v2/oauth/chooselocation`,
    APP_URL: originOf(app),
    CORS_ORIGINS: originOf(app),
    RATE_LIMIT_AUTH: "0",
  });
  browser = await startBrowser();
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await services?.stop();
  for (const server of [app, foreign]) {
    server?.closeAllConnections();
    server?.close();
  }
  highLevel?.kill("SIGKILL");
});
beforeEach(async () => {
  context = await browser.newContext();
  page = await context.newPage();
  return () => context.close();
});

/** Goes to the page of consent, chooses a location and decides. */
async function decide(decision: "Allow" | "Deny", returnTo = "") {
  await page.goto(`${services.url}/auth/login${returnTo}`);
  expect(new URL(page.url()).origin).toBe(highLevelUrl);
  await page.getByRole("radio", { name: "Demo location (Pro)" }).check();
  await page.getByRole("button", { name: decision }).click();
  await page.waitForURL(`${originOf(app)}/**`);
}

/** A request that a script of the page makes, with the browser's cookies and rules. */
function fetchFromPage(path: string, init: { method?: string; body?: string } = {}) {
  return page.evaluate(
    async ([url, { method = "GET", body }]) => {
      const headers = body === undefined ? undefined : { "Content-Type": "application/json" };
      const answer = await fetch(url, {
        method,
        credentials: "include",
        ...(body === undefined ? {} : { body }),
        ...(headers === undefined ? {} : { headers }),
      }).catch((error: unknown) => String(error));
      return typeof answer === "string"
        ? { status: 0, body: answer }
        : // biome-ignore lint/suspicious/noExplicitAny: a page reads answers as a client in JavaScript does
          { status: answer.status, body: (await answer.json().catch(() => null)) as any };
    },
    [`${services.url}${path}`, init] as const,
  );
}
async function statusPage() {
  await page.goto(`${services.url}/auth/status`);
  return JSON.parse((await page.textContent("body")) ?? "{}").data;
}

describe("in a real browser", () => {
  test("the whole sign-in works: login, page of consent, callback, app, status", async () => {
    await decide("Allow", "?returnTo=/workflows%3Fsort%3Dname");
    expect(page.url()).toBe(`${originOf(app)}/workflows?sort=name`);
    const [session] = (await context.cookies()).filter(({ name }) => name === "wd_session");
    expect(session).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
    expect(await page.evaluate("document.cookie")).toBe("");
    const status = await fetchFromPage("/auth/status");
    expect(status.body.data).toMatchObject({ authenticated: true, locationId: "demo-pro", companyId: "demo-agency" });
    const workflows = await fetchFromPage("/api/workflows");
    expect(workflows.body.meta.degraded).toBe(false);
    expect(workflows.body.data.map(({ name }: { name: string }) => name)).toContain("Treatment enquiry nurture");
    expect(await statusPage()).toMatchObject({ authenticated: true, locationId: "demo-pro" });
  });

  test("the app creates a key, renews the session, and signs out", async () => {
    await decide("Allow");
    const key = await fetchFromPage("/api/keys", { method: "POST", body: '{"name":"From the app","scopes":["read"]}' });
    expect([key.status, key.body.data.key]).toEqual([201, expect.stringMatching(/^wd_live_/)]);
    const before = await context.cookies();
    expect((await fetchFromPage("/auth/refresh", { method: "POST" })).status).toBe(200);
    expect(await context.cookies()).not.toEqual(before);
    expect((await fetchFromPage("/auth/status")).body.data.authenticated).toBe(true);
    expect((await fetchFromPage("/auth/logout", { method: "POST" })).status).toBe(204);
    expect((await context.cookies()).filter(({ name }) => name === "wd_session")).toEqual([]);
    expect(await statusPage()).toMatchObject({ authenticated: false });
  });

  test("a denied consent leads back to the app, signed out", async () => {
    await decide("Deny");
    expect(page.url()).toBe(`${originOf(app)}/?signIn=denied`);
    expect(await statusPage()).toMatchObject({ authenticated: false });
  });

  test("a page of somebody else reads nothing and changes nothing with the visitor's session", async () => {
    await decide("Allow");
    await page.goto(originOf(foreign));
    expect(await fetchFromPage("/auth/status")).toMatchObject({ status: 0 });
    expect(await fetchFromPage("/auth/logout", { method: "POST" })).toMatchObject({ status: 0 });
    const form = `<form method="post" action="${services.url}/auth/logout"><button>win a prize</button></form>`;
    await page.setContent(form);
    await page.getByRole("button").click();
    await page.waitForURL(`${services.url}/**`);
    expect(JSON.parse((await page.textContent("body")) ?? "{}").error?.code).toBe("CSRF_FAILED");
    expect(await statusPage()).toMatchObject({ authenticated: true });
  });

  test("an install begun in the marketplace begins the sign-in anew", async () => {
    await page.goto(`${services.url}/auth/callback?code=from-the-marketplace`);
    expect(page.url()).toContain(`${highLevelUrl}/v2/oauth/chooselocation?`);
  });
});
