import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { samples } from "@workflow-debugger/engine/samples";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findFreePort } from "../local/free-port.ts";
import { startBrowser } from "./support/browser.ts";
import { type Command, type Ready, readyOf, startDev } from "./support/commands.ts";

/** The upgrade as a user of `pnpm dev` clicks through it: API, worker, stand-in Stripe and HighLevel are processes of their own. */

let dataFolder: string;
let stack: Command;
let ready: Ready;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  dataFolder = mkdtempSync(join(tmpdir(), "workflow-debugger-upgrade-"));
  stack = startDev({ dataFolder, port: await findFreePort() });
  [ready, browser] = await Promise.all([readyOf(stack), startBrowser()]);
  page = await browser.newPage();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  stack?.interrupt();
  await stack?.ended();
  rmSync(realpathSync(join(dataFolder, "postgres")), { recursive: true, force: true });
  rmSync(dataFolder, { recursive: true, force: true });
}, 60_000);

test("a free report hides findings; paying at Stripe opens them, by a signed webhook and the worker", async () => {
  const { url } = ready;
  const stripeEvents = async () => {
    const { data } = await (await fetch(`${url}/webhooks/health`)).json();
    return data.providers.stripe as { readonly processed: number; readonly queued: number; readonly failed: number };
  };
  const analysis = await analysed();

  // Sign in as the Free location; what its report hides is told, and no word of it is in the page.
  await page.goto(`${url}/auth/login?returnTo=/upgrade`);
  await page.getByRole("radio", { name: "Demo location (Free)" }).check();
  await page.getByRole("button", { name: "Allow" }).click();
  await page.waitForURL(`${url}/upgrade`);
  await page.getByText("demo-free").waitFor();
  const report = `${url}${analysis.links.report}?format=html`;
  await page.goto(report);
  expect(await page.locator(".finding").count()).toBe(3);
  expect(analysis).toMatchObject({ score: 0, hiddenIssues: 9 });
  expect(await stripeEvents()).toMatchObject({ processed: 0 });

  // The report's own link leads to the upgrade, that to Stripe, and Stripe back.
  await page.locator(".upgrade").getByRole("link", { name: "Upgrade" }).click();
  await page.waitForURL(`${url}/upgrade`);
  await expect.poll(() => page.getByRole("status").textContent(), PATIENCE).toBe("free");
  await page.getByRole("button", { name: "Upgrade to Pro" }).click();
  await page.getByRole("heading", { name: "Checkout (stand-in for Stripe)" }).waitFor();
  expect(new URL(page.url()).origin).not.toBe(url);

  // A Stripe that fails, as its own page is told, is told as such; then all goes on.
  const checkout = page.url();
  await page.getByRole("link", { name: "Have Stripe fail" }).click();
  await page.getByRole("radio", { name: "500, an error of Stripe's own" }).check();
  await page.getByRole("button", { name: "Switch on" }).click();
  await page.getByRole("status").getByText("every request: 500").waitFor();
  const failures = page.url();
  await page.goto(`${url}/upgrade`);
  await page.getByRole("button", { name: "Upgrade to Pro" }).click();
  await expect.poll(() => page.getByRole("alert").textContent(), PATIENCE).toContain("Stripe");
  await page.goto(failures);
  await page.getByRole("button", { name: "Switch off" }).click();
  await page.getByText("every request is answered").waitFor();

  await page.goto(checkout);
  await page.getByRole("button", { name: "Subscribe" }).click();
  await page.waitForURL(`${url}/upgrade?checkout=success`);
  await expect.poll(() => page.getByRole("status").textContent(), PATIENCE).toBe("pro");
  await expect.poll(stripeEvents, PATIENCE).toMatchObject({ queued: 0, failed: 0 });
  expect((await stripeEvents()).processed).toBeGreaterThan(0);

  // The same analysis, read again.
  await page.goto(report);
  expect(await page.locator(".finding").count()).toBe(12);
  expect(await page.locator(".upgrade").count()).toBe(0);
}, 120_000);

/** A machine with much to do is slow to follow. */
const PATIENCE = { timeout: 20_000 };

/** An analysis of the worst sample, finished, as the Free location reads it. */
async function analysed() {
  const answer = await fetch(`${ready.url}/api/analyze`, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${ready.freeApiKey}`,
      "Content-Type": "application/json",
      Prefer: "wait=30",
    },
    body: JSON.stringify({ workflow: samples.critical }),
  });
  expect(answer.status).toBe(200);
  return (await answer.json()).data;
}
