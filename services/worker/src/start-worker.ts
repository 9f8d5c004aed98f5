import { randomUUID } from "node:crypto";
import { availableParallelism } from "node:os";
import type { KeyRing } from "@workflow-debugger/shared/crypto";
import { CHANNELS, type Database, listen, newWorkerKey } from "@workflow-debugger/shared/db";
import {
  type JobMetrics,
  type Logger,
  noJobMetrics,
  noTracing,
  type Tracing,
} from "@workflow-debugger/shared/observability";
import { openQueue, type QueueTimings, type WorkerTimings } from "@workflow-debugger/shared/queue";
import { type AuditorSettings, startAuditor } from "./auditor.ts";
import type { DispatcherSettings } from "./dispatcher.ts";
import { createEnginePool, type EngineSettings } from "./engine/engine-pool.ts";
import { groupingPool } from "./engine/grouping-pool.ts";
import { measuredPool } from "./engine/measured-pool.ts";
import { startJobLane } from "./job-lane.ts";
import { createAnalyse } from "./jobs/analyse.ts";
import { createLocationRun } from "./jobs/location-run.ts";
import { createWebhookJob, type WebhookSettings } from "./jobs/webhook.ts";
import type { LeaseSettings } from "./lease-keeper.ts";
import { startPauseWatch } from "./pause-watch.ts";
import type { ReconcilerSettings } from "./reconciler.ts";
import { createHighLevelReader, type HighLevelSettings } from "./webhooks/highlevel-events.ts";
import { createStripeReader, type StripeSettings, withoutStripe } from "./webhooks/stripe-events.ts";
import { type BillingUpkeepSettings, startBillingUpkeep } from "./webhooks/upkeep.ts";
import { startWorkerHeartbeat } from "./worker-heartbeat.ts";

export interface WorkerSettings {
  readonly concurrency: number;
  readonly engine: Omit<EngineSettings, "threads">;
  readonly lease: LeaseSettings;
  readonly dispatcher: DispatcherSettings;
  readonly reconciler: Omit<ReconcilerSettings, "leaseMs">;
  readonly heartbeatMs: number;
  readonly auditor: AuditorSettings;
  readonly webhook: WebhookSettings & { readonly concurrency: number };
  readonly billingUpkeep: BillingUpkeepSettings;
  readonly queue?: Partial<QueueTimings>;
  readonly consumer?: Partial<WorkerTimings>;
}

export interface WorkerDependencies {
  readonly database: Database;
  /** For LISTEN, which needs a connection of its own, and for the queue when `queueUrl` is empty. */
  readonly databaseUrl: string;
  readonly queueUrl: string;
  readonly keys: KeyRing;
  readonly log: Logger;
  readonly settings: WorkerSettings;
  /** Null: this installation does not bill. */
  readonly billing: StripeSettings | null;
  readonly highLevel: HighLevelSettings;
  /** The worker cannot get at its jobs any more: end the process, so that another takes its place. */
  readonly onWedged: () => void;
  readonly metrics?: JobMetrics;
  readonly tracing?: Tracing;
}

export interface RunningWorker {
  /** Resolves when jobs are consumed for the first time. */
  readonly ready: Promise<void>;
  /** Stops taking work, finishes or hands back what runs, and always resolves, with the queue or the database away too. */
  close(): Promise<void>;
}

/** Starts everything a worker is: consumer, dispatcher, reconciler and heartbeat. The database stays the caller's. */
export function startWorker(dependencies: WorkerDependencies): RunningWorker {
  const { database, databaseUrl, keys, log, settings, billing, highLevel, onWedged } = dependencies;
  const { metrics = noJobMetrics, tracing = noTracing } = dependencies;
  const location = { databaseUrl, queueUrl: dependencies.queueUrl };
  const queue = openQueue({ ...location, log, applicationName: "dispatcher", timings: settings.queue ?? {} });
  const { concurrency } = settings;
  // Runs have threads of their own share, so that no analysis waits for one behind a long audit.
  const runConcurrency = Math.max(1, Math.floor(concurrency / 2));
  const pool = createEnginePool({ ...settings.engine, threads: concurrency + runConcurrency });
  const engine = measuredPool(groupingPool(pool, { threads: Math.min(concurrency, availableParallelism()) }), {
    metrics,
    tracing,
  });
  const workerKey = newWorkerKey();
  const { lease } = settings;
  const work = { database, engine, keys, log, lease, workerKey, maxStarts: settings.reconciler.maxStarts };
  const lane = {
    database,
    location,
    queue,
    dispatcher: settings.dispatcher,
    reconciler: { ...settings.reconciler, leaseMs: lease.leaseMs },
    timings: settings.consumer ?? {},
    onWedged,
    metrics,
    tracing,
    log,
  };
  const analyses = startJobLane({ ...lane, job: "analysis", ...createAnalyse(work), concurrency });
  const runs = startJobLane({
    ...lane,
    job: "locationRun",
    handler: createLocationRun(work),
    concurrency: runConcurrency,
  });
  const webhooks = startJobLane({
    ...lane,
    job: "webhook",
    handler: createWebhookJob({
      database,
      keys,
      log,
      metrics,
      workerKey,
      readers: {
        stripe: billing === null ? withoutStripe : createStripeReader({ ...billing, database }),
        ghl: createHighLevelReader({ ...highLevel, database, keys, log }),
      },
      settings: settings.webhook,
    }),
    concurrency: settings.webhook.concurrency,
    // Attempts of an event are its own; workers that die on it use them up as well.
    reconciler: {
      ...settings.reconciler,
      maxStarts: settings.webhook.maxAttempts,
      leaseMs: settings.webhook.leaseMs,
    },
  });
  const pauses = startPauseWatch({
    database,
    lanes: { analysis: analyses, locationRun: runs, webhook: webhooks },
    everyMs: settings.heartbeatMs,
    log,
  });
  const lanes = {
    [CHANNELS.analysisWaiting]: analyses,
    [CHANNELS.locationRunWaiting]: runs,
    [CHANNELS.webhookWaiting]: webhooks,
    [CHANNELS.queuePauses]: pauses,
  };
  const listener = listen({
    url: databaseUrl,
    applicationName: "worker listen",
    channels: Object.keys(lanes),
    workerKey,
    onNotification: (channel) => lanes[channel as keyof typeof lanes]?.wake(),
    onReconnect: () => {
      for (const { wake } of Object.values(lanes)) wake();
    },
    log,
  });
  const upkeep = startBillingUpkeep({ database, keys, billing, settings: settings.billingUpkeep, log });
  const auditor = startAuditor({ database, settings: settings.auditor, log });
  const heartbeat = startWorkerHeartbeat({
    database,
    workerId: randomUUID(),
    concurrency: settings.concurrency,
    active: () => analyses.active() + runs.active() + webhooks.active(),
    everyMs: settings.heartbeatMs,
    log,
  });

  return {
    ready: Promise.all([analyses.ready, runs.ready, webhooks.ready]).then(() => undefined),
    async close() {
      await Promise.all([
        ...[analyses.close(), runs.close(), webhooks.close()],
        ...[upkeep.stop(), pauses.stop(), auditor.stop()],
      ]);
      // Its session shows that what ran until now was in living hands.
      await Promise.all([listener.close(), heartbeat.stop()]);
      await Promise.all([engine.close(), queue.close()]);
    },
  };
}
