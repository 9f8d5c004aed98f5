import { type Kysely, sql } from "kysely";

/** Events that arrive while others are being stored are stored together. Those of a single event stay for the release before. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Stores each event once, and gives back the ids of those that were not known. Their jobs are on their way, so the
    -- dispatcher leaves them alone at first.
    create function accept_webhooks(p_ids uuid[], p_providers text[], p_event_ids text[], p_types text[], p_bodies bytea[],
      p_encryption_key_ids text[], p_sizes integer[], p_request_ids text[], p_traceparents text[])
    returns setof uuid
    language sql security definer set search_path = pg_catalog, public as $$
      insert into webhook_events (id, provider, event_id, type, status, dispatched_at, body, encryption_key_id, size,
          request_id, traceparent)
        select id, provider, event_id, type, 'queued', now(), body, key_id, size, request_id, traceparent
        from unnest(p_ids, p_providers, p_event_ids, p_types, p_bodies, p_encryption_key_ids, p_sizes, p_request_ids,
          p_traceparents) as e (id, provider, event_id, type, body, key_id, size, request_id, traceparent)
        -- One order for all, so that two batches with the same events never wait for each other in a circle.
        order by provider, event_id
        on conflict (provider, event_id) do nothing
        returning id
    $$;

    -- Leaves events whose jobs the queue did not take to the dispatcher.
    create function leave_webhooks_to_dispatcher(p_ids uuid[]) returns void
    language sql security definer set search_path = pg_catalog, public as $$
      with left_waiting as (
        update webhook_events set dispatched_at = null where id = any(p_ids) and status = 'queued' returning id
      ) select pg_notify('webhook_waiting', '') from left_waiting limit 1
    $$;

    revoke all on function accept_webhooks, leave_webhooks_to_dispatcher from public;
    grant execute on function accept_webhooks, leave_webhooks_to_dispatcher to wd_api, wd_worker;
  `.execute(db);
}
