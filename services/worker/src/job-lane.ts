import type { JobName } from "@workflow-debugger/shared/contract";
import type { Database } from "@workflow-debugger/shared/db";
import type { JobMetrics, Logger, Tracing } from "@workflow-debugger/shared/observability";
import { type JobHandler, type JobQueue, openWorker, type WorkerTimings } from "@workflow-debugger/shared/queue";
import { type DispatcherSettings, startDispatcher } from "./dispatcher.ts";
import { createPuller, type Puller, type TakeMore } from "./puller.ts";
import { type ReconcilerSettings, startReconciler } from "./reconciler.ts";

export interface JobLaneOptions<Name extends JobName> {
  readonly job: Name;
  readonly handler: JobHandler<Name>;
  /** Takes rows that wait without the queue's help, where that is worth it. */
  readonly takeMore?: TakeMore<Name>;
  /** Jobs at a time. */
  readonly concurrency: number;
  readonly database: Database;
  readonly location: { readonly databaseUrl: string; readonly queueUrl: string };
  readonly queue: JobQueue;
  readonly dispatcher: DispatcherSettings;
  readonly reconciler: ReconcilerSettings;
  readonly timings: Partial<WorkerTimings>;
  readonly onWedged: () => void;
  readonly metrics: JobMetrics;
  readonly tracing: Tracing;
  readonly log: Logger;
}

/** One kind of job from waiting row to its end: dispatcher, consumer and reconciler. */
export interface JobLane {
  /** Resolves when jobs are consumed for the first time. */
  readonly ready: Promise<void>;
  /** Jobs running now. */
  active(): number;
  /** Rows wait: hands them out now. */
  wake(): void;
  /** True: nothing is handed out or taken until told otherwise; what runs goes on. */
  setPaused(paused: boolean): void;
  /** Takes nothing more, finishes or hands back what runs, and always resolves. */
  close(): Promise<void>;
}

export function startJobLane<Name extends JobName>(options: JobLaneOptions<Name>): JobLane {
  const { job, handler, takeMore, concurrency, database, location, queue, timings, onWedged, metrics, tracing, log } =
    options;
  let puller: Puller | undefined;
  const dispatcher = startDispatcher({
    job,
    database,
    queue,
    settings: options.dispatcher,
    standsBack: () => puller?.busy() === true,
    log,
  });
  const reconciler = startReconciler({ job, database, queue, settings: options.reconciler, metrics, log });
  const worker = openWorker({
    ...location,
    job,
    async handler(payload, context) {
      puller?.ring();
      const outcome = await handler(payload, context);
      dispatcher.jobFinished();
      return outcome;
    },
    concurrency,
    log,
    queue,
    onWedged,
    timings,
    metrics,
    tracing,
  });
  if (takeMore !== undefined) puller = createPuller({ takeMore, worker, onIdle: dispatcher.wake });
  return {
    ready: worker.ready,
    active: worker.active,
    wake: () => dispatcher.wake(),
    setPaused(paused) {
      dispatcher.setPaused(paused);
      worker.setPaused(paused);
    },
    async close() {
      worker.stopTaking();
      // Before jobs are handed back, or this worker would take them again.
      await Promise.all([dispatcher.stop(), reconciler.stop()]);
      await worker.close();
    },
  };
}
