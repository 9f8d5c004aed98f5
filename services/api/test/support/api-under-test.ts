import { buildOpenApi, developmentLocation, jobId } from "@workflow-debugger/shared/contract";
import { newApiKey, parseKeyRing } from "@workflow-debugger/shared/crypto";
import {
  type ApiKeyScope,
  CHANNELS,
  createApiKey,
  type Database,
  listen,
  monitorDatabase,
  openDatabase,
  saveLocation,
} from "@workflow-debugger/shared/db";
import { createStructureSource, openHighLevel } from "@workflow-debugger/shared/ghl";
import { memoryStore, openSharedStore } from "@workflow-debugger/shared/limits";
import {
  createLogger,
  createMetrics,
  type Logger,
  noTracing,
  registerSystemGauges,
  requestMetrics,
  type Tracing,
} from "@workflow-debugger/shared/observability";
import { openQueue } from "@workflow-debugger/shared/queue";
import type { HighLevelStandIn } from "@workflow-debugger/shared/stand-ins";
import { createTestDatabase, type QueueBackend, queueBackends, seedLocation } from "@workflow-debugger/shared/testing";
import { uuidv7 } from "uuidv7";
import { vi } from "vitest";
import { createApp } from "../../src/app.ts";
import { createAnalysisChanges } from "../../src/changes/analysis-changes.ts";
import type { Billing, Dependencies, Settings, WebhookSecrets } from "../../src/dependencies.ts";
import { createRateLimits, type Quotas } from "../../src/limits/rate-limits.ts";
import { readSystemState } from "../../src/operations/system-state.ts";

/** The whole application on a fresh database and a real queue, asked in process; no worker but the tests themselves. */
export interface ApiUnderTest {
  readonly app: ReturnType<typeof createApp>;
  /** As the worker sees the database: all locations, claims and completions. */
  readonly workerDatabase: Database;
  readonly changes: ReturnType<typeof createAnalysisChanges>;
  readonly lifecycle: { shuttingDown: boolean };
  readonly queueUrl: string;
  readonly namespace: string;
  readonly workerUrl: string;
  readonly superuserUrl: string;
  readonly log: Logger;
  /** JSON lines logged so far. */
  readonly logged: readonly string[];
  newLocation(plan?: "free" | "pro"): Promise<Tenant>;
  /** How many of these jobs the queue would deliver. */
  jobsKnown(ids: readonly string[]): Promise<number>;
  /** How many of these webhook events' first jobs the queue would deliver. */
  webhooksKnown(ids: readonly string[]): Promise<number>;
  /** The stored row of an analysis. */
  rowOf(id: string): Promise<Readonly<Record<string, unknown>> | undefined>;
  waitsForDispatcher(id: string): Promise<boolean>;
  /** Resolves once somebody waits for a change of this analysis. */
  watching(id: string): Promise<void>;
  /** The ids of a location's analyses, as soon as there are so many. */
  idsOnceQueued(locationId: string, count: number): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface Tenant {
  readonly locationId: string;
  /** Headers that carry a key with all scopes. */
  readonly auth: { readonly Authorization: string };
  newKey(...scopes: ApiKeyScope[]): Promise<{ readonly id: string; readonly auth: { readonly Authorization: string } }>;
}

export interface ApiUnderTestOptions {
  readonly backend?: QueueBackend;
  readonly settings?: Partial<Settings>;
  readonly quotas?: Partial<Quotas>;
  /** Where builder documents come from, when they do. */
  readonly structureUrl?: string;
  /** The key ring, when it matters. */
  readonly keys?: string;
  /** Count limits in the shared store instead of memory. */
  readonly sharedLimits?: boolean;
  /** Where the API finds its database, given the real address; for putting a gate in between. */
  readonly databaseUrl?: (apiUrl: string) => Promise<string>;
  readonly openWaiters?: number;
  /** Where HighLevel is; without one nothing answers. */
  readonly highLevel?: HighLevelStandIn;
  readonly webhooks?: Partial<WebhookSecrets>;
  readonly billing?: Billing;
  readonly backlog?: Partial<Dependencies["backlog"]>;
  readonly tracing?: Tracing;
}

/** The shared secret of the app under test, for embedded pages. */
export const SSO_SECRET = "sso secret of the tests";

const noWebhooks: WebhookSecrets = {
  stripeSecrets: [],
  highLevelKeys: { current: [], retired: [] },
  highLevelAppId: null,
};

const UNLIMITED: Quotas = { auth: 0, analyze: 0, analyzePro: 0, api: 0 };
export const OPS_TOKEN = "the-operators-of-the-tests";
export const TEST_KEYS = `test:${Buffer.alloc(32, 7).toString("base64")}`;

export async function startApi(options: ApiUnderTestOptions = {}): Promise<ApiUnderTest> {
  const backend = options.backend ?? queueBackends[0];
  if (backend === undefined) throw new Error("there is no queue backend");
  const testDatabase = await createTestDatabase();
  const databaseUrl = (await options.databaseUrl?.(testDatabase.apiUrl)) ?? testDatabase.apiUrl;
  const logged: string[] = [];
  const log = createLogger({
    service: "api",
    environment: "test",
    level: "debug",
    destination: { write: (line) => void logged.push(line) },
  });
  const database = openDatabase({
    url: databaseUrl,
    maxConnections: 5,
    applicationName: "api test",
    log,
    deadlineMs: 3_000,
  });
  const workerDatabase = openDatabase({
    url: testDatabase.workerUrl,
    maxConnections: 3,
    applicationName: "worker test",
    log,
  });
  const monitor = monitorDatabase({ database, log });
  const metrics = createMetrics("api");
  registerSystemGauges(metrics, () => readSystemState(database));
  const queueUrl = backend.name === "redis" ? backend.queueUrl(testDatabase) : "";
  const queue = openQueue({ queueUrl, databaseUrl, log });
  const limitStore = openSharedStore({ queueUrl, database, log });
  const changes = createAnalysisChanges(options.openWaiters === undefined ? {} : { limit: options.openWaiters });
  const listener = listen({
    url: databaseUrl,
    applicationName: "api test listen",
    channels: [CHANNELS.analysisChanged, CHANNELS.locationRunChanged],
    onNotification: (_channel, id) => changes.notify(id),
    onReconnect: () => changes.notifyAll(),
    log,
  });
  await listener.ready;
  const lifecycle = { shuttingDown: false };
  const limits = options.sharedLimits === true ? limitStore.store : memoryStore();
  const keyRing = parseKeyRing(options.keys ?? TEST_KEYS);
  const { highLevel } = options;
  const { client, tokens, resilience } = openHighLevel({
    config: {
      GHL_API_BASE: highLevel?.url ?? "http://127.0.0.1:9",
      GHL_CLIENT_ID: highLevel?.app.clientId ?? "none-1",
      GHL_CLIENT_SECRET: highLevel?.app.clientSecret ?? "none",
    },
    store: limits,
    database,
    keyRing,
    log,
  });
  const app = createApp({
    settings: {
      version: "0.0.0-test",
      environment: "production",
      corsOrigins: ["https://app.example.com"],
      appUrl: "https://app.example.com/start",
      publicOrigin: "https://api.example.com",
      trustedProxies: ["10.0.0.0/8"],
      opsToken: OPS_TOKEN,
      checkoutUrl: "https://app.example.com/upgrade",
      directLimit: 50,
      heartbeatMs: 15_000,
      ...options.settings,
    },
    log,
    database,
    monitor,
    queue,
    keyRing,
    highLevel: {
      client,
      tokens,
      authorizeUrl: highLevel?.authorizeUrl ?? "https://marketplace.example.com/chooselocation",
      redirectUri: "https://api.example.com/auth/callback",
      scopes: ["workflows.readonly", "locations.readonly", "oauth.readonly", "oauth.write"],
      ssoSecret: SSO_SECRET,
      structure:
        options.structureUrl === undefined
          ? null
          : createStructureSource(options.structureUrl, { resilience, timeoutMs: 1_000 }),
    },
    changes,
    limits: createRateLimits({ ...UNLIMITED, ...options.quotas }, limits),
    backlog: { fullFor: () => null, isLong: () => false, ...options.backlog },
    lifecycle,
    billing: options.billing ?? null,
    webhooks: { ...noWebhooks, ...options.webhooks },
    openApi: () => buildOpenApi("0.0.0-test", "http://127.0.0.1:3000"),
    metrics: { page: metrics, requests: requestMetrics(metrics) },
    tracing: options.tracing ?? noTracing,
  });
  await saveLocation(workerDatabase, developmentLocation);
  const rowOf = (id: string) =>
    workerDatabase.kysely.selectFrom("analyses").selectAll().where("id", "=", id).executeTakeFirst();

  return {
    app,
    workerDatabase,
    changes,
    lifecycle,
    queueUrl,
    namespace: testDatabase.name,
    workerUrl: testDatabase.workerUrl,
    superuserUrl: testDatabase.superuserUrl,
    log,
    logged,
    newLocation: (plan = "pro") => newTenant(workerDatabase, plan),
    jobsKnown: async (ids) => (await queue.knows(ids)).size,
    webhooksKnown: async (ids) =>
      (
        await queue.knows(
          ids.map((id) => jobId("webhook", { id, generation: 1 })),
          "webhook",
        )
      ).size,
    rowOf,
    waitsForDispatcher: async (id) => (await rowOf(id))?.dispatched_at === null,
    watching: (id) =>
      vi.waitFor(() => {
        if (!changes.isWatched(id)) throw new Error(`nobody watches ${id}`);
      }, 5_000),
    idsOnceQueued: (locationId, count) =>
      vi.waitFor(async () => {
        const rows = await workerDatabase.kysely
          .selectFrom("analyses")
          .select("id")
          .where("location_id", "=", locationId)
          .execute();
        if (rows.length < count) throw new Error(`${rows.length} of ${count} analyses are there`);
        return rows.map(({ id }) => id);
      }, 5_000),
    async close() {
      changes.close();
      await listener.close();
      monitor.close();
      limitStore.close();
      await queue.close();
      await database.close();
      await workerDatabase.close();
      await testDatabase.drop();
    },
  };
}

async function newTenant(database: Database, plan: "free" | "pro"): Promise<Tenant> {
  const locationId = await seedLocation(database, plan);
  const newKey = async (...scopes: ApiKeyScope[]) => {
    const { key, hash } = newApiKey();
    const id = uuidv7();
    await createApiKey(database, { id, locationId, name: "test", hash, scopes, actor: "test", requestId: null });
    return { id, auth: { Authorization: `Bearer ${key}` } };
  };
  return { locationId, auth: (await newKey("analyze", "read")).auth, newKey };
}
