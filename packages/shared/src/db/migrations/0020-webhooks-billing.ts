import { type Kysely, sql } from "kysely";

/**
 * The inbox of webhooks, and what billing knows of a location. The inbox belongs to no location before its events are
 * read, so the API reaches it through two functions only and the worker alone sees its rows.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table webhook_events (
      id uuid primary key,
      provider text not null check (provider in ('stripe', 'ghl')),
      -- The provider's id of the event: its duplicates meet here.
      event_id text not null,
      type text not null,
      -- What the event is about, such as a customer: events of one subject are handled one at a time. Known once read.
      subject text,
      status text not null check (status in ('queued', 'running', 'processed', 'ignored', 'parked', 'failed')),
      generation integer not null default 1,
      attempt integer not null default 0,
      lease_token uuid,
      lease_until timestamptz,
      due_at timestamptz,
      dispatched_at timestamptz,
      created_at timestamptz not null default now(),
      finished_at timestamptz,
      dead_at timestamptz,
      error json,
      -- The body as received, sealed; null once it was trimmed.
      body bytea,
      encryption_key_id text,
      size integer not null,
      request_id text not null,
      traceparent text,
      unique (provider, event_id)
    ) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);
    alter table webhook_events alter column body set storage external;
    create index webhook_events_waiting on webhook_events (provider, coalesce(due_at, created_at))
      where status = 'queued' and dispatched_at is null;
    create index webhook_events_dispatched on webhook_events (dispatched_at)
      where status = 'queued' and dispatched_at is not null;
    create index webhook_events_leased on webhook_events (lease_until) where status = 'running';
    create index webhook_events_open_of_subject on webhook_events (subject, created_at)
      where status in ('queued', 'running') and subject is not null;
    create index webhook_events_dead on webhook_events (dead_at) where dead_at is not null;
    create index webhook_events_latest on webhook_events (provider, created_at desc);
    create index webhook_events_finished on webhook_events (finished_at) where finished_at is not null;

    create table billing_customers (
      location_id text primary key references locations on delete cascade,
      stripe_customer_id text not null unique,
      created_at timestamptz not null default now()
    );

    -- One subscription per location: the one that decides its plan, as Stripe last told it.
    create table subscriptions (
      location_id text primary key references locations on delete cascade,
      stripe_subscription_id text not null,
      status text not null,
      price_id text,
      current_period_start timestamptz,
      current_period_end timestamptz,
      trial_end timestamptz,
      cancel_at timestamptz,
      refunded boolean not null default false,
      disputed boolean not null default false,
      -- Where the customer settles a payment that failed or asks for confirmation.
      payment_url text,
      synced_at timestamptz not null default now()
    );

    -- Pro ends here by itself: after the period paid for, or the grace that follows a failed payment.
    alter table locations add column plan_until timestamptz;
    create index locations_plan_until on locations (plan_until) where plan_until is not null;

    -- When a job that one worker at a time does was last begun, and how far it got.
    create table periodic_jobs (
      name text primary key,
      last_run_at timestamptz not null,
      position text
    );

    revoke all on webhook_events, billing_customers, subscriptions, periodic_jobs from public;
    grant select, insert, update, delete on webhook_events, billing_customers, subscriptions, periodic_jobs to wd_worker;
    grant select, insert on billing_customers to wd_api;
    grant select on subscriptions to wd_api;
  `.execute(db);
  for (const table of ["billing_customers", "subscriptions"]) {
    await sql`
      alter table ${sql.table(table)} enable row level security;
      alter table ${sql.table(table)} force row level security;
      create policy own_location on ${sql.table(table)} to wd_api
        using (location_id = current_setting('app.location_id', true))
        with check (location_id = current_setting('app.location_id', true));
      create policy every_location on ${sql.table(table)} to wd_worker, wd_owner using (true) with check (true);
    `.execute(db);
  }
  await sql`
    -- Stores an event once. True when it was not known. Its job is on its way, so the dispatcher leaves it alone at first.
    create function accept_webhook(p_id uuid, p_provider text, p_event_id text, p_type text, p_body bytea,
      p_encryption_key_id text, p_size integer, p_request_id text, p_traceparent text)
    returns boolean
    language sql security definer set search_path = pg_catalog, public as $$
      with stored as (
        insert into webhook_events (id, provider, event_id, type, status, dispatched_at, body, encryption_key_id, size,
            request_id, traceparent)
          values (p_id, p_provider, p_event_id, p_type, 'queued', now(), p_body, p_encryption_key_id, p_size,
            p_request_id, p_traceparent)
          on conflict (provider, event_id) do nothing
          returning true
      ) select exists (select from stored)
    $$;

    -- Leaves an event whose job the queue did not take to the dispatcher.
    create function leave_webhook_to_dispatcher(p_id uuid) returns void
    language sql security definer set search_path = pg_catalog, public as $$
      with left_waiting as (
        update webhook_events set dispatched_at = null where id = p_id and status = 'queued' returning id
      ) select pg_notify('webhook_waiting', '') from left_waiting
    $$;

    create function webhooks_overview()
    returns table (provider text, queued bigint, running bigint, processed bigint, ignored bigint, parked bigint,
      failed bigint, oldest_unprocessed_ms double precision, last_event_at timestamptz, last_event_type text,
      last_lag_ms double precision)
    language sql stable security definer set search_path = pg_catalog, public as $$
      select p.provider,
        (select count(*) from webhook_events e where e.provider = p.provider and e.status = 'queued'),
        (select count(*) from webhook_events e where e.provider = p.provider and e.status = 'running'),
        (select count(*) from webhook_events e
          where e.provider = p.provider and e.status = 'processed' and e.finished_at > now() - interval '1 day'),
        (select count(*) from webhook_events e
          where e.provider = p.provider and e.status = 'ignored' and e.finished_at > now() - interval '1 day'),
        (select count(*) from webhook_events e
          where e.provider = p.provider and e.status = 'parked' and e.finished_at > now() - interval '1 day'),
        (select count(*) from webhook_events e where e.provider = p.provider and e.dead_at is not null),
        (select floor(extract(epoch from now() - min(e.created_at)) * 1000) from webhook_events e
          where e.provider = p.provider and e.status in ('queued', 'running')),
        latest.created_at, latest.type,
        floor(extract(epoch from latest.finished_at - latest.created_at) * 1000)
      from (values ('stripe'), ('ghl')) as p (provider)
        left join lateral (select e.created_at, e.type, e.finished_at from webhook_events e
          where e.provider = p.provider order by e.created_at desc limit 1) latest on true
    $$;

    -- One at a time per subject: an event whose subject is being worked on stays where it is; whoever works on the
    -- subject finds it when it is done.
    create function claim_webhook(p_id uuid, p_generation integer, p_subject text, p_lease_token uuid,
      p_lease_ms integer, p_max_attempts integer)
    returns table (outcome text, attempt integer)
    language plpgsql as $$
    #variable_conflict use_column
    declare
      v_row webhook_events%rowtype;
    begin
      perform pg_advisory_xact_lock(hashtextextended(p_subject, 0));
      select * into v_row from webhook_events where id = p_id for update;
      if not found or v_row.generation <> p_generation
          or not (v_row.status = 'queued' or (v_row.status = 'running' and v_row.lease_until < now())) then
        outcome := 'gone';
      elsif exists (select from webhook_events other where other.subject = p_subject and other.status = 'running'
          and other.lease_until > now() and other.id <> p_id) then
        update webhook_events set subject = p_subject, dispatched_at = coalesce(dispatched_at, now()) where id = p_id;
        outcome := 'subjectBusy';
      elsif v_row.attempt >= p_max_attempts then
        outcome := 'exhausted';
      else
        update webhook_events set status = 'running', subject = p_subject, attempt = attempt + 1,
            lease_token = p_lease_token, lease_until = now() + make_interval(secs => p_lease_ms / 1000.0)
          where id = p_id returning attempt into attempt;
        outcome := 'claimed';
      end if;
      return next;
    end $$;

    revoke all on function accept_webhook, leave_webhook_to_dispatcher, webhooks_overview, claim_webhook from public;
    grant execute on function accept_webhook, leave_webhook_to_dispatcher, webhooks_overview to wd_api, wd_worker;
    grant execute on function claim_webhook to wd_worker;
  `.execute(db);
}
