import { openStripe } from "@workflow-debugger/shared/billing";
import { loadWorkerConfig, redacted } from "@workflow-debugger/shared/config";
import { jobs } from "@workflow-debugger/shared/contract";
import { parseKeyRing } from "@workflow-debugger/shared/crypto";
import { backfills, monitorDatabase, openDatabase } from "@workflow-debugger/shared/db";
import { createStructureSource, openHighLevel, refreshLocationFacts } from "@workflow-debugger/shared/ghl";
import { createLifecycle } from "@workflow-debugger/shared/lifecycle";
import { openSharedStore } from "@workflow-debugger/shared/limits";
import {
  createLogger,
  createMetrics,
  jobMetrics,
  measurePool,
  openErrorReports,
  openTracing,
} from "@workflow-debugger/shared/observability";
import manifest from "../package.json" with { type: "json" };
import { startBackfills } from "./backfills.ts";
import { startFactsRefresher } from "./facts-refresher.ts";
import { serveState } from "./operations/serve-state.ts";
import { startRetention } from "./retention.ts";
import { startWorker } from "./start-worker.ts";
import { startTokenRefresher } from "./token-refresher.ts";

/** The worker process: composition only. */

const config = loadWorkerConfig();
const environment = config.NODE_ENV;
const { version } = manifest;
const reports = await openErrorReports({ dsn: config.SENTRY_DSN, environment, release: version });
const log = createLogger({
  service: "worker",
  environment,
  level: config.LOG_LEVEL,
  pretty: environment === "development",
  report: reports.report,
});
const lifecycle = createLifecycle({ log });
lifecycle.onShutdown("error reports", () => reports.close());
const endpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT;
const tracing = await openTracing({ service: "worker", environment, version, endpoint });
lifecycle.onShutdown("traces", () => tracing.close());
const metrics = createMetrics("worker");
const database = openDatabase({
  url: config.DATABASE_URL,
  maxConnections: config.DATABASE_POOL_SIZE,
  applicationName: "worker",
  log,
});
lifecycle.onShutdown("database", () => database.close());
measurePool(metrics, database.connections);

const keys = parseKeyRing(config.ENCRYPTION_KEYS);
const queueUrl = config.QUEUE_URL ?? "";
const limitStore = openSharedStore({ queueUrl, database, log });
lifecycle.onShutdown("rate limits", () => limitStore.close());
const highLevel = openHighLevel({ config, store: limitStore.store, database, keyRing: keys, log });
const tokenRefresher = startTokenRefresher({
  database,
  tokens: highLevel.tokens,
  settings: { everyMs: 60_000, withinMs: 7_200_000, limit: 50 },
  log,
});
lifecycle.onShutdown("token refresher", () => tokenRefresher.stop());

const factsRefresher = startFactsRefresher({
  database,
  refresh: (locationId) =>
    refreshLocationFacts(
      { ...highLevel, database, keyRing: keys },
      { locationId, actor: "worker", requestId: null, signal: AbortSignal.timeout(60_000) },
    ),
  settings: { everyMs: 60_000, refreshAfterMs: 86_400_000, retryAfterMs: 900_000, limit: 10 },
  log,
});
lifecycle.onShutdown("facts refresher", () => factsRefresher.stop());

const retention = startRetention({
  database,
  settings: {
    everyMs: 60_000,
    auditKeptForMs: config.AUDIT_RETENTION_DAYS * 86_400_000,
    resultsKeptForMs: config.RESULT_RETENTION_DAYS * 86_400_000,
    limit: 1_000,
  },
  log,
});
lifecycle.onShutdown("retention", () => retention.stop());

const backfilling = startBackfills({ database, backfills, settings: { limit: 500, busyRestMs: 5_000 }, log });
lifecycle.onShutdown("backfills", () => backfilling.stop());

const worker = startWorker({
  database,
  databaseUrl: config.DATABASE_URL,
  queueUrl,
  keys,
  log,
  settings: {
    concurrency: config.WORKER_CONCURRENCY,
    engine: {
      threadUrl: new URL("./engine/engine-thread.ts", import.meta.url),
      deadlineMs: jobs.analysis.deadlineMs,
      runDeadlineMs: jobs.locationRun.deadlineMs,
      memoryMb: 1_024,
    },
    lease: { leaseMs: 15_000, extendEveryMs: 2_000 },
    // Each job in the queue may bring 15 others along, and whoever comes next stands behind them all.
    dispatcher: { windowSize: Math.max(4, config.WORKER_CONCURRENCY), pollMs: 1_000 },
    reconciler: {
      everyMs: 5_000,
      dispatchedBeforeMs: 10_000,
      silentMs: 5_000,
      limit: 200,
      maxStarts: 5,
      apartMs: 3_000,
    },
    heartbeatMs: 5_000,
    auditor: { everyMs: 60_000, openForMs: 3_600_000 },
    webhook: {
      concurrency: config.WEBHOOK_CONCURRENCY,
      leaseMs: 30_000,
      deadlineMs: 25_000,
      maxAttempts: 12,
      backoffMs: 2_000,
    },
    billingUpkeep: {
      everyMs: 60_000,
      compareEveryMs: 3_600_000,
      webhooksKeptForMs: config.WEBHOOK_RETENTION_DAYS * 86_400_000,
    },
  },
  billing:
    config.STRIPE_SECRET_KEY === undefined
      ? null
      : {
          stripe: openStripe({ secretKey: config.STRIPE_SECRET_KEY, apiBase: config.STRIPE_API_BASE }),
          proPrice: config.STRIPE_PRICE_PRO ?? null,
          livemode: /^[sr]k_live_/.test(config.STRIPE_SECRET_KEY),
          now: () => new Date(),
        },
  highLevel: {
    ...highLevel,
    structure:
      config.GHL_STRUCTURE_URL === undefined
        ? null
        : createStructureSource(config.GHL_STRUCTURE_URL, { resilience: highLevel.resilience, timeoutMs: 10_000 }),
  },
  onWedged: () => void lifecycle.shutdown("the queue's connection is wedged", 1),
  metrics: jobMetrics(metrics, Object.keys(jobs)),
  tracing,
});
lifecycle.onShutdown("worker", () => worker.close());

let takesJobs = false;
log.info({ config: redacted(config) }, "worker started");
worker.ready.then(() => {
  takesJobs = true;
  log.info("worker takes jobs");
});

if (config.WORKER_PORT !== undefined) {
  const monitor = monitorDatabase({ database, log });
  lifecycle.onShutdown("database monitor", () => monitor.close());
  const server = await serveState({
    host: config.HOST,
    port: config.WORKER_PORT,
    opsToken: config.OPS_TOKEN ?? null,
    metrics,
    notReady() {
      if (lifecycle.shuttingDown) return "shutting down";
      if (!monitor.health().reachable) return "database unreachable";
      return takesJobs ? null : "the queue is not consumed yet";
    },
  });
  lifecycle.onShutdown("state server", () => server.close());
  log.info({ port: server.port }, `probes and metrics on http://${config.HOST}:${server.port}`);
}
