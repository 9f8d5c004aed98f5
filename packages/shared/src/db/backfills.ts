import { sql } from "kysely";
import type { Database, DatabaseTransaction } from "./database.ts";
import { releasedSnapshotBackfills } from "./released-snapshots.ts";

/**
 * Gives rows that are older than a release what the release expects of all. A migration may not do it: it would hold what
 * it changes for as long as the table is long. A backfill goes through a table in the order of its key, some rows at a
 * time, each batch one short transaction that also notes how far it came; so it can be killed and begun at any moment and run by any
 * number of workers. Code may count on it only after `finished_at`.
 */
export interface Backfill {
  /** Numbered like a migration, and never given to another one. */
  readonly name: string;
  /**
   * Looks at up to `limit` rows after the position, which is in its own words (null: from the start), and changes those that
   * need it. Changing a row that was changed already must do no harm.
   */
  batch(transaction: DatabaseTransaction, from: BackfillStart): Promise<BackfillBatch>;
}

export interface BackfillStart {
  readonly after: string | null;
  readonly limit: number;
}

export interface BackfillBatch {
  /** Of the last row looked at; null when there was none. */
  readonly position: string | null;
  readonly lookedAt: number;
  readonly changed: number;
}

export interface BackfillProgress {
  readonly name: string;
  readonly lookedAt: number;
  readonly changed: number;
  readonly startedAt: Date;
  readonly updatedAt: Date;
  readonly finishedAt: Date | null;
}

/** All backfills of this release, in the order in which they run. */
export const backfills: readonly Backfill[] = [...releasedSnapshotBackfills];

/** No batch may hold a row for longer. Milliseconds. */
const LONGEST_MS = 3_000;

/**
 * Does the next batch. `busy`: another process is at it just now. `finished`: there is nothing left, or there was not. For
 * the worker's role.
 */
export async function runBackfillBatch(
  database: Database,
  backfill: Backfill,
  { limit }: { readonly limit: number },
): Promise<"more" | "busy" | "finished"> {
  const { name } = backfill;
  await database.kysely
    .insertInto("backfills")
    .values({ name })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return database.kysely.transaction().execute(async (transaction) => {
    await sql`select set_config('statement_timeout', ${String(LONGEST_MS)}, true)`.execute(transaction);
    const state = await transaction
      .selectFrom("backfills")
      .select(["position", "finished_at"])
      .where("name", "=", name)
      .forUpdate()
      .skipLocked()
      .executeTakeFirst();
    if (state === undefined) return "busy";
    if (state.finished_at !== null) return "finished";
    const { position, lookedAt, changed } = await backfill.batch(transaction, { after: state.position, limit });
    const finished = lookedAt < limit;
    await sql`
      update backfills set position = ${position ?? state.position}, looked_at = looked_at + ${lookedAt}::bigint,
        changed = changed + ${changed}::bigint, updated_at = now(), finished_at = case when ${finished}::boolean then now() end
      where name = ${name}`.execute(transaction);
    return finished ? "finished" : "more";
  });
}

/** How far every backfill that was begun has come, for operators. */
export async function backfillProgress(database: Database): Promise<readonly BackfillProgress[]> {
  const rows = await database.kysely.selectFrom("backfills").selectAll().orderBy("name").execute();
  return rows.map((row) => ({
    name: row.name,
    lookedAt: row.looked_at,
    changed: row.changed,
    startedAt: row.started_at,
    updatedAt: row.updated_at,
    finishedAt: row.finished_at,
  }));
}
