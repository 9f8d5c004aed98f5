import { type Kysely, sql } from "kysely";

/** What operators do with dead letters: see them, hand them out anew, take them off the list. Any role may; doors guard it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function dead_letters(p_limit integer)
    returns table (job text, id uuid, status text, what text, attempts integer, at timestamptz, error json)
    language sql stable security definer set search_path = pg_catalog, public as $$
      (select 'analysis', a.id, a.status, a.location_id, a.attempt, a.dead_at, a.error
       from analyses a where a.dead_at is not null order by a.dead_at desc limit p_limit)
      union all
      (select 'webhook', w.id, w.status, w.provider || ' ' || w.type, w.attempt, w.finished_at, w.error
       from webhook_events w where w.status in ('failed', 'parked') order by w.finished_at desc limit p_limit)
      order by 6 desc limit p_limit
    $$;
    create index webhook_events_for_review on webhook_events (finished_at desc) where status in ('failed', 'parked');

    -- As before, but a dead letter may be taken off the list: nothing else of its row changes.
    create or replace function keep_finished_analyses() returns trigger language plpgsql as $$
    declare
      v_discarded analyses%rowtype := old;
    begin
      if new.generation < old.generation then
        raise exception 'the generation of analysis % cannot go back', old.id using errcode = 'check_violation';
      end if;
      v_discarded.dead_at := null;
      if old.status in ('completed', 'canceled')
        or (old.status = 'failed' and not (new.status = 'queued' and new.generation > old.generation)
          and not (old.dead_at is not null and new *= v_discarded)) then
        raise exception 'analysis % is % and cannot become %', old.id, old.status, new.status
          using errcode = 'check_violation';
      end if;
      return new;
    end $$;

    create function replay_dead_letter(p_job text, p_id uuid) returns boolean
    language plpgsql security definer set search_path = pg_catalog, public as $$
    declare
      v_found boolean := false;
    begin
      if p_job = 'analysis' then
        update analyses
          set status = 'queued', generation = generation + 1, attempt = 0, dispatched_at = null, due_at = null,
            dead_at = null, error = null, started_at = null, finished_at = null
          where id = p_id and dead_at is not null;
        v_found := found;
        if v_found then perform pg_notify('analysis_changed', p_id::text), pg_notify('analysis_waiting', ''); end if;
      elsif p_job = 'webhook' then
        update webhook_events
          set status = 'queued', generation = generation + 1, attempt = 0, dispatched_at = null, due_at = null,
            dead_at = null, error = null, finished_at = null
          where id = p_id and status in ('failed', 'parked') and body is not null;
        v_found := found;
        if v_found then perform pg_notify('webhook_waiting', ''); end if;
      end if;
      return v_found;
    end $$;

    create function discard_dead_letter(p_job text, p_id uuid) returns boolean
    language plpgsql security definer set search_path = pg_catalog, public as $$
    begin
      if p_job = 'analysis' then
        -- Failed it stays; nobody is to look at it any more.
        update analyses set dead_at = null where id = p_id and dead_at is not null;
      else
        update webhook_events set status = 'ignored', dead_at = null, body = null, encryption_key_id = null
          where p_job = 'webhook' and id = p_id and status in ('failed', 'parked');
      end if;
      return found;
    end $$;

    revoke all on function dead_letters, replay_dead_letter, discard_dead_letter from public;
    grant execute on function dead_letters, replay_dead_letter, discard_dead_letter to wd_api, wd_worker;
  `.execute(db);
}
