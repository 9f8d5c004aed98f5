import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { hashToken, newApiKey } from "@workflow-debugger/shared/crypto";
import { createApiKey, openDatabase, saveLocation } from "@workflow-debugger/shared/db";
import { createLogger } from "@workflow-debugger/shared/observability";
import { createTestDatabase, type QueueBackend, type TestDatabase } from "@workflow-debugger/shared/testing";
import { checkout } from "../../local/checkout.ts";
import { endWithUs } from "../../local/end-with-us.ts";
import { findFreePort } from "../../local/free-port.ts";

/** The two services as real processes on a database of their own. */
export interface Services {
  readonly url: string;
  readonly apiKey: string;
  readonly database: TestDatabase;
  /** @param own configuration of this worker alone. */
  startWorker(own?: NodeJS.ProcessEnv): ChildProcess;
  /** SIGKILL for every worker that runs. */
  killWorkers(): void;
  readonly api: ChildProcess;
  stop(): Promise<void>;
}

const silent = createLogger({ service: "test", environment: "test", level: "silent", pretty: false });

interface Program {
  readonly file: string;
  /** Of Node. */
  readonly options?: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
}

const source = (name: string): Program => ({ file: join(checkout, "services", name, "src", "main.ts") });

/**
 * @param more configuration of both services.
 * @param programOf the program of `api` and `worker`: their sources, unless it shall be what the images hold.
 */
export async function startServices(
  backend: QueueBackend,
  more: NodeJS.ProcessEnv = {},
  programOf: (name: string) => Program = source,
): Promise<Services> {
  const database = await createTestDatabase();
  const queueUrl = backend.queueUrl(database);
  const apiKey = await seedKey(database);
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const started: ChildProcess[] = [];
  const start = (name: string, environment: NodeJS.ProcessEnv) => {
    const { file, options = [], environment: own } = programOf(name);
    const usual = { NODE_ENV: "test", LOG_LEVEL: "error", QUEUE_URL: queueUrl };
    const child = spawn(process.execPath, [...options, file], {
      env: { ...process.env, ...own, ...usual, ...more, ...environment },
      stdio: ["ignore", "inherit", "inherit"],
    });
    endWithUs(child, "SIGTERM");
    started.push(child);
    return child;
  };
  const apiQueue = backend.name === "postgres" ? database.apiUrl : queueUrl;
  const api = start("api", {
    DATABASE_URL: database.apiUrl,
    QUEUE_URL: apiQueue,
    PORT: String(port),
    PUBLIC_URL: url,
    RATE_LIMIT_ANALYZE_PRO: "0",
  });
  await untilReady(url, api);
  return {
    url,
    apiKey,
    database,
    api,
    startWorker: (own = {}) => start("worker", { DATABASE_URL: database.workerUrl, ...own }),
    killWorkers() {
      for (const child of started) if (child !== api && isRunning(child)) child.kill("SIGKILL");
    },
    async stop() {
      for (const child of started) if (isRunning(child)) child.kill("SIGKILL");
      await Promise.all(started.filter(isRunning).map((child) => once(child, "exit")));
      await database.drop();
    },
  };
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

async function seedKey(database: TestDatabase): Promise<string> {
  const { key } = newApiKey();
  const open = (url: string) => openDatabase({ url, maxConnections: 2, applicationName: "seed", log: silent });
  const worker = open(database.workerUrl);
  const api = open(database.apiUrl);
  try {
    await saveLocation(worker, { id: "black-box", name: "Black box", plan: "pro" });
    await createApiKey(api, {
      id: "01900000-0000-7000-8000-000000000001",
      locationId: "black-box",
      name: "test",
      hash: hashToken(key),
      scopes: ["analyze", "read"],
      actor: "test",
      requestId: null,
    });
  } finally {
    await Promise.all([worker.close(), api.close()]);
  }
  return key;
}

async function untilReady(url: string, api: ChildProcess): Promise<void> {
  for (;;) {
    if (!isRunning(api)) throw new Error(`the API ended with ${api.exitCode ?? api.signalCode}`);
    const answer = await fetch(`${url}/ready`).catch(() => undefined);
    if (answer?.ok === true) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
