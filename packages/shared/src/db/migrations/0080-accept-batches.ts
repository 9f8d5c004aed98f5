import { type Kysely, sql } from "kysely";

/**
 * Keys and submissions that arrive while others are being dealt with are dealt with together, in one statement and one
 * commit. The functions of a single one stay for the release before.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Also tells which settings documents their locations have, so that nobody looks for those of the many that have none.
    create function authenticate_api_keys(p_hashes bytea[])
    returns table (hash bytea, key_id uuid, location_id text, plan text, scopes text[], settings text[])
    language plpgsql security definer set search_path = pg_catalog, public as $$
    #variable_conflict use_column
    declare
      v_unnoted boolean;
      v_note boolean := false;
    begin
      for hash, key_id, location_id, plan, scopes, settings, v_unnoted in
        select k.hash, k.id, k.location_id, l.plan, k.scopes,
          array(select s.name from location_settings s where s.location_id = k.location_id),
          k.last_used_at is null or k.last_used_at < now() - interval '1 minute'
        from api_keys k join locations l on l.id = k.location_id
        where k.hash = any(p_hashes) and k.revoked_at is null
      loop
        v_note := v_note or v_unnoted;
        return next;
      end loop;
      if v_note then
        update api_keys set last_used_at = now() where id in (
          select k.id from api_keys k
          where k.hash = any(p_hashes) and (k.last_used_at is null or k.last_used_at < now() - interval '1 minute')
          for update skip locked);
      end if;
    end $$;

    -- One of the submissions of a batch. What is sealed stands in the bytes of the batch, counted from 1.
    create type submitted_analysis as (place integer, id uuid, location_id text, actor text, request_id text,
      traceparent text, workflow_id text, workflow_name text, sha256 bytea, bytes_from integer, bytes integer,
      encryption_key_id text, size integer, definition_at timestamptz, engine_version text, options text,
      options_sha256 bytea, options_from integer, options_bytes integer, options_key_id text, cache_key bytea,
      direct_limit integer, route text, key text, fingerprint bytea, in_progress_ms integer);

    -- Accepts submissions as if they came one after the other, except that the backlog of a location is counted once. Rows are
    -- written location by location, so that row security holds, and in one order, so that two batches with the same keys and
    -- definitions never wait for each other in a circle.
    create function submit_analyses(p_submissions json, p_bytes bytea)
    returns table (place integer, outcome text, analysis_id uuid, workflow_id text, created_at timestamptz, status text,
      status_code smallint, direct boolean, definition_at timestamptz)
    language plpgsql
    -- By index always, for which rows are also looked up one by one: a connection keeps plans from when the tables were small.
    set enable_seqscan = off set enable_bitmapscan = off
    as $$
    #variable_conflict use_column
    declare
      v_location text;
      v_given submitted_analysis[];
      v_sources uuid[];
      v_answered integer[];
      v_least integer;
      v_most integer;
      v_backlog integer;
      v_stored integer;
      v_found integer;
      v_notify boolean := false;
    begin
      for v_location, v_given, v_least, v_most in
        select s.location_id, array_agg(s order by s.place), min(s.direct_limit), max(s.direct_limit)
        from json_populate_recordset(null::submitted_analysis, p_submissions) s
        group by s.location_id order by s.location_id
      loop
        perform set_config('app.location_id', v_location, true);
        v_answered := '{}';

        -- Results of the same definition, engine, settings, facts and day.
        v_sources := array(
          select (select r.analysis_id from analysis_results r
                  where r.location_id = v_location and r.cache_key = s.cache_key limit 1)
          from unnest(v_given) with ordinality s order by s.ordinality);

        if exists (select from unnest(v_given) s where s.key is not null) then
          insert into idempotency_keys as k (location_id, route, key, fingerprint, analysis_id, workflow_id,
              analysis_created_at, analysis_status, status_code, in_progress_until, expires_at, definition_at)
            select distinct on (s.route, s.key) v_location, s.route, s.key, s.fingerprint, s.id, s.workflow_id, now(),
              case when v_sources[s.ordinality] is null then 'queued' else 'completed' end,
              case when s.in_progress_ms = 0 then 202 end, now() + make_interval(secs => s.in_progress_ms / 1000.0),
              now() + interval '24 hours', s.definition_at
            from unnest(v_given) with ordinality s where s.key is not null
            order by s.route, s.key, s.ordinality
            on conflict (location_id, route, key) do update
              set fingerprint = excluded.fingerprint, analysis_id = excluded.analysis_id,
                workflow_id = excluded.workflow_id, analysis_created_at = excluded.analysis_created_at,
                analysis_status = excluded.analysis_status, status_code = excluded.status_code,
                in_progress_until = excluded.in_progress_until, expires_at = excluded.expires_at,
                definition_at = excluded.definition_at
              where k.expires_at <= now();
          -- A key with our own id is no other's: this is a retry of a submission whose commit was not seen.
          v_answered := array(
            select s.place from unnest(v_given) s cross join lateral (
              select k.analysis_id from idempotency_keys k
              where k.location_id = v_location and k.route = s.route and k.key = s.key limit 1) k
            where k.analysis_id <> s.id);
          return query
            select s.place, case when k.fingerprint <> s.fingerprint then 'keyReused'
                when k.status_code is null and k.in_progress_until > now() then 'inProgress'
                else 'replayed' end,
              k.analysis_id, k.workflow_id, k.analysis_created_at, k.analysis_status,
              coalesce(k.status_code, 202::smallint), false, k.definition_at
            from unnest(v_given) s cross join lateral (
              select * from idempotency_keys k
              where k.location_id = v_location and k.route = s.route and k.key = s.key limit 1) k
            where s.place = any(v_answered);
        end if;

        -- A long backlog shows in the newest rows; to look at no more of them costs the same at any length of history.
        select count(*) filter (where newest.status = 'queued') into v_backlog from
          (select status from analyses where location_id = v_location order by created_at desc, id desc
           limit v_most) newest;

        insert into workflow_snapshots (location_id, sha256, ciphertext, encryption_key_id, size)
          select v_location, s.sha256, substring(p_bytes from s.bytes_from for s.bytes), s.encryption_key_id, s.size
          from (select s.* from unnest(v_given) s where not s.place = any(v_answered) order by s.sha256) s
          on conflict do nothing;
        if exists (select from unnest(v_given) s where s.options_sha256 is not null) then
          insert into option_snapshots (location_id, sha256, ciphertext, encryption_key_id)
            select v_location, s.options_sha256, substring(p_bytes from s.options_from for s.options_bytes),
              s.options_key_id
            from (select s.* from unnest(v_given) with ordinality s
                  where s.options_sha256 is not null and not s.place = any(v_answered) and v_sources[s.ordinality] is null
                  order by s.options_sha256) s
            on conflict do nothing;
        end if;

        return query
          with open as (
            select s.*, source.id as source_id, source.duration_ms, source.score, source.grade, source.summary,
              v_backlog + count(*) filter (where source.id is null) over (
                order by s.ordinality rows between unbounded preceding and 1 preceding) < s.direct_limit as direct
            from unnest(v_given) with ordinality s left join lateral (
              select * from analyses a
              where v_sources[s.ordinality] is not null and a.id = v_sources[s.ordinality] limit 1) source on true
            where not s.place = any(v_answered)
          ), inserted as (
            insert into analyses (id, location_id, snapshot_sha256, workflow_id, workflow_name, status, dispatched_at,
                finished_at, duration_ms, engine_version, options, options_sha256, cache_key, cached, score, grade,
                summary, request_id, traceparent)
              select id, v_location, sha256, workflow_id, workflow_name,
                case when source_id is null then 'queued' else 'completed' end,
                case when source_id is null and direct then now() end, case when source_id is not null then now() end,
                duration_ms, engine_version, options::json, case when source_id is null then options_sha256 end,
                cache_key, source_id is not null, score, grade, summary, request_id, traceparent
              from open on conflict (id) do nothing
              returning id, cached, status, created_at, dispatched_at
          ), served as (
            insert into analysis_results (analysis_id, location_id, report, layout, encryption_key_id)
              select open.id, v_location, r.report, r.layout, r.encryption_key_id
              from inserted join open using (id) join analysis_results r on r.analysis_id = open.source_id
              where inserted.cached
          ), dated as (
            insert into analysis_definitions (analysis_id, location_id, definition_at)
              select id, v_location, definition_at from inserted join open using (id) where definition_at is not null
          ), noted as (
            insert into audit_log (location_id, actor, action, subject, request_id)
              select v_location, actor, 'analysis.submitted', id, request_id from inserted join open using (id)
          )
          select o.place, case when i.cached then 'cached' else 'accepted' end, i.id, o.workflow_id, i.created_at,
            i.status, 202::smallint, i.dispatched_at is not null, o.definition_at
          from inserted i join open o using (id);
        get diagnostics v_stored = row_count;
        if v_stored + cardinality(v_answered) < cardinality(v_given) then
          -- What an earlier try stored, whose commit was not seen.
          return query
            select s.place, case when a.cached then 'cached' else 'accepted' end, a.id, s.workflow_id, a.created_at,
              case when a.cached then 'completed' else 'queued' end, 202::smallint, a.dispatched_at is not null,
              s.definition_at
            from unnest(v_given) s cross join lateral (select * from analyses a where a.id = s.id limit 1) a
            where not s.place = any(v_answered) and a.created_at < now();
          get diagnostics v_found = row_count;
          if v_stored + v_found + cardinality(v_answered) < cardinality(v_given) then
            raise exception 'an analysis id belongs to another location';
          end if;
        end if;
        v_notify := v_notify or v_backlog + v_stored > v_least;
      end loop;
      if v_notify then perform pg_notify('analysis_waiting', ''); end if;
    end $$;

    revoke execute on function authenticate_api_keys, submit_analyses from public;
    grant execute on function authenticate_api_keys, submit_analyses to wd_api, wd_worker;
  `.execute(db);
}
