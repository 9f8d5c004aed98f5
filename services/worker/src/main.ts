import { loadWorkerConfig, redacted } from "@workflow-debugger/shared/config";
import { jobs } from "@workflow-debugger/shared/contract";
import { parseKeyRing } from "@workflow-debugger/shared/crypto";
import { openDatabase } from "@workflow-debugger/shared/db";
import { createLifecycle } from "@workflow-debugger/shared/lifecycle";
import { createLogger } from "@workflow-debugger/shared/observability";
import { startWorker } from "./start-worker.ts";

/** The worker process: composition only. */

const config = loadWorkerConfig();
const log = createLogger({
  service: "worker",
  environment: config.NODE_ENV,
  level: config.LOG_LEVEL,
  pretty: config.NODE_ENV === "development",
});
const lifecycle = createLifecycle({ log });
const database = openDatabase({
  url: config.DATABASE_URL,
  maxConnections: config.DATABASE_POOL_SIZE,
  applicationName: "worker",
  log,
});
lifecycle.onShutdown("database", () => database.close());

const worker = startWorker({
  database,
  databaseUrl: config.DATABASE_URL,
  queueUrl: config.QUEUE_URL ?? "",
  keys: parseKeyRing(config.ENCRYPTION_KEYS),
  log,
  settings: {
    concurrency: config.WORKER_CONCURRENCY,
    engine: {
      threadUrl: new URL("./engine/engine-thread.ts", import.meta.url),
      deadlineMs: jobs.analysis.deadlineMs,
      memoryMb: 1_024,
    },
    lease: { leaseMs: 15_000, extendEveryMs: 2_000 },
    dispatcher: { windowSize: Math.max(32, 4 * config.WORKER_CONCURRENCY), pollMs: 1_000 },
    reconciler: { everyMs: 15_000, dispatchedBeforeMs: 10_000, limit: 200, maxStarts: 5 },
    heartbeatMs: 5_000,
  },
  onWedged: () => void lifecycle.shutdown("the queue's connection is wedged", 1),
});
lifecycle.onShutdown("worker", () => worker.close());

log.info({ config: redacted(config) }, "worker started");
worker.ready.then(() => log.info("worker takes jobs"));
