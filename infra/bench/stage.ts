import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { QueueBackend } from "@workflow-debugger/shared/testing";
import pg from "pg";
import { endWithUs } from "../local/end-with-us.ts";
import { findFreePort } from "../local/free-port.ts";
import { memoryOfImage, nodeOptionsOfImage } from "../test/support/image-memory.ts";
import { type Services, startServices } from "../test/support/services.ts";
import { BASELINE_TABLES } from "./baseline-parts.ts";

/** Our services and the hand-written ones beside each other, on one database and one queue backend. */
export interface Stage {
  readonly backend: QueueBackend["name"];
  readonly services: Services;
  readonly ours: Side;
  readonly baseline: Side;
  /** One number of the database, as superuser. */
  count(query: string): Promise<number>;
  /** MB that a process holds. */
  resident(process: ChildProcess): number;
  stop(): Promise<void>;
}

export interface Side {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  startWorker(): ChildProcess;
  stopWorker(worker: ChildProcess): Promise<void>;
}

export const STRIPE_SECRET = "whsec_bench";

/** @param programs the folder of what the images hold (`pnpm bundle`). */
export async function openStage(backend: QueueBackend, programs: string): Promise<Stage> {
  const settings = {
    RATE_LIMIT_API: "0",
    // What is refused on purpose is counted, not printed.
    LOG_LEVEL: "fatal",
    // The workers are measured over a backlog.
    BACKLOG_LIMIT: "0",
    BACKLOG_LIMIT_PER_LOCATION: "0",
    STRIPE_WEBHOOK_SECRETS: STRIPE_SECRET,
  };
  const services = await startServices(backend, settings, (name) => ({
    file: join(programs, `${name}.js`),
    options: nodeOptionsOfImage(name),
    environment: memoryOfImage(name),
  }));
  const database = new pg.Client({ connectionString: services.database.superuserUrl });
  await database.connect();
  await database.query(BASELINE_TABLES);
  const environment = {
    ...process.env,
    DATABASE_URL: services.database.superuserUrl,
    QUEUE_URL: backend.name === "redis" ? backend.queueUrl(services.database) : "",
  };
  const started: ChildProcess[] = [];
  const start = (file: string, ...parameters: readonly string[]): ChildProcess => {
    const path = fileURLToPath(new URL(file, import.meta.url));
    const child = spawn(process.execPath, [path, ...parameters], {
      env: environment,
      stdio: ["ignore", "inherit", "inherit"],
    });
    endWithUs(child, "SIGTERM");
    started.push(child);
    return child;
  };
  const port = await findFreePort();
  start("./baseline-server.ts", String(port));
  const url = `http://127.0.0.1:${port}`;
  const json = { "Content-Type": "application/json" };
  return {
    backend: backend.name,
    services,
    ours: {
      url: services.url,
      headers: { ...json, Authorization: `Bearer ${services.apiKey}` },
      startWorker: services.startWorker,
      stopWorker,
    },
    baseline: {
      url,
      headers: { ...json, Authorization: `Bearer ${await keyOf(url)}` },
      startWorker: () => start("./baseline-worker.ts"),
      stopWorker,
    },
    count: async (query) => Number(Object.values((await database.query(query)).rows[0] ?? {})[0] ?? 0),
    resident: ({ pid }) =>
      Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1_024,
    async stop() {
      await Promise.all(started.map(stopWorker));
      await database.end();
      await services.stop();
    },
  };
}

async function stopWorker(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const ended = once(worker, "exit");
  worker.kill("SIGKILL");
  await ended;
}

/** The key that the hand-written service made for us, as soon as it listens. */
async function keyOf(url: string): Promise<string> {
  for (;;) {
    const answer = await fetch(`${url}/key`).catch(() => null);
    if (answer !== null) return answer.text();
    await sleep(50);
  }
}
