import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { migrate, provisionDatabase } from "@workflow-debugger/shared/db";
import { createLogger } from "@workflow-debugger/shared/observability";
import { checkout, dataFolder } from "./checkout.ts";
import { createDemoLocations } from "./demo-locations.ts";
import { type DevSecrets, openDevSecrets } from "./dev-secrets.ts";
import { isPortFree } from "./free-port.ts";
import { type PostgresServer, startPostgres } from "./postgres.ts";
import { describeExit, exited, stopProcess } from "./processes.ts";
import { openServerFolder } from "./server-folder.ts";
import { StackError } from "./stack-error.ts";

export interface DevStack {
  /** Where the API answers. */
  readonly url: string;
  /** API keys of the demo locations. */
  readonly keys: { readonly pro: string; readonly free: string };
  /** Settles with a sentence when a part ends that should not. */
  readonly ended: Promise<string>;
  /** API, worker, PostgreSQL, in this order; each gets its time. Safe to call twice. */
  stop(): Promise<void>;
  /** Ends the services without waiting. */
  kill(): void;
}

const START_DEADLINE_MS = 60_000;

/** Starts every part; what was started before a failure or an abort is stopped again. */
export async function startDevStack(abort: AbortSignal): Promise<DevStack> {
  const port = apiPort();
  if (!(await isPortFree(port))) {
    throw new StackError(
      `Port ${port} is taken. Stop what uses it (another \`pnpm dev\`?) or choose another: PORT=3100 npx pnpm@12 dev`,
    );
  }
  const data = dataFolder();
  const folder = openServerFolder(data);
  if (folder.remark !== undefined) console.log(folder.remark);
  const secrets = openDevSecrets(data, folder.path);
  const postgres = await startPostgres({
    folder: folder.path,
    password: secrets.postgresPassword,
    durable: true,
    maxConnections: 100,
    preferredPort: 54_321,
    onRemark: (remark) => console.log(remark),
  });
  console.log(`PostgreSQL on 127.0.0.1:${postgres.port}, data in ${folder.path}`);
  const services: ChildProcess[] = [];
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= stopAll(services, postgres);
    return stopping;
  };
  try {
    const urls = await prepareDatabase(postgres, secrets);
    abort.throwIfAborted();
    const api = startService("api", apiEnvironment(urls.apiUrl, secrets, port));
    services.push(api);
    const worker = startService("worker", serviceEnvironment(urls.workerUrl, secrets));
    services.push(worker);
    const ended = Promise.race([
      unexpected("The API", api),
      unexpected("The worker", worker),
      postgres.ended.then(() => "PostgreSQL has ended."),
    ]);
    const url = `http://127.0.0.1:${port}`;
    await Promise.race([untilReady(url, abort), ended.then((why) => Promise.reject(new StackError(why)))]);
    return {
      url,
      keys: secrets.apiKeys,
      ended,
      stop,
      kill: () => {
        for (const service of services) service.kill("SIGKILL");
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function apiPort(): number {
  const given = process.env["PORT"] || "3000";
  const port = Number(given);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new StackError(`PORT is ${given}; it must be a number from 1 to 65535.`);
  }
  return port;
}

async function prepareDatabase(postgres: PostgresServer, secrets: DevSecrets) {
  const log = createLogger({ service: "migrate", environment: "development", level: "warn", pretty: true });
  const urls = await provisionDatabase({
    superuserUrl: postgres.url,
    databaseName: "workflow_debugger",
    passwords: secrets.rolePasswords,
  });
  await migrate({ ownerUrl: urls.ownerUrl, log });
  await createDemoLocations(urls, secrets.apiKeys, log);
  return urls;
}

type Environment = Readonly<Record<string, string | undefined>>;

function serviceEnvironment(databaseUrl: string, secrets: DevSecrets): Environment {
  return {
    ...process.env,
    NODE_ENV: "development",
    DATABASE_URL: databaseUrl,
    ENCRYPTION_KEYS: process.env["ENCRYPTION_KEYS"] || secrets.encryptionKeys,
  };
}

function apiEnvironment(databaseUrl: string, secrets: DevSecrets, port: number): Environment {
  const url = `http://127.0.0.1:${port}`;
  return {
    ...serviceEnvironment(databaseUrl, secrets),
    PORT: String(port),
    HOST: process.env["HOST"] || "127.0.0.1",
    APP_URL: process.env["APP_URL"] || url,
    PUBLIC_URL: process.env["PUBLIC_URL"] || url,
  };
}

/** A service as a process of its own session, so that Ctrl-C reaches it in order; its lines carry its name. */
function startService(name: "api" | "worker", environment: Environment): ChildProcess {
  const service = spawn(process.execPath, [join(checkout, "services", name, "src", "main.ts")], {
    cwd: checkout,
    env: { ...environment },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [service.stdout, service.stderr]) {
    if (stream !== null)
      createInterface({ input: stream }).on("line", (line) => console.log(`${name.padEnd(6)} │ ${line}`));
  }
  return service;
}

async function unexpected(name: string, service: ChildProcess): Promise<string> {
  const { code, signal } = await exited(service);
  return `${name} has ended (${describeExit(code, signal)}); its last lines above say why.`;
}

async function untilReady(url: string, abort: AbortSignal): Promise<void> {
  const deadline = performance.now() + START_DEADLINE_MS;
  while (performance.now() < deadline) {
    abort.throwIfAborted();
    try {
      const answer = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(2_000) });
      if (answer.ok) return;
    } catch {
      // not listening yet
    }
    await sleep(50);
  }
  throw new StackError(`The API was not ready within ${START_DEADLINE_MS / 1_000} s; its lines above say why.`);
}

async function stopAll(services: readonly ChildProcess[], postgres: PostgresServer): Promise<void> {
  for (const service of services) {
    if (service.pid === undefined) continue;
    const gone = () => service.exitCode !== null || service.signalCode !== null;
    await stopProcess(
      service.pid,
      [
        ["SIGTERM", 12_000],
        ["SIGKILL", 2_000],
      ],
      gone,
    );
  }
  await postgres.stop();
}
