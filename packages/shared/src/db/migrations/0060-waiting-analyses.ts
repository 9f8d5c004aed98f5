import { type Kysely, sql } from "kysely";

/**
 * How much waits, and whose: asked by every API process about once a second, so it reads one partial index and nothing
 * else, whatever the length of the history.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function waiting_analyses(p_crowded integer)
    returns table (total bigint, crowded text[])
    language sql stable security definer set search_path = pg_catalog, public as $$
      select coalesce(sum(waiting.rows), 0)::bigint,
        coalesce(array_agg(waiting.location_id) filter (where waiting.rows >= p_crowded), array[]::text[])
      from (select location_id, count(*) as rows from analyses
            where status = 'queued' and dispatched_at is null group by location_id) waiting
    $$;
    revoke all on function waiting_analyses from public;
    grant execute on function waiting_analyses to wd_api, wd_worker;
  `.execute(db);
}
