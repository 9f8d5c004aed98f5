import { randomBytes, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { hashToken, newApiKey } from "@workflow-debugger/shared/crypto";
import {
  createApiKey,
  migrate,
  openDatabase,
  type ProvisionedUrls,
  provisionDatabase,
  retryTransient,
  saveLocation,
} from "@workflow-debugger/shared/db";
import { createLogger } from "@workflow-debugger/shared/observability";
import pg from "pg";
import { uuidv7 } from "uuidv7";
import { findFreePort } from "../../local/free-port.ts";
import { installTransitionLog } from "./audit.ts";
import { call } from "./client.ts";
import { webhookKey } from "./ledger.ts";
import { type FaultyPostgres, type FaultyServer, startFaultyPostgres, startFaultyRedis } from "./servers.ts";
import { type ServiceOptions, type ServiceProcess, startServiceProcess } from "./service.ts";

export type Backend = "postgres" | "redis";

export interface Tenant {
  readonly locationId: string;
  readonly apiKey: string;
}

export interface Api extends ServiceProcess {
  readonly url: string;
}

/** Rows of a query of the superuser's; tries again for a while where the server is just coming back. */
export type Query = <Row extends object = object>(text: string, values?: readonly unknown[]) => Promise<Row[]>;

/** The whole system as separate processes on servers of its own, one of each unless a fault asks for more. */
export interface Stack {
  readonly backend: Backend;
  readonly postgres: FaultyPostgres;
  /** Null where the queue lives in PostgreSQL. */
  readonly redis: FaultyServer | null;
  readonly urls: ProvisionedUrls;
  readonly query: Query;
  /** The API that requests go to at this moment. */
  readonly api: Api;
  readonly workers: readonly ServiceProcess[];
  /** Every process that was started, for their logs. */
  readonly started: readonly ServiceProcess[];
  startApi(more?: Partial<ServiceOptions>): Promise<Api>;
  startWorker(more?: Partial<ServiceOptions>): ServiceProcess;
  /** From now on requests go to this one. */
  use(api: Api): void;
  newTenant(): Promise<Tenant>;
  /** Both servers up, one API ready, one worker: what the next fault begins with. */
  heal(): Promise<void>;
  stop(): Promise<void>;
}

/** Secrets that the processes are given: no log line, no queue and no job may ever hold one. */
export const canaries = {
  encryptionKey: randomBytes(32).toString("base64"),
  clientSecret: `client-secret-${randomUUID()}`,
  operationsToken: `operations-${randomUUID()}`,
} as const;

const silent = createLogger({ service: "faults", environment: "test", level: "silent", pretty: false });
const passwords = { owner: "owner", api: "api", worker: "worker" };
const READY_DEADLINE_MS = 30_000;

export interface StackOptions {
  readonly postgres?: FaultyPostgres;
  /** Brings the database up to date; another release's command where two are to meet. */
  readonly migrateDatabase?: (ownerUrl: string) => Promise<void>;
  /** Where the first API and worker are started from, when not from this checkout. */
  readonly from?: string;
}

export async function startStack(backend: Backend, options: StackOptions = {}): Promise<Stack> {
  const { migrateDatabase = (ownerUrl) => migrate({ ownerUrl, log: silent }) } = options;
  const [postgres, redis] = await Promise.all([
    options.postgres ?? startFaultyPostgres(),
    backend === "redis" ? startFaultyRedis() : null,
  ]);
  const urls = await provisionDatabase({ superuserUrl: postgres.url, databaseName: "faults", passwords });
  await migrateDatabase(urls.ownerUrl);
  const superuserUrl = new URL(postgres.url);
  superuserUrl.pathname = "/faults";
  const pool = new pg.Pool({
    connectionString: superuserUrl.href,
    max: 3,
    connectionTimeoutMillis: 3_000,
    statement_timeout: 60_000,
  });
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  const query: Query = async (text, values = []) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return (await pool.query(text, [...values])).rows;
      } catch (error) {
        if (attempt === 60 || (error instanceof pg.DatabaseError && !/^(57P|08)/.test(error.code ?? ""))) throw error;
        await sleep(250);
      }
    }
  };
  await installTransitionLog(query);

  const started: ServiceProcess[] = [];
  const apis = new Set<Api>();
  const workers = new Set<ServiceProcess>();
  const shared = {
    NODE_ENV: "production",
    LOG_LEVEL: "info",
    ENCRYPTION_KEYS: `faults:${canaries.encryptionKey}`,
    GHL_CLIENT_ID: "faults-1",
    GHL_CLIENT_SECRET: canaries.clientSecret,
    GHL_API_BASE: "http://127.0.0.1:9",
    GHL_WEBHOOK_PUBLIC_KEYS: webhookKey,
  };
  const queueUrl = (ownUrl: string) => redis?.url ?? ownUrl;

  async function startApi(more: Partial<ServiceOptions> = {}): Promise<Api> {
    const port = await findFreePort();
    const url = `http://127.0.0.1:${port}`;
    const environment = {
      ...shared,
      DATABASE_URL: urls.apiUrl,
      QUEUE_URL: queueUrl(urls.apiUrl),
      PORT: String(port),
      HOST: "127.0.0.1",
      PUBLIC_URL: url,
      APP_URL: url,
      OPS_TOKEN: canaries.operationsToken,
      RATE_LIMIT_AUTH: "0",
      RATE_LIMIT_ANALYZE: "0",
      RATE_LIMIT_ANALYZE_PRO: "0",
      RATE_LIMIT_API: "0",
      ...more.environment,
    };
    const api = Object.assign(startServiceProcess("api", { ...more, environment }), { url });
    started.push(api);
    apis.add(api);
    await untilReady(api);
    return api;
  }

  function startWorker(more: Partial<ServiceOptions> = {}): ServiceProcess {
    const environment = {
      ...shared,
      DATABASE_URL: urls.workerUrl,
      QUEUE_URL: queueUrl(urls.workerUrl),
      ...more.environment,
    };
    const worker = startServiceProcess("worker", { ...more, environment });
    started.push(worker);
    workers.add(worker);
    return worker;
  }

  async function newTenant(): Promise<Tenant> {
    const open = (url: string) => openDatabase({ url, maxConnections: 1, applicationName: "faults", log: silent });
    const worker = open(urls.workerUrl);
    const api = open(urls.apiUrl);
    const locationId = `location-${randomUUID()}`;
    const { key } = newApiKey();
    try {
      await retryTransient(() => saveLocation(worker, { id: locationId, name: "Fault suite", plan: "pro" }));
      const made = { id: uuidv7(), locationId, name: "faults", hash: hashToken(key), actor: "faults", requestId: null };
      await retryTransient(() => createApiKey(api, { ...made, scopes: ["analyze", "read"] }));
    } finally {
      await Promise.all([worker.close(), api.close()]);
    }
    return { locationId, apiKey: key };
  }

  const first = options.from === undefined ? {} : { from: options.from };
  let current = await startApi(first);
  startWorker(first);
  return {
    backend,
    postgres,
    redis,
    urls,
    query,
    get api() {
      return current;
    },
    get workers() {
      return [...workers].filter(({ running }) => running);
    },
    started,
    startApi,
    startWorker,
    use(api) {
      current = api;
    },
    newTenant,
    async heal() {
      postgres.thaw();
      redis?.thaw();
      await Promise.all([postgres.start(), redis?.start()]);
      if (!current.running) current = await startApi();
      else await untilReady(current);
      for (const api of apis) if (api !== current && api.running) await api.end("SIGKILL");
      const [kept, ...others] = [...workers].filter(({ running }) => running);
      for (const worker of others) await worker.end("SIGTERM");
      if (kept === undefined) startWorker();
    },
    async stop() {
      await Promise.all(started.filter(({ running }) => running).map((service) => service.end("SIGKILL")));
      await pool.end();
      await Promise.all([postgres.stop(), redis?.stop()]);
    },
  };
}

async function untilReady(api: Api): Promise<void> {
  const deadline = performance.now() + READY_DEADLINE_MS;
  for (;;) {
    if (!api.running) throw new Error(`an API ended before it was ready:\n${api.log.slice(-5).join("\n")}`);
    if ((await call(api.url, { path: "/ready", patienceMs: 5_000 })).status === 200) return;
    if (performance.now() > deadline) throw new Error(`an API is not ready:\n${api.log.slice(-5).join("\n")}`);
    await sleep(50);
  }
}
