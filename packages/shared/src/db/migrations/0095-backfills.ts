import { type Kysely, sql } from "kysely";

/** How far each backfill has come. Work on rows that are there already is never a migration's: see `runBackfillBatch`. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table backfills (
      name text primary key,
      -- Of the last row that was looked at, in the backfill's own words; null before the first.
      position text,
      looked_at bigint not null default 0,
      changed bigint not null default 0,
      started_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      finished_at timestamptz
    );
    grant select, insert, update on backfills to wd_worker;
  `.execute(db);
}
