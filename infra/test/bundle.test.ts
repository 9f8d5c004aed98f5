import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { samples } from "@workflow-debugger/engine/samples";
import { createTestDatabase, type TestDatabase } from "@workflow-debugger/shared/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { checkout } from "../local/checkout.ts";
import { endWithUs } from "../local/end-with-us.ts";
import { findFreePort } from "../local/free-port.ts";

/** What the images hold, run as they run it: the bundle alone, outside the checkout, with production's configuration. */

const MOST_BYTES = 150_000_000;
let folder: string;
let database: TestDatabase;
const started: ChildProcess[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "workflow-debugger-bundle-"));
  const made = spawnSync(process.execPath, [join(checkout, "infra/images/bundle.ts"), folder], { encoding: "utf8" });
  if (made.status !== 0) throw new Error(made.stderr);
  database = await createTestDatabase();
}, 60_000);
afterAll(async () => {
  for (const child of started) child.kill("SIGKILL");
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

const keys = `k1:${Buffer.alloc(32, 3).toString("base64")}`;
const production = (more: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  PATH: process.env["PATH"],
  NODE_ENV: "production",
  LOG_LEVEL: "error",
  ENCRYPTION_KEYS: keys,
  GHL_CLIENT_ID: "bundle-test",
  GHL_CLIENT_SECRET: "secret of the bundle's test",
  ...more,
});
const runBundle = (file: string, words: readonly string[], env: NodeJS.ProcessEnv) =>
  spawnSync(process.execPath, [join(folder, file), ...words], { cwd: folder, env: production(env), encoding: "utf8" });

function start(file: string, env: NodeJS.ProcessEnv): ChildProcess {
  const child = spawn(process.execPath, [join(folder, file)], {
    cwd: folder,
    env: production(env),
    stdio: ["ignore", "inherit", "inherit"],
  });
  endWithUs(child, "SIGTERM");
  started.push(child);
  return child;
}

async function untilOk(url: string, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${url}: the process ended with ${child.exitCode}`);
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok === true) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

it("is small, and holds no source", () => {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const bytes = files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
  expect(bytes).toBeLessThan(MOST_BYTES);
  expect(files.filter(({ name }) => /\.(ts|map)$/.test(name))).toEqual([]);
});

it("migrates, makes a key, and analyses a workflow", async () => {
  const migrated = runBundle("migrate.js", [], { DATABASE_URL: database.ownerUrl });
  expect([migrated.status, migrated.stderr]).toEqual([0, ""]);
  const made = runBundle("ops.js", ["create-key", "bundle", "--plan", "pro"], { DATABASE_URL: database.workerUrl });
  expect([made.status, made.stdout]).toEqual([0, expect.stringMatching(/^wd_live_\S+\n$/)]);
  const [port, workerPort] = [await findFreePort(), await findFreePort()];
  const url = `http://127.0.0.1:${port}`;
  const addresses = { HOST: "127.0.0.1", APP_URL: url, PUBLIC_URL: url };
  const api = start("api.js", { ...addresses, DATABASE_URL: database.apiUrl, PORT: String(port) });
  const worker = start("worker.js", {
    HOST: "127.0.0.1",
    DATABASE_URL: database.workerUrl,
    WORKER_PORT: String(workerPort),
  });
  await Promise.all([untilOk(`${url}/ready`, api), untilOk(`http://127.0.0.1:${workerPort}/ready`, worker)]);
  const answer = await fetch(`${url}/api/analyze`, {
    method: "POST",
    headers: { authorization: `Bearer ${made.stdout.trim()}`, "content-type": "application/json", prefer: "wait=20" },
    body: JSON.stringify({ workflow: samples.critical }),
  });
  const { data } = (await answer.json()) as { data: { status: string; issues: readonly unknown[] } };
  expect([answer.status, data.status, data.issues.length]).toEqual([200, "completed", 12]);
  expect((await fetch(`${url}/docs/reference.js`)).status).toBe(200);
  const health = spawnSync(process.execPath, [join(folder, "health.js")], { env: { PORT: String(port) } });
  expect(health.status).toBe(0);
  for (const child of [worker, api]) {
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    expect((await ended)[0]).toBe(0);
  }
}, 60_000);

it("says how it is not healthy", async () => {
  const port = await findFreePort();
  expect(spawnSync(process.execPath, [join(folder, "health.js")], { env: { PORT: String(port) } }).status).toBe(1);
});
