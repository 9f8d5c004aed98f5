import { randomUUID } from "node:crypto";
import type { KeyRing } from "@workflow-debugger/shared/crypto";
import { CHANNELS, type Database, listen } from "@workflow-debugger/shared/db";
import type { Logger } from "@workflow-debugger/shared/observability";
import { openQueue, openWorker, type QueueTimings, type WorkerTimings } from "@workflow-debugger/shared/queue";
import { type DispatcherSettings, startDispatcher } from "./dispatcher.ts";
import { createEnginePool, type EngineSettings } from "./engine/engine-pool.ts";
import { createAnalyse } from "./jobs/analyse.ts";
import type { LeaseSettings } from "./lease-keeper.ts";
import { type ReconcilerSettings, startReconciler } from "./reconciler.ts";
import { startWorkerHeartbeat } from "./worker-heartbeat.ts";

export interface WorkerSettings {
  readonly concurrency: number;
  readonly engine: Omit<EngineSettings, "threads">;
  readonly lease: LeaseSettings;
  readonly dispatcher: DispatcherSettings;
  readonly reconciler: ReconcilerSettings;
  readonly heartbeatMs: number;
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
  /** The worker cannot get at its jobs any more: end the process, so that another takes its place. */
  readonly onWedged: () => void;
}

export interface RunningWorker {
  /** Resolves when jobs are consumed for the first time. */
  readonly ready: Promise<void>;
  /** Stops taking work, finishes or hands back what runs, and always resolves, with the queue or the database away too. */
  close(): Promise<void>;
}

/** Starts everything a worker is: consumer, dispatcher, reconciler and heartbeat. The database stays the caller's. */
export function startWorker(dependencies: WorkerDependencies): RunningWorker {
  const { database, databaseUrl, keys, log, settings, onWedged } = dependencies;
  const location = { databaseUrl, queueUrl: dependencies.queueUrl };
  const queue = openQueue({ ...location, log, applicationName: "dispatcher", timings: settings.queue ?? {} });
  const engine = createEnginePool({ ...settings.engine, threads: settings.concurrency });
  const analyse = createAnalyse({
    database,
    engine,
    keys,
    log,
    lease: settings.lease,
    maxStarts: settings.reconciler.maxStarts,
  });
  const worker = openWorker({
    ...location,
    job: "analysis",
    async handler(payload, context) {
      const outcome = await analyse(payload, context);
      dispatcher.jobFinished();
      return outcome;
    },
    concurrency: settings.concurrency,
    log,
    queue,
    onWedged,
    timings: settings.consumer ?? {},
  });
  const dispatcher = startDispatcher({ job: "analysis", database, queue, settings: settings.dispatcher, log });
  const reconciler = startReconciler({ job: "analysis", database, queue, settings: settings.reconciler, log });
  const listener = listen({
    url: databaseUrl,
    applicationName: "worker listen",
    channels: [CHANNELS.analysisWaiting],
    onNotification: () => dispatcher.wake(),
    onReconnect: () => dispatcher.wake(),
    log,
  });
  const heartbeat = startWorkerHeartbeat({
    database,
    workerId: randomUUID(),
    concurrency: settings.concurrency,
    active: worker.active,
    everyMs: settings.heartbeatMs,
    log,
  });

  return {
    ready: worker.ready,
    async close() {
      // First, or this worker would take back what it hands back.
      await Promise.all([dispatcher.stop(), reconciler.stop(), listener.close()]);
      await worker.close();
      await heartbeat.stop();
      await Promise.all([engine.close(), queue.close()]);
    },
  };
}
