import { createPostgresBackend, type PgPool, withBackend } from "bullmq";
import pg from "pg";
import type { Logger } from "../observability/logger.ts";
import type { QueueBackend } from "./backend.ts";
import { describeFailure } from "./failure-description.ts";

/** BullMQ looks for its migration ledger here when it is given a pool, whatever it is told. */
const SCHEMA = "bullmq";

const { Queue, Worker } = withBackend(createPostgresBackend);

export interface PostgresBackendOptions {
  readonly url: string;
  readonly log: Logger;
  readonly applicationName: string;
  readonly maxConnections: number;
}

/**
 * BullMQ on PostgreSQL, in the schema that `migrate()` made. The pool is ours for two reasons: BullMQ's own needs
 * `require`, which a bundled ES module does not have, and a client that loses its server while checked out raises an
 * error that only a listener on the client itself can hear. Each consumer keeps one client for LISTEN.
 */
export function openPostgresBackend(options: PostgresBackendOptions): QueueBackend {
  const pools = new Set<pg.Pool>();
  const openPool = (): pg.Pool => {
    const pool = newPool(options);
    pools.add(pool);
    return pool;
  };
  const endPool = async (pool: pg.Pool): Promise<void> => {
    if (pools.delete(pool)) await pool.end();
  };
  let producers: pg.Pool | undefined;
  return {
    name: "postgres",
    openProducer: (queue) => {
      producers ??= openPool();
      return new Queue<unknown, void>(queue, { connection: connectionOf(producers), skipMetasUpdate: true });
    },
    // A pool of its own: whoever replaces a consumer that fell silent must not inherit its dead connections.
    openConsumer: (queue, processor, consumer) => {
      const pool = openPool();
      const worker = new Worker(queue, processor, { ...consumer, connection: connectionOf(pool) });
      worker.on("closed", () => void endPool(pool).catch(() => undefined));
      return worker;
    },
    close: async () => {
      await Promise.all([...pools].map(endPool));
    },
  };
}

function newPool(options: PostgresBackendOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.maxConnections,
    application_name: options.applicationName,
    // The schema option of BullMQ is ignored with a pool of one's own.
    options: `-c search_path=${SCHEMA}`,
    connectionTimeoutMillis: 2_000,
    statement_timeout: 5_000,
    query_timeout: 6_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  });
  const lost = (error: Error) => options.log.debug({ failure: describeFailure(error) }, "queue connection lost");
  pool.on("error", lost);
  pool.on("connect", (client) => client.on("error", lost));
  return pool;
}

/** The same object: BullMQ's idea of a pool and the typings of pg differ in overloads only. */
function connectionOf(pool: pg.Pool): PgPool {
  return pool as unknown as PgPool;
}
