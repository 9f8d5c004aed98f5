import { type Kysely, sql } from "kysely";

/**
 * Runs over many workflows of a location at once: audits and simulations. One row is one job; the workflows are sealed
 * snapshots like any other definition, and request and results are sealed, since they hold what the definitions say and whom a
 * simulation is about.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table location_runs (
      id uuid primary key,
      location_id text not null references locations on delete cascade,
      kind text not null check (kind in ('audit', 'simulation')),
      status text not null check (status in ('queued', 'running', 'completed', 'failed', 'canceled')),
      generation integer not null default 1,
      attempt integer not null default 0,
      lease_token uuid,
      lease_until timestamptz,
      due_at timestamptz,
      dispatched_at timestamptz,
      created_at timestamptz not null default now(),
      started_at timestamptz,
      finished_at timestamptz,
      duration_ms integer,
      engine_version text not null,
      -- Workflows in all, and those that are done.
      total integer not null,
      done integer not null default 0,
      request bytea not null,
      encryption_key_id text not null,
      error json,
      dead_at timestamptz,
      request_id text not null,
      traceparent text
    ) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);
    alter table location_runs alter column request set storage external;
    create index location_runs_of_location on location_runs (location_id, created_at desc, id desc);
    create index location_runs_waiting on location_runs (location_id, coalesce(due_at, created_at))
      where status = 'queued' and dispatched_at is null;
    create index location_runs_dispatched on location_runs (dispatched_at)
      where status = 'queued' and dispatched_at is not null;
    create index location_runs_leased on location_runs (lease_until) where status = 'running';
    create index location_runs_dead on location_runs (dead_at) where dead_at is not null;

    create table location_run_workflows (
      run_id uuid not null references location_runs on delete cascade,
      location_id text not null,
      -- In the order given.
      position integer not null,
      snapshot_sha256 bytea not null,
      -- Of a stored definition; null for one that came with the request.
      workflow_id text,
      definition_at timestamptz,
      primary key (run_id, position),
      foreign key (location_id, snapshot_sha256) references workflow_snapshots
    );
    create index location_run_workflows_of_snapshot on location_run_workflows (location_id, snapshot_sha256);

    create table location_run_results (
      run_id uuid not null references location_runs on delete cascade,
      location_id text not null,
      part text not null,
      ciphertext bytea not null,
      encryption_key_id text not null,
      primary key (run_id, part)
    );
    alter table location_run_results alter column ciphertext set storage external;
  `.execute(db);
  for (const table of ["location_runs", "location_run_workflows", "location_run_results"]) {
    await sql`
      alter table ${sql.table(table)} enable row level security;
      alter table ${sql.table(table)} force row level security;
      create policy own_location on ${sql.table(table)} to wd_api
        using (location_id = current_setting('app.location_id', true))
        with check (location_id = current_setting('app.location_id', true));
      create policy every_location on ${sql.table(table)} to wd_worker, wd_owner using (true) with check (true);
      grant select, insert, update, delete on ${sql.table(table)} to wd_worker;
    `.execute(db);
  }
  await sql`
    grant select, insert, update, delete on location_runs to wd_api;
    grant select, insert on location_run_workflows to wd_api;
    grant select on location_run_results to wd_api;

    create function read_location_run(p_location text, p_kind text, p_id uuid) returns setof location_runs
    language plpgsql as $$
    begin
      perform set_config('app.location_id', p_location, true);
      return query select * from location_runs where id = p_id and location_id = p_location and kind = p_kind;
    end $$;

    -- The last guard of "finished rows do not change" and "generations only grow", as of analyses.
    create function keep_finished_runs() returns trigger language plpgsql as $$
    declare
      v_discarded location_runs%rowtype := old;
      v_resealed location_runs%rowtype := old;
    begin
      v_discarded.dead_at := null;
      v_resealed.request := new.request;
      v_resealed.encryption_key_id := new.encryption_key_id;
      if new.generation < old.generation
        or not (old.status = 'failed' and new.status = 'queued' and new.generation > old.generation)
          and not (old.dead_at is not null and new *= v_discarded) and not new *= v_resealed then
        raise exception 'run % is % and cannot become %', old.id, old.status, new.status using errcode = 'check_violation';
      end if;
      return new;
    end $$;
    create trigger keep_finished_runs before update on location_runs for each row
      when (old.status in ('completed', 'failed', 'canceled') or new.generation < old.generation)
      execute function keep_finished_runs();

    -- As before, with runs.
    create or replace function dead_letters(p_limit integer)
    returns table (job text, id uuid, status text, what text, attempts integer, at timestamptz, error json)
    language sql stable security definer set search_path = pg_catalog, public as $$
      (select 'analysis', a.id, a.status, a.location_id, a.attempt, a.dead_at, a.error
       from analyses a where a.dead_at is not null order by a.dead_at desc limit p_limit)
      union all
      (select 'locationRun', r.id, r.status, r.location_id, r.attempt, r.dead_at, r.error
       from location_runs r where r.dead_at is not null order by r.dead_at desc limit p_limit)
      union all
      (select 'webhook', w.id, w.status, w.provider || ' ' || w.type, w.attempt, w.finished_at, w.error
       from webhook_events w where w.status in ('failed', 'parked') order by w.finished_at desc limit p_limit)
      order by 6 desc limit p_limit
    $$;

    alter function replay_dead_letter(text, uuid) rename to replay_analysis_or_webhook;
    create function replay_dead_letter(p_job text, p_id uuid) returns boolean
    language plpgsql security definer set search_path = pg_catalog, public as $$
    begin
      if p_job <> 'locationRun' then return replay_analysis_or_webhook(p_job, p_id); end if;
      update location_runs
        set status = 'queued', generation = generation + 1, attempt = 0, done = 0, dispatched_at = null, due_at = null,
          dead_at = null, error = null, started_at = null, finished_at = null
        where id = p_id and dead_at is not null;
      if not found then return false; end if;
      perform pg_notify('location_run_changed', p_id::text), pg_notify('location_run_waiting', '');
      return true;
    end $$;

    alter function discard_dead_letter(text, uuid) rename to discard_analysis_or_webhook;
    create function discard_dead_letter(p_job text, p_id uuid) returns boolean
    language plpgsql security definer set search_path = pg_catalog, public as $$
    begin
      if p_job <> 'locationRun' then return discard_analysis_or_webhook(p_job, p_id); end if;
      update location_runs set dead_at = null where id = p_id and dead_at is not null;
      return found;
    end $$;

    revoke execute on function read_location_run, replay_dead_letter(text, uuid), discard_dead_letter(text, uuid),
      replay_analysis_or_webhook, discard_analysis_or_webhook from public, wd_api, wd_worker;
    grant execute on function read_location_run, replay_dead_letter(text, uuid), discard_dead_letter(text, uuid)
      to wd_api, wd_worker;
  `.execute(db);
}
