import { createPostgresBackend, type PgPool, Queue, Worker, withBackend } from "bullmq";
import pg from "pg";

/** What the hand-written processes stand on, from the environment that ours are given. */

const NAME = "bench";
const POOL_SIZE = 10;
/** As many jobs at a time as our worker runs by default. */
const CONCURRENCY = 4;
const databaseUrl = process.env["DATABASE_URL"] ?? "";
const queueUrl = process.env["QUEUE_URL"] ?? "";
const OnPostgres = withBackend(createPostgresBackend);

export const BASELINE_TABLES = `
  create table bench_keys (hash bytea primary key, tenant text not null);
  create table bench_jobs (id uuid primary key, tenant text not null, status text not null default 'queued', body json not null,
    created_at timestamptz not null default now(), finished_at timestamptz);
  create index on bench_jobs (tenant, created_at);
  create table bench_results (job_id uuid primary key references bench_jobs, report json not null);`;

export function openBaselinePool(): pg.Pool {
  return new pg.Pool({ connectionString: databaseUrl, max: POOL_SIZE });
}

/** What is used of a queue, whichever backend it stands on. */
type BaselineQueue = Pick<Queue, "add" | "waitUntilReady">;

export function openBaselineQueue(): BaselineQueue {
  if (queueUrl.startsWith("redis")) return new Queue(NAME, { connection: { url: queueUrl } });
  return new OnPostgres.Queue(NAME, { connection: queuePool(), skipMetasUpdate: true });
}

export function openBaselineWorker(process: (data: { readonly id: string }) => Promise<void>): void {
  const handle = (job: { readonly data: { readonly id: string } }) => process(job.data);
  if (queueUrl.startsWith("redis")) {
    const connection = { url: queueUrl, maxRetriesPerRequest: null };
    new Worker(NAME, handle, { connection, concurrency: CONCURRENCY });
    return;
  }
  new OnPostgres.Worker(NAME, handle, { connection: queuePool(), concurrency: CONCURRENCY });
}

/** BullMQ's tables stand in a schema of their own. */
function queuePool(): PgPool {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: POOL_SIZE, options: "-c search_path=bullmq" });
  return pool as unknown as PgPool;
}
