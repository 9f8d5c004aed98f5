import type { JobsOptions, JobType, WorkerOptions } from "bullmq";
import type { Logger } from "../observability/logger.ts";
import { openPostgresBackend } from "./postgres-backend.ts";
import { openRedisBackend } from "./redis-backend.ts";

export type QueueBackendName = "postgres" | "redis";

/** Where the queue lives. */
export interface QueueLocation {
  /** `redis://` or `rediss://` for Redis, `postgres://` for another database; empty for the application's own. */
  readonly queueUrl: string;
  /** The application's database. On Redis, its name keeps installations apart. */
  readonly databaseUrl: string;
}

/** A job as BullMQ takes it. */
export interface BullJob {
  name: string;
  data: unknown;
  opts: JobsOptions;
}

/** What is used of BullMQ's queue, whichever backend it stands on. */
export interface Producer {
  on(event: "error", listener: (error: Error) => void): unknown;
  waitUntilReady(): Promise<unknown>;
  add(name: string, data: unknown, opts: JobsOptions): Promise<unknown>;
  addBulk(jobs: BullJob[]): Promise<unknown>;
  getJobCounts(...states: JobType[]): Promise<Record<string, number>>;
  getJobs(states: JobType[], start: number, end: number, oldestFirst: boolean): Promise<{ timestamp: number }[]>;
  getJobState(id: string): Promise<string>;
  close(): Promise<void>;
  disconnect(): Promise<void>;
}

/** What is used of BullMQ's worker. */
export interface Consumer {
  on(event: "error", listener: (error: Error) => void): unknown;
  on(event: "stalled", listener: (jobId: string) => void): unknown;
  waitUntilReady(): Promise<unknown>;
  run(): Promise<void>;
  pause(doNotWaitActive: boolean): Promise<void>;
  resume(): Promise<void>;
  close(force: boolean): Promise<void>;
  disconnect(): Promise<void>;
}

export type ConsumerOptions = Omit<WorkerOptions, "connection" | "prefix">;
/** Rejects to have the job delivered again, with an `UnrecoverableError` to have it dropped. */
export type Processor = (job: {
  readonly id?: string | undefined;
  readonly data: unknown;
  /** Deliveries before this one. */
  readonly attemptsMade?: number | undefined;
}) => Promise<void>;

/**
 * What differs between the backends: how BullMQ's objects connect. Everything else is one code for both. Not part of
 * it: schedulers, flows, events, priorities and rate limits, which nothing here uses.
 */
export interface QueueBackend {
  readonly name: QueueBackendName;
  /** Fails fast while the server is away. `waitUntilReady` may reject: then close it and open another. */
  openProducer(queue: string): Producer;
  /** Waits for the server as long as it takes. Does not run yet. */
  openConsumer(queue: string, processor: Processor, options: ConsumerOptions): Consumer;
  /** Closes what producers and consumers shared; close those first. */
  close(): Promise<void>;
}

export interface BackendOptions extends QueueLocation {
  readonly log: Logger;
  /** Shown where the server lists its clients. */
  readonly applicationName: string;
  /** PostgreSQL: connections of the queue's own pool. */
  readonly maxConnections: number;
}

/** Chooses the backend by `queueUrl`. Does not connect yet. Throws on a URL of another scheme. */
export function openBackend(options: BackendOptions): QueueBackend {
  const url = options.queueUrl === "" ? options.databaseUrl : options.queueUrl;
  const scheme = url.slice(0, url.indexOf(":"));
  switch (scheme) {
    case "postgres":
    case "postgresql":
      return openPostgresBackend({ ...options, url });
    case "redis":
    case "rediss":
      return openRedisBackend({ ...options, url });
    default:
      throw new Error(
        `QUEUE_URL must be empty or start with postgres://, redis:// or rediss://, not with ${scheme || "nothing"}`,
      );
  }
}
