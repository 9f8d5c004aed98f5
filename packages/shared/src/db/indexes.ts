import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import type { Logger } from "../observability/logger.ts";

/**
 * Indexes of tables that may be big, by name. They are built beside the running system, which a migration's transaction
 * does not allow, and once all migrations have run. What is here may be missing for a while: it makes queries quicker and
 * nothing else.
 */
const indexes: Readonly<Record<string, string>> = {
  /** The last completed analysis of a workflow, however many were canceled or failed since. */
  analyses_completed_of_workflow: `on analyses (location_id, workflow_id, created_at desc, id desc)
    where status = 'completed' and workflow_id is not null`,
};

const LOCK = "hashtext('wd indexes')";
const LOOK_AGAIN_MS = 200;

/** Builds what is missing, and anew what an earlier build left broken off. Waits for whoever else does so. */
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
  } finally {
    client.release(true);
  }
}

async function oneValue(client: pg.PoolClient, query: string): Promise<unknown> {
  const { rows } = await client.query<[unknown]>({ text: query, rowMode: "array" });
  return rows[0]?.[0];
}
