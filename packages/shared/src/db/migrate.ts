import { runMigrations } from "bullmq";
import { Kysely, PostgresDialect } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import pg from "pg";
import { jobs } from "../contract/jobs.ts";
import type { Logger } from "../observability/logger.ts";
import { buildIndexes } from "./indexes.ts";
import { migrations as released } from "./migrations/index.ts";

/** The schema that BullMQ's PostgreSQL backend lives in. */
export const QUEUE_SCHEMA = "bullmq";

/** How long a change to a table waits for it before it gives up, so that traffic never queues up behind it for long. */
const LOCK_TIMEOUT_MS = 1_000;
const TRIES = 10;
const LOCK_NOT_AVAILABLE = "55P03";

/**
 * Brings a database up to date: our tables and their indexes, BullMQ's, and the grants of the service roles. Safe to run
 * again and at the same time from several places. Needs the roles of `provisionDatabase`; connects as the owner. Throws
 * what went wrong; each migration is all or nothing.
 */
export async function migrate(options: {
  readonly ownerUrl: string;
  readonly log: Logger;
  /** By name; those of this release when absent. */
  readonly migrations?: Readonly<Record<string, Migration>>;
}): Promise<void> {
  const { ownerUrl, log, migrations = released } = options;
  const pool = new pg.Pool({
    connectionString: ownerUrl,
    max: 2,
    application_name: "wd migrate",
    connectionTimeoutMillis: 5_000,
    lock_timeout: LOCK_TIMEOUT_MS,
  });
  pool.on("error", (error) => log.warn({ err: error }, "migration connection lost"));
  try {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await migrateTables(pool, migrations, log);
        await migrateQueue(pool);
        await buildIndexes(pool, log);
        return;
      } catch (error) {
        const locked = error instanceof pg.DatabaseError && error.code === LOCK_NOT_AVAILABLE;
        if (!locked || attempt === TRIES) throw error;
        log.warn({ attempt }, "a table to be migrated is in use, trying again");
      }
    }
  } finally {
    await pool.end();
  }
}

async function migrateTables(
  pool: pg.Pool,
  migrations: Readonly<Record<string, Migration>>,
  log: Logger,
): Promise<void> {
  // The pool is the caller's to end.
  const dialect = new PostgresDialect({
    pool: { connect: () => pool.connect(), options: pool.options, end: () => Promise.resolve() },
  });
  const kysely = new Kysely<unknown>({ dialect });
  const migrator = new Migrator({
    db: kysely,
    provider: { getMigrations: () => Promise.resolve({ ...migrations }) },
    // Numbers are given out in blocks, so that work done side by side may land in either order.
    allowUnorderedMigrations: true,
  });
  const { error, results } = await migrator.migrateToLatest();
  await kysely.destroy();
  for (const result of results ?? []) log.info({ migration: result.migrationName, status: result.status }, "migration");
  if (error !== undefined) throw error;
}

/** Everything in the queue's schema is its own and changes with its version, so the grants are made anew each time. */
async function migrateQueue(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await runMigrations(client, QUEUE_SCHEMA);
    await client.query("begin");
    // Two grants at once on one object would fail with "tuple concurrently updated".
    await client.query("select pg_advisory_xact_lock(hashtext('wd grants on the queue'))");
    // BullMQ makes a queue's sequence at its first bulk add, which the service roles may not.
    for (const queue of new Set(Object.values(jobs).map((job) => job.queue)))
      await client.query(`select ${QUEUE_SCHEMA}.next_job_id($1)`, [queue]);
    for (const grant of [
      `grant usage on schema ${QUEUE_SCHEMA} to wd_api, wd_worker`,
      `grant select, insert, update, delete on all tables in schema ${QUEUE_SCHEMA} to wd_api, wd_worker`,
      `grant usage, select on all sequences in schema ${QUEUE_SCHEMA} to wd_api, wd_worker`,
      `grant execute on all functions in schema ${QUEUE_SCHEMA} to wd_api, wd_worker`,
    ])
      await client.query(grant);
    await client.query("commit");
  } finally {
    client.release(true);
  }
}
