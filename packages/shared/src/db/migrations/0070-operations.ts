import { type Kysely, sql } from "kysely";

/**
 * What operators see of the whole installation and do to it. The functions look past row security, and give counts and ids of
 * locations only; doors guard them.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table queue_pauses (
      job text primary key,
      paused_at timestamptz not null default now(),
      actor text not null
    );
    create table invariant_findings (
      name text primary key,
      violations bigint not null,
      checked_at timestamptz not null
    );
    grant select on queue_pauses, invariant_findings to wd_api, wd_worker;
    grant insert, update, delete on invariant_findings to wd_worker;

    -- Of a table whose rows are work; refuses any other.
    create function queue_overview(p_table text)
    returns table (waiting bigint, active bigint, delayed bigint, dead bigint, oldest_waiting_ms double precision)
    language plpgsql stable security definer set search_path = pg_catalog, public as $$
    begin
      if (select count(*) from pg_attribute where attrelid = to_regclass('public.' || quote_ident(p_table))
          and attname in ('dispatched_at', 'lease_until', 'dead_at')) <> 3 then
        raise exception 'the rows of % are no work', p_table using errcode = 'undefined_table';
      end if;
      return query execute format($query$
        select count(*) filter (where status = 'queued' and (due_at is null or due_at <= now())),
          count(*) filter (where status = 'running'),
          count(*) filter (where status = 'queued' and due_at > now()),
          (select count(*) from %1$I where %2$s),
          floor(extract(epoch from now() - min(greatest(created_at, due_at))
            filter (where status = 'queued' and (due_at is null or due_at <= now()))) * 1000)::double precision
        from %1$I where status in ('queued', 'running')$query$,
        p_table,
        case p_table when 'webhook_events' then 'status in (''failed'', ''parked'')' else 'dead_at is not null' end);
    end $$;

    create function tenant_backlog(p_limit integer)
    returns table (location_id text, waiting bigint, active bigint, oldest_waiting_ms double precision)
    language sql stable security definer set search_path = pg_catalog, public as $$
      select a.location_id, count(*) filter (where a.status = 'queued'), count(*) filter (where a.status = 'running'),
        floor(extract(epoch from now() - min(a.created_at) filter (where a.status = 'queued')) * 1000)::double precision
      from analyses a where a.status in ('queued', 'running')
      group by a.location_id order by count(*) desc, a.location_id limit p_limit
    $$;

    -- What concerns no location stands under a name that none can have.
    create function record_operation(p_location text, p_actor text, p_action text, p_subject text, p_request_id text)
    returns void language sql security definer set search_path = pg_catalog, public as $$
      insert into audit_log (location_id, actor, action, subject, request_id)
        values (coalesce(p_location, '(operations)'), p_actor, p_action, p_subject, p_request_id)
    $$;

    create function set_queue_paused(p_job text, p_paused boolean, p_actor text, p_request_id text) returns boolean
    language plpgsql security definer set search_path = pg_catalog, public as $$
    begin
      if p_paused then
        insert into queue_pauses (job, actor) values (p_job, p_actor) on conflict do nothing;
      else
        delete from queue_pauses where job = p_job;
      end if;
      if not found then return false; end if;
      perform record_operation(null, p_actor, case when p_paused then 'queue.paused' else 'queue.resumed' end, p_job,
        p_request_id);
      perform pg_notify('queue_pauses', p_job);
      return true;
    end $$;

    create function replay_dead_letter(p_job text, p_id uuid, p_actor text, p_request_id text) returns boolean
    language plpgsql security definer set search_path = pg_catalog, public as $$
    begin
      if not replay_dead_letter(p_job, p_id) then return false; end if;
      perform record_operation((select a.location_id from analyses a where a.id = p_id), p_actor, 'dead_letter.replayed',
        p_job || ' ' || p_id, p_request_id);
      return true;
    end $$;

    create function discard_dead_letter(p_job text, p_id uuid, p_actor text, p_request_id text) returns boolean
    language plpgsql security definer set search_path = pg_catalog, public as $$
    begin
      if not discard_dead_letter(p_job, p_id) then return false; end if;
      perform record_operation((select a.location_id from analyses a where a.id = p_id), p_actor, 'dead_letter.discarded',
        p_job || ' ' || p_id, p_request_id);
      return true;
    end $$;

    revoke all on function queue_overview, tenant_backlog, record_operation, set_queue_paused,
      replay_dead_letter(text, uuid, text, text), discard_dead_letter(text, uuid, text, text) from public;
    grant execute on function queue_overview, tenant_backlog, set_queue_paused,
      replay_dead_letter(text, uuid, text, text), discard_dead_letter(text, uuid, text, text) to wd_api, wd_worker;
  `.execute(db);
}
