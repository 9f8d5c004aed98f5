import { type Kysely, sql } from "kysely";

/** As `waiting_analyses`, which the release before asks, with audits and simulations. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function waiting_work(p_crowded integer)
    returns table (total bigint, crowded text[])
    language sql stable security definer set search_path = pg_catalog, public as $$
      select coalesce(sum(waiting.rows), 0)::bigint,
        coalesce(array_agg(waiting.location_id) filter (where waiting.rows >= p_crowded), array[]::text[])
      from (select location_id, count(*) as rows
            from (select location_id from analyses where status = 'queued' and dispatched_at is null
                  union all
                  select location_id from location_runs where status = 'queued' and dispatched_at is null) undispatched
            group by location_id) waiting
    $$;
    revoke all on function waiting_work from public;
    grant execute on function waiting_work to wd_api, wd_worker;
  `.execute(db);
}
