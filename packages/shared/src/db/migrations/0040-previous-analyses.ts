import { type Kysely, sql } from "kysely";

/** What a completed analysis is held against: the one of the same workflow that was completed and submitted before it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Not in SQL: its row source names the location for row security within the same statement.
    create function previous_of(p_analysis uuid) returns json language plpgsql stable as $$
    begin
      return (
        select json_build_object('id', before.id, 'score', before.score, 'grade', before.grade,
          'summary', before.summary)
        from analyses a cross join lateral (
          select b.id, b.score, b.grade, b.summary from analyses b
          where b.location_id = a.location_id and b.workflow_id = a.workflow_id and b.status = 'completed'
            and (b.created_at, b.id) < (a.created_at, a.id)
          order by b.created_at desc, b.id desc limit 1
        ) before
        where a.id = p_analysis and a.status = 'completed');
    end $$;
    revoke execute on function previous_of from public;
    grant execute on function previous_of to wd_api, wd_worker;
  `.execute(db);
}
