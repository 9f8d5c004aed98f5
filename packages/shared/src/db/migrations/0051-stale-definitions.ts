import { type Kysely, sql } from "kysely";

/** When HighLevel said that a workflow changed, as long as no newer definition was handed in. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table workflows add column stale_since timestamptz`.execute(db);
}
