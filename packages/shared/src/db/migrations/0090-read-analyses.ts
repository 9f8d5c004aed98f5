import { type Kysely, sql } from "kysely";

/** The states of analyses that are asked for at the same time are read in one round trip, each as its own location. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- All that polls and entity tags need; the report is read by read_analysis. Row security holds for each by itself:
    -- the location is named before its row is looked for.
    create function read_analyses(p_locations text[], p_ids uuid[])
    returns table (place integer, id uuid, status text, workflow_id text, workflow_name text, attempt integer,
      generation integer, cached boolean, created_at timestamptz, started_at timestamptz, finished_at timestamptz,
      duration_ms integer, engine_version text, score smallint, grade text, summary json, error json,
      definition_at timestamptz, previous json)
    language plpgsql as $$
    #variable_conflict use_column
    begin
      for v_place in 1 .. cardinality(p_ids) loop
        perform set_config('app.location_id', p_locations[v_place], true);
        return query
          select v_place, a.id, a.status, a.workflow_id, a.workflow_name, a.attempt, a.generation, a.cached,
            a.created_at, a.started_at, a.finished_at, a.duration_ms, a.engine_version, a.score, a.grade, a.summary,
            a.error, d.definition_at,
            case when a.status = 'completed' then (
              select json_build_object('id', b.id, 'score', b.score, 'grade', b.grade, 'summary', b.summary)
              from analyses b
              where b.location_id = a.location_id and b.workflow_id = a.workflow_id and b.status = 'completed'
                and (b.created_at, b.id) < (a.created_at, a.id)
              order by b.created_at desc, b.id desc limit 1) end
          from analyses a left join analysis_definitions d on d.analysis_id = a.id
          where a.id = p_ids[v_place] and a.location_id = p_locations[v_place];
      end loop;
    end $$;
    revoke execute on function read_analyses from public;
    grant execute on function read_analyses to wd_api, wd_worker;
  `.execute(db);
}
