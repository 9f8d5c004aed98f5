import { randomBytes, randomUUID } from "node:crypto";
import { parseKeyRing, sha256, snapshotContext } from "@workflow-debugger/shared/crypto";
import {
  type AnalysisRecord,
  type Database,
  getAnalysis,
  openDatabase,
  submitAnalysis,
} from "@workflow-debugger/shared/db";
import { createStructureSource, openHighLevel } from "@workflow-debugger/shared/ghl";
import { memoryStore } from "@workflow-debugger/shared/limits";
import type { JobMetrics } from "@workflow-debugger/shared/observability";
import { openQueue, redisPrefix } from "@workflow-debugger/shared/queue";
import type { HighLevelStandIn } from "@workflow-debugger/shared/stand-ins";
import {
  aSubmission,
  createTestDatabase,
  type QueueBackend,
  seedLocation,
  type TestDatabase,
} from "@workflow-debugger/shared/testing";
import { Redis } from "ioredis";
import pg from "pg";
import { pino } from "pino";
import { expect, vi } from "vitest";
import { type RunningWorker, startWorker, type WorkerSettings } from "../../src/start-worker.ts";
import type { StripeSettings } from "../../src/webhooks/stripe-events.ts";

export const silent = pino({ level: "silent" });

/** Everything fast, so that a fault and its recovery fit into a second or two. */
export const quickSettings: WorkerSettings = {
  concurrency: 2,
  engine: {
    threadUrl: new URL("./scripted-thread.ts", import.meta.url),
    deadlineMs: 20_000,
    runDeadlineMs: 20_000,
    memoryMb: 64,
  },
  lease: { leaseMs: 1_500, extendEveryMs: 100 },
  dispatcher: { windowSize: 8, pollMs: 100 },
  reconciler: { everyMs: 200, dispatchedBeforeMs: 500, silentMs: 500, limit: 100, maxStarts: 5, apartMs: 100 },
  heartbeatMs: 200,
  auditor: { everyMs: 200, openForMs: 3_600_000 },
  webhook: { concurrency: 4, leaseMs: 1_500, deadlineMs: 1_200, maxAttempts: 4, backoffMs: 20 },
  billingUpkeep: { everyMs: 200, compareEveryMs: 3_600_000, webhooksKeptForMs: 86_400_000 },
  queue: { backoffMs: 50, closeDeadlineMs: 500 },
  consumer: {
    lockMs: 1_000,
    stalledCheckMs: 200,
    restMs: 100,
    closeDeadlineMs: 500,
    finishMs: 300,
    handBackMs: 2_000,
  },
};

/** What a worker finds around it; nothing answers where nothing is given. */
interface Surroundings {
  readonly queueUrl?: string;
  readonly database?: Database;
  readonly billing?: StripeSettings;
  readonly highLevel?: Pick<HighLevelStandIn, "url" | "app">;
  readonly structureUrl?: string;
  readonly metrics?: JobMetrics;
}

/** One installation: a database of its own, a corner of the queue of its own, and any number of workers. */
export async function createInstallation(backend: QueueBackend) {
  const testDatabase: TestDatabase = await createTestDatabase();
  const open = (url: string) => openDatabase({ url, maxConnections: 8, applicationName: "test", log: silent });
  const database: Database = open(testDatabase.workerUrl);
  const apiDatabase: Database = open(testDatabase.apiUrl);
  const keyText = `test:${randomBytes(32).toString("base64")}`;
  const keys = parseKeyRing(keyText);
  const queueUrl = backend.queueUrl(testDatabase);
  const location = { queueUrl, databaseUrl: testDatabase.workerUrl };
  const queue = openQueue({ ...location, log: silent, timings: { backoffMs: 50, closeDeadlineMs: 500 } });
  const workers = new Set<RunningWorker>();

  return {
    testDatabase,
    database,
    open,
    queue,
    queueUrl,
    keys,
    keyText,
    location: () => seedLocation(database),

    start(
      settings: Partial<WorkerSettings> = {},
      { highLevel, structureUrl, ...at }: Surroundings = {},
    ): RunningWorker {
      const { resilience, ...asked } = openHighLevel({
        config: {
          GHL_API_BASE: highLevel?.url ?? "http://127.0.0.1:9",
          GHL_CLIENT_ID: highLevel?.app.clientId ?? "none-1",
          GHL_CLIENT_SECRET: highLevel?.app.clientSecret ?? "none",
        },
        store: memoryStore(),
        database,
        keyRing: keys,
        log: silent,
      });
      const structure =
        structureUrl === undefined ? null : createStructureSource(structureUrl, { resilience, timeoutMs: 1_000 });
      const worker = startWorker({
        ...location,
        ...at,
        highLevel: { ...asked, structure },
        database,
        keys,
        log: silent,
        settings: { ...quickSettings, ...settings },
        billing: at.billing ?? null,
        onWedged: () => undefined,
      });
      workers.add(worker);
      return worker;
    },

    /** As the API does it: one statement, and the row waits for the dispatcher. */
    async submit(locationId: string, definition: unknown, options: object | null = null): Promise<string> {
      const bytes = Buffer.from(JSON.stringify({ ...(definition as object), nonce: randomUUID() }));
      const digest = sha256(bytes);
      const snapshot = { sha256: digest, size: bytes.length, ...keys.seal(bytes, snapshotContext(locationId, digest)) };
      const submission = aSubmission(locationId, { snapshot, options, directLimit: 0 });
      const outcome = await submitAnalysis(apiDatabase, submission);
      expect(outcome.outcome).toBe("accepted");
      return submission.id;
    },

    async read(locationId: string, id: string): Promise<AnalysisRecord> {
      const record = await getAnalysis(apiDatabase, { locationId, id, report: true });
      if (record === null) throw new Error(`no analysis ${id}`);
      return record;
    },

    async untilStatus(locationId: string, id: string, status: AnalysisRecord["status"]): Promise<AnalysisRecord> {
      return vi.waitFor(
        async () => {
          const record = await this.read(locationId, id);
          expect(record.status).toBe(status);
          return record;
        },
        { timeout: 15_000, interval: 25 },
      );
    },

    /** A statement as superuser: to cause faults, and to look past row security. */
    async sql<Row>(statement: string, values: unknown[] = []): Promise<Row[]> {
      const client = new pg.Client({ connectionString: testDatabase.superuserUrl });
      await client.connect();
      try {
        return (await client.query(statement, values)).rows as Row[];
      } finally {
        await client.end();
      }
    },

    /** What FLUSHALL does to the queue. */
    async loseQueue(): Promise<void> {
      if (backend.name === "postgres") {
        await this.sql("truncate bullmq.job cascade");
        return;
      }
      const redis = new Redis(queueUrl);
      const found = await redis.keys(`${redisPrefix(testDatabase.workerUrl)}:*`);
      if (found.length > 0) await redis.del(found);
      await redis.quit();
    },

    async stop(worker: RunningWorker): Promise<void> {
      workers.delete(worker);
      await worker.close();
    },

    async stopAll(): Promise<void> {
      await Promise.all([...workers].map((worker) => worker.close()));
      workers.clear();
    },

    async remove(): Promise<void> {
      await this.stopAll();
      await queue.close();
      await this.loseQueue();
      await Promise.all([database.close(), apiDatabase.close()]);
      await testDatabase.drop();
    },
  };
}

export type Installation = Awaited<ReturnType<typeof createInstallation>>;
