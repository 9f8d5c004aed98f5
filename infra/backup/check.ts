/**
 * `pnpm check:backup`: takes a backup of a running installation with `pg_dump`, loses the server, restores into a new one, and
 * reads the same analysis there through the API. Needs PostgreSQL's own programs (`pg_dump`, `pg_restore`, `initdb`); where there are
 * none it says so and ends with 0.
 */
import { spawn, spawnSync } from "node:child_process";
import { chownSync, existsSync, globSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { samples } from "@workflow-debugger/engine/samples";
import { hashToken, newApiKey } from "@workflow-debugger/shared/crypto";
import { createApiKey, migrate, openDatabase, provisionDatabase, saveLocation } from "@workflow-debugger/shared/db";
import { createLogger } from "@workflow-debugger/shared/observability";
import { uuidv7 } from "uuidv7";
import { checkout } from "../local/checkout.ts";
import { endWithUs } from "../local/end-with-us.ts";
import { findFreePort } from "../local/free-port.ts";
import { serverAccount } from "../local/server-account.ts";

const passwords = { owner: "owner-of-the-check", api: "api-of-the-check", worker: "worker-of-the-check" };
const DATABASE = "workflow_debugger";
const log = createLogger({ service: "check:backup", environment: "test", level: "error" });
const account = serverAccount();
const binaries = globSync("/usr/lib/postgresql/*/bin").toSorted().at(-1);
if (binaries === undefined || !["pg_dump", "pg_restore", "initdb"].every((name) => existsSync(join(binaries, name)))) {
  console.log("backup NOT checked: there are no programs of PostgreSQL under /usr/lib/postgresql");
  process.exit(0);
}
const bin = binaries;
const folder = mkdtempSync(join(tmpdir(), "workflow-debugger-backup-"));
if (account !== undefined) chownSync(folder, account.uid, account.gid);
const seconds = (since: number) => ((performance.now() - since) / 1_000).toFixed(1);

try {
  const first = await startServer("first");
  const urls = await provisionDatabase({ superuserUrl: first.url, databaseName: DATABASE, passwords });
  await migrate({ ownerUrl: urls.ownerUrl, log });
  const key = await newKey(urls);
  const before = await withServices(urls, async (url) => {
    const path = await analyse(url, key);
    return { path, text: await read(url, key, path) };
  });
  const dump = join(folder, "backup.dump");
  const dumping = performance.now();
  run("pg_dump", ["--format=custom", "--file", dump, databaseOf(first.url)]);
  console.log(`backup: pg_dump of ${DATABASE} in ${seconds(dumping)} s`);
  await first.stop("SIGQUIT");
  rmSync(join(folder, "first"), { recursive: true, force: true });
  console.log("loss: the server is gone, and its data");

  const second = await startServer("second");
  const restoring = performance.now();
  const restored = await provisionDatabase({ superuserUrl: second.url, databaseName: DATABASE, passwords });
  run("pg_restore", ["--exit-on-error", "--dbname", databaseOf(second.url), dump]);
  await migrate({ ownerUrl: restored.ownerUrl, log });
  console.log(`restore: provision, pg_restore, migrate in ${seconds(restoring)} s`);
  const after = await withServices(restored, async (url) => {
    const text = await read(url, key, before.path);
    await analyse(url, key);
    return text;
  });
  if (after !== before.text) throw new Error("the analysis reads differently after the restore");
  console.log("read: the same key reads the same analysis, byte for byte, and a new analysis is done");
  await second.stop("SIGINT");
} finally {
  rmSync(folder, { recursive: true, force: true });
}

type Urls = Awaited<ReturnType<typeof provisionDatabase>>;

function run(program: string, words: readonly string[]): void {
  const { status, stderr } = spawnSync(join(bin, program), words, { encoding: "utf8", env: { PATH: bin } });
  if (status !== 0) throw new Error(`${program} failed:\n${stderr}`);
}

function databaseOf(superuserUrl: string): string {
  const url = new URL(superuserUrl);
  url.pathname = `/${DATABASE}`;
  return url.href;
}

async function startServer(name: string) {
  const cluster = join(folder, name);
  const as = account === undefined ? {} : { uid: account.uid, gid: account.gid };
  mkdirSync(cluster, { mode: 0o700 });
  if (account !== undefined) chownSync(cluster, account.uid, account.gid);
  const made = spawnSync(join(bin, "initdb"), ["-D", cluster, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale"], { ...as, cwd: folder, encoding: "utf8" }); // biome-ignore format: one command
  if (made.status !== 0) throw new Error(`initdb failed:\n${made.stderr}`);
  const port = await findFreePort();
  const settings = [`port=${port}`, "listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=60"];
  const words = ["-D", cluster, ...settings.flatMap((setting) => ["-c", setting])];
  const server = spawn(join(bin, "postgres"), words, { ...as, cwd: folder, stdio: "ignore", detached: true });
  endWithUs(server, "SIGINT", folder);
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  while (spawnSync(join(bin, "pg_isready"), ["-d", url]).status !== 0) await sleep(100);
  return {
    url,
    async stop(signal: NodeJS.Signals) {
      const ended = new Promise((resolve) => server.once("exit", resolve));
      server.kill(signal);
      await ended;
    },
  };
}

async function newKey(urls: Urls): Promise<string> {
  const database = openDatabase({ url: urls.workerUrl, maxConnections: 1, applicationName: "check backup", log });
  const { key } = newApiKey();
  await saveLocation(database, { id: "backup", name: "Backup", plan: "pro" });
  const trail = { actor: "check:backup", requestId: null };
  await createApiKey(database, { id: uuidv7(), locationId: "backup", name: "check", hash: hashToken(key), scopes: ["analyze", "read"], ...trail }); // biome-ignore format: one row
  await database.close();
  return key;
}

/** API and worker for as long as `work` takes. */
async function withServices<Result>(urls: Urls, work: (url: string) => Promise<Result>): Promise<Result> {
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const start = (name: string, own: NodeJS.ProcessEnv) => {
    const main = join(checkout, "services", name, "src/main.ts");
    const env = { ...process.env, NODE_ENV: "test", LOG_LEVEL: "error", ...own };
    const child = spawn(process.execPath, [main], { env, stdio: ["ignore", "inherit", "inherit"] });
    endWithUs(child, "SIGTERM");
    return child;
  };
  const children = [
    start("api", { DATABASE_URL: urls.apiUrl, PORT: String(port), PUBLIC_URL: url }),
    start("worker", { DATABASE_URL: urls.workerUrl }),
  ];
  try {
    while (!(await fetch(`${url}/ready`).then(({ ok }) => ok, () => false))) await sleep(100); // biome-ignore format: one question
    return await work(url);
  } finally {
    for (const child of children) {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
    }
  }
}

/** The address of a finished analysis. */
async function analyse(url: string, key: string): Promise<string> {
  const answer = await fetch(`${url}/api/analyze`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json", prefer: "wait=30" },
    body: JSON.stringify({ workflow: samples.critical }),
  });
  if (answer.status !== 200) throw new Error(`the analysis was answered with ${answer.status}`);
  return `/api/analysis/${((await answer.json()) as { data: { id: string } }).data.id}`;
}

async function read(url: string, key: string, path: string): Promise<string> {
  const answer = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${key}` } });
  if (answer.status !== 200) throw new Error(`${path} was answered with ${answer.status}`);
  return JSON.stringify(((await answer.json()) as { data: unknown }).data);
}
