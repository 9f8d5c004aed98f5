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

  // The same object: BullMQ's idea of a pool and the typings of pg differ in overloads only.
  const connection = pool as unknown as PgPool;
  return {
    name: "postgres",
    openProducer: (queue) => new Queue<unknown, void>(queue, { connection, skipMetasUpdate: true }),
    openConsumer: (queue, processor, consumer) => new Worker(queue, processor, { ...consumer, connection }),
    close: () => pool.end(),
  };
}
