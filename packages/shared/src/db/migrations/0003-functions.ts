import { type Kysely, sql } from "kysely";

/**
 * The statements that must be one round trip although they first name the location for row security. All run with
 * the rights of the caller, except the two `security definer` look-ups: a key by its hash, before the location is
 * known, and counts over all locations.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function authenticate_api_key(p_hash bytea)
    returns table (key_id uuid, location_id text, plan text, scopes text[])
    language plpgsql security definer set search_path = pg_catalog, public as $$
    #variable_conflict use_column
    declare
      v_last_used_at timestamptz;
    begin
      select k.id, k.location_id, l.plan, k.scopes, k.last_used_at
        into key_id, location_id, plan, scopes, v_last_used_at
        from api_keys k join locations l on l.id = k.location_id
        where k.hash = p_hash and k.revoked_at is null;
      if not found then return; end if;
      if v_last_used_at is null or v_last_used_at < now() - interval '1 minute' then
        update api_keys set last_used_at = now()
          where id in (select k.id from api_keys k where k.hash = p_hash for update skip locked);
      end if;
      return next;
    end $$;

    create function analyses_overview()
    returns table (waiting bigint, active bigint, delayed bigint, dead bigint, oldest_waiting_ms double precision)
    language sql stable security definer set search_path = pg_catalog, public as $$
      select count(*) filter (where status = 'queued' and (due_at is null or due_at <= now())),
        count(*) filter (where status = 'running'),
        count(*) filter (where status = 'queued' and due_at > now()),
        (select count(*) from analyses where dead_at is not null),
        floor(extract(epoch from now() - min(greatest(created_at, due_at))
          filter (where status = 'queued' and (due_at is null or due_at <= now()))) * 1000)
      from analyses where status in ('queued', 'running')
    $$;

    create function read_analysis(p_location text, p_id uuid, p_report boolean)
    returns table (id uuid, status text, workflow_id text, workflow_name text, attempt integer, generation integer,
      cached boolean, created_at timestamptz, started_at timestamptz, finished_at timestamptz, duration_ms integer,
      engine_version text, score smallint, grade text, summary json, error json, report text)
    language plpgsql as $$
    #variable_conflict use_column
    begin
      perform set_config('app.location_id', p_location, true);
      return query
        select a.id, a.status, a.workflow_id, a.workflow_name, a.attempt, a.generation, a.cached, a.created_at,
          a.started_at, a.finished_at, a.duration_ms, a.engine_version, a.score, a.grade, a.summary, a.error,
          r.report::text
        from analyses a
          left join analysis_results r on p_report and a.status = 'completed' and r.analysis_id = a.id
        where a.id = p_id and a.location_id = p_location;
    end $$;

    create function submit_analysis(p_location text, p_id uuid, p_actor text, p_request_id text, p_traceparent text,
      p_workflow_id text, p_workflow_name text, p_sha256 bytea, p_ciphertext bytea, p_encryption_key_id text,
      p_size integer, p_engine_version text, p_options json, p_cache_key bytea, p_direct_limit integer,
      p_route text, p_key text, p_fingerprint bytea, p_in_progress_ms integer)
    returns table (outcome text, analysis_id uuid, workflow_id text, created_at timestamptz, status text,
      status_code smallint, direct boolean)
    language plpgsql as $$
    #variable_conflict use_column
    declare
      v_source analyses%rowtype;
      v_used idempotency_keys%rowtype;
      v_backlog integer;
      v_cached boolean := false;
    begin
      perform set_config('app.location_id', p_location, true);

      -- A result of the same definition, engine, settings, facts and day.
      if p_cache_key is not null then
        select a.* into v_source
          from analysis_results r join analyses a on a.id = r.analysis_id
          where r.location_id = p_location and r.cache_key = p_cache_key limit 1;
        v_cached := found;
      end if;

      if p_key is not null then
        insert into idempotency_keys as k (location_id, route, key, fingerprint, analysis_id, workflow_id,
            analysis_created_at, analysis_status, status_code, in_progress_until, expires_at)
          values (p_location, p_route, p_key, p_fingerprint, p_id, p_workflow_id, now(),
            case when v_cached then 'completed' else 'queued' end, case when p_in_progress_ms = 0 then 202 end,
            now() + make_interval(secs => p_in_progress_ms / 1000.0), now() + interval '24 hours')
          on conflict (location_id, route, key) do update
            set fingerprint = excluded.fingerprint, analysis_id = excluded.analysis_id,
              workflow_id = excluded.workflow_id, analysis_created_at = excluded.analysis_created_at,
              analysis_status = excluded.analysis_status, status_code = excluded.status_code,
              in_progress_until = excluded.in_progress_until, expires_at = excluded.expires_at
            where k.expires_at <= now();
        if not found then
          select * into v_used from idempotency_keys
            where location_id = p_location and route = p_route and key = p_key;
          -- Our own id: this is a retry of a submission whose commit was not seen; it is answered below.
          if v_used.analysis_id <> p_id then
            outcome := case when v_used.fingerprint <> p_fingerprint then 'keyReused'
              when v_used.status_code is null and v_used.in_progress_until > now() then 'inProgress'
              else 'replayed' end;
            analysis_id := v_used.analysis_id;
            workflow_id := v_used.workflow_id;
            created_at := v_used.analysis_created_at;
            status := v_used.analysis_status;
            status_code := coalesce(v_used.status_code, 202);
            return next;
            return;
          end if;
        end if;
      end if;

      -- A long backlog shows in the newest rows; to look at no more of them costs the same at any length of history.
      select count(*) filter (where status = 'queued') into v_backlog from
        (select status from analyses where location_id = p_location
         order by created_at desc, id desc limit p_direct_limit) newest;
      direct := v_backlog < p_direct_limit;

      insert into workflow_snapshots (location_id, sha256, ciphertext, encryption_key_id, size)
        values (p_location, p_sha256, p_ciphertext, p_encryption_key_id, p_size) on conflict do nothing;
      insert into analyses (id, location_id, snapshot_sha256, workflow_id, workflow_name, status, dispatched_at,
          finished_at, duration_ms, engine_version, options, cache_key, cached, score, grade, summary, request_id,
          traceparent)
        values (p_id, p_location, p_sha256, p_workflow_id, p_workflow_name,
          case when v_cached then 'completed' else 'queued' end, case when direct and not v_cached then now() end,
          case when v_cached then now() end, v_source.duration_ms, p_engine_version, p_options, p_cache_key, v_cached,
          v_source.score, v_source.grade, v_source.summary, p_request_id, p_traceparent)
        on conflict do nothing;
      if not found then
        select a.created_at, a.cached, a.dispatched_at is not null into created_at, v_cached, direct
          from analyses a where a.id = p_id;
        if not found then raise exception 'analysis id % belongs to another location', p_id; end if;
      else
        created_at := now();
        if v_cached then
          insert into analysis_results (analysis_id, location_id, report, layout)
            select p_id, p_location, report, layout from analysis_results where analysis_id = v_source.id;
        end if;
        insert into audit_log (location_id, actor, action, subject, request_id)
          values (p_location, p_actor, 'analysis.submitted', p_id, p_request_id);
        if not v_cached and not direct then perform pg_notify('analysis_waiting', ''); end if;
      end if;

      outcome := case when v_cached then 'cached' else 'accepted' end;
      analysis_id := p_id;
      workflow_id := p_workflow_id;
      status := case when v_cached then 'completed' else 'queued' end;
      status_code := 202;
      return next;
    end $$;

    -- The last guard of "finished rows do not change" and "generations only grow", whatever a program may try.
    create function keep_finished_analyses() returns trigger language plpgsql as $$
    begin
      if new.generation < old.generation then
        raise exception 'the generation of analysis % cannot go back', old.id using errcode = 'check_violation';
      end if;
      if old.status in ('completed', 'canceled')
        or (old.status = 'failed' and not (new.status = 'queued' and new.generation > old.generation)) then
        raise exception 'analysis % is % and cannot become %', old.id, old.status, new.status
          using errcode = 'check_violation';
      end if;
      return new;
    end $$;
    create trigger keep_finished_analyses before update on analyses for each row
      when (old.status in ('completed', 'failed', 'canceled') or new.generation < old.generation)
      execute function keep_finished_analyses();

    revoke execute on all functions in schema public from public;
    grant execute on function authenticate_api_key, read_analysis, submit_analysis to wd_api;
    grant execute on all functions in schema public to wd_worker;
    grant execute on function analyses_overview to wd_api;
  `.execute(db);
}
