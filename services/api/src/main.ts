import { planLimits } from "@workflow-debugger/shared/billing";
import { loadApiConfig, redacted } from "@workflow-debugger/shared/config";
import { buildOpenApi } from "@workflow-debugger/shared/contract";
import { parseKeyRing } from "@workflow-debugger/shared/crypto";
import { CHANNELS, listen, monitorDatabase, openDatabase } from "@workflow-debugger/shared/db";
import { appIdOf, createStructureSource, openHighLevel, openWebhookKeys } from "@workflow-debugger/shared/ghl";
import { createLifecycle } from "@workflow-debugger/shared/lifecycle";
import { openSharedStore } from "@workflow-debugger/shared/limits";
import {
  createLogger,
  createMetrics,
  measurePool,
  openErrorReports,
  openTracing,
  registerSystemGauges,
  requestMetrics,
} from "@workflow-debugger/shared/observability";
import { openQueue } from "@workflow-debugger/shared/queue";
import manifest from "../package.json" with { type: "json" };
import { createApp } from "./app.ts";
import { createAnalysisChanges } from "./changes/analysis-changes.ts";
import { listenHttp } from "./http-server/serve.ts";
import { watchBacklog } from "./limits/backlog.ts";
import { createRateLimits } from "./limits/rate-limits.ts";
import { readSystemState } from "./operations/system-state.ts";
import { openBilling } from "./subscription/open-billing.ts";

/** The API process: everything is made here, passed on, and closed in reverse order. */

const config = loadApiConfig();
const environment = config.NODE_ENV;
const { version } = manifest;
const reports = await openErrorReports({ dsn: config.SENTRY_DSN, environment, release: version });
const log = createLogger({
  service: "api",
  environment,
  level: config.LOG_LEVEL,
  pretty: environment === "development",
  report: reports.report,
});
log.info({ config: redacted(config) }, "starting");
const lifecycle = createLifecycle({ log });
lifecycle.onShutdown("error reports", () => reports.close());
const endpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT;
const tracing = await openTracing({ service: "api", environment, version, endpoint });
lifecycle.onShutdown("traces", () => tracing.close());
const metrics = createMetrics("api");

const database = openDatabase({
  url: config.DATABASE_URL,
  maxConnections: config.DATABASE_POOL_SIZE,
  applicationName: "wd api",
  // Every statement of a request is short: a server that stalls shall cost its client seconds, not the better part of a minute.
  statementTimeoutMs: 5_000,
  deadlineMs: 6_000,
  log,
});
lifecycle.onShutdown("database", () => database.close());
measurePool(metrics, database.connections);
registerSystemGauges(metrics, () => readSystemState(database));
const monitor = monitorDatabase({ database, log });
lifecycle.onShutdown("database monitor", () => monitor.close());

const queueUrl = config.QUEUE_URL ?? "";
const queue = openQueue({ queueUrl, databaseUrl: config.DATABASE_URL, log, applicationName: "wd api queue", tracing });
lifecycle.onShutdown("queue", () => queue.close());
const limitStore = openSharedStore({ queueUrl, database, log });
lifecycle.onShutdown("rate limits", () => limitStore.close());

const changes = createAnalysisChanges();
const listener = listen({
  url: config.DATABASE_URL,
  applicationName: "wd api listen",
  channels: [CHANNELS.analysisChanged, CHANNELS.locationRunChanged],
  onNotification: (_channel, analysisId) => changes.notify(analysisId),
  onReconnect: () => changes.notifyAll(),
  log,
});
lifecycle.onShutdown("listener", () => listener.close());

const backlog = watchBacklog({
  database,
  limits: { total: config.BACKLOG_LIMIT, perLocation: config.BACKLOG_LIMIT_PER_LOCATION },
  log,
});
lifecycle.onShutdown("backlog", () => backlog.close());

const keyRing = parseKeyRing(config.ENCRYPTION_KEYS);
const { client, tokens, resilience } = openHighLevel({ config, store: limitStore.store, database, keyRing, log });

const app = createApp({
  settings: {
    version,
    environment,
    corsOrigins: config.CORS_ORIGINS,
    appUrl: config.APP_URL,
    publicOrigin: new URL(config.PUBLIC_URL).origin,
    trustedProxies: config.TRUSTED_PROXIES,
    opsToken: config.OPS_TOKEN ?? null,
    checkoutUrl: new URL("/upgrade", config.APP_URL).href,
    directLimit: 50,
    heartbeatMs: 15_000,
  },
  log,
  database,
  monitor,
  queue,
  keyRing,
  changes,
  highLevel: {
    client,
    tokens,
    authorizeUrl: config.GHL_AUTHORIZE_URL,
    redirectUri: new URL("/auth/callback", config.PUBLIC_URL).href,
    scopes: config.GHL_SCOPES,
    ssoSecret: config.GHL_SSO_SECRET ?? null,
    structure:
      config.GHL_STRUCTURE_URL === undefined
        ? null
        : createStructureSource(config.GHL_STRUCTURE_URL, { resilience, timeoutMs: 10_000 }),
  },
  limits: createRateLimits(
    {
      auth: config.RATE_LIMIT_AUTH,
      analyze: config[planLimits.free.rateVariable],
      analyzePro: config[planLimits.pro.rateVariable],
      api: config.RATE_LIMIT_API,
    },
    limitStore.store,
  ),
  backlog,
  lifecycle,
  webhooks: {
    stripeSecrets: config.STRIPE_WEBHOOK_SECRETS,
    highLevelKeys: openWebhookKeys({
      keys: config.GHL_WEBHOOK_PUBLIC_KEYS,
      acceptRetired: config.GHL_WEBHOOK_LEGACY_RSA,
    }),
    highLevelAppId: appIdOf(config),
  },
  billing: openBilling(config),
  openApi: () => buildOpenApi(version, config.PUBLIC_URL),
  metrics: { page: metrics, requests: requestMetrics(metrics) },
  tracing,
});

const server = await listenHttp(app, {
  hostname: config.HOST,
  port: config.PORT,
  drainMs: environment === "production" ? 2_000 : 200,
  deadlineMs: 20_000,
});
lifecycle.onShutdown("http server", () => {
  // Long-polls and event streams end now and tell what they know; everything else is answered in its time.
  changes.close();
  return server.close();
});
log.info({ port: server.port }, `listening on http://${config.HOST}:${server.port}`);
