import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import type { Logger } from "../observability/logger.ts";

/**
 * Indexes of tables that may be big, by name. They are built beside the running system, which a migration's transaction
 * does not allow, and once all migrations have run. What is here may be missing for a while: it makes queries quicker and
 * nothing else.
 */
const indexes: Readonly<Record<string, string>> = {
  /**
   * The completed analyses of a workflow, with all that is told of the last one and of the one before another. What it
   * includes keeps the rows themselves from being read, and its pages short: PostgreSQL reads a page to the end for one row.
   */
  analyses_completed: `on analyses (location_id, workflow_id, created_at desc, id desc)
    include (score, grade, summary, finished_at) where status = 'completed' and workflow_id is not null`,
};

/** Built by an earlier release, and replaced by one of the above. */
const outgrown: readonly string[] = ["analyses_completed_of_workflow"];

const LOCK = "hashtext('wd indexes')";
const LOOK_AGAIN_MS = 200;

/** Builds what is missing, and anew what an earlier build left broken off; drops what is outgrown. One at a time does so. */
export async function buildIndexes(pool: pg.Pool, log: Logger): Promise<void> {
  const client = await pool.connect();
  try {
    // A build waits for every transaction that is older, which keeps nobody from writing.
    await client.query("set lock_timeout = 0");
    // Asked again and again: a statement that waited for the lock would be one of those that the build waits for.
    while (!(await oneValue(client, `select pg_try_advisory_lock(${LOCK})`))) await sleep(LOOK_AGAIN_MS);
    for (const [name, definition] of Object.entries(indexes)) {
      const valid = await oneValue(client, `select indisvalid from pg_index where indexrelid = to_regclass('${name}')`);
      if (valid === true) continue;
      if (valid === false) await client.query(`drop index concurrently ${name}`);
      await client.query(`create index concurrently ${name} ${definition}`);
      log.info({ index: name }, "index built");
    }
    for (const name of outgrown) await client.query(`drop index concurrently if exists ${name}`);
  } finally {
    client.release(true);
  }
}

async function oneValue(client: pg.PoolClient, query: string): Promise<unknown> {
  const { rows } = await client.query<[unknown]>({ text: query, rowMode: "array" });
  return rows[0]?.[0];
}
