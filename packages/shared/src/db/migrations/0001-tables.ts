import { type Kysely, sql } from "kysely";

/** Tables and indexes. `json`, never `jsonb`: `\u0000` and lone surrogates of a definition must survive in a report. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table locations (
      id text primary key check (id <> ''),
      name text not null,
      plan text not null default 'free' check (plan in ('free', 'pro')),
      created_at timestamptz not null default now()
    );

    create table api_keys (
      id uuid primary key,
      location_id text not null references locations on delete cascade,
      name text not null,
      hash bytea not null unique check (octet_length(hash) = 32),
      scopes text[] not null check (scopes <@ array['analyze', 'read']),
      created_at timestamptz not null default now(),
      last_used_at timestamptz,
      revoked_at timestamptz
    );
    create index api_keys_of_location on api_keys (location_id);

    create table workflow_snapshots (
      location_id text not null references locations on delete cascade,
      sha256 bytea not null check (octet_length(sha256) = 32),
      ciphertext bytea not null,
      encryption_key_id text not null,
      size integer not null,
      created_at timestamptz not null default now(),
      primary key (location_id, sha256)
    );
    -- Ciphertext does not compress: do not try.
    alter table workflow_snapshots alter column ciphertext set storage external;

    create table analyses (
      id uuid primary key,
      location_id text not null,
      snapshot_sha256 bytea not null,
      workflow_id text,
      workflow_name text not null,
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
      options json,
      cache_key bytea,
      cached boolean not null default false,
      score smallint,
      grade text,
      summary json,
      error json,
      dead_at timestamptz,
      request_id text not null,
      traceparent text,
      -- Through its snapshot, an analysis belongs to its location; a second foreign key would only cost time.
      foreign key (location_id, snapshot_sha256) references workflow_snapshots on delete cascade
    ) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);
    create index analyses_history on analyses (location_id, created_at desc, id desc);
    create index analyses_of_workflow on analyses (location_id, workflow_id, created_at desc, id desc)
      where workflow_id is not null;
    create index analyses_by_grade on analyses (location_id, grade, created_at desc, id desc)
      where grade is not null;
    -- Completed rows are the many: a list of them alone is served by analyses_history.
    create index analyses_by_status on analyses (location_id, status, created_at desc, id desc)
      where status in ('queued', 'running', 'failed', 'canceled');
    create index analyses_of_snapshot on analyses (location_id, snapshot_sha256);
    create index analyses_waiting on analyses (location_id, coalesce(due_at, created_at))
      where status = 'queued' and dispatched_at is null;
    create index analyses_dispatched on analyses (dispatched_at)
      where status = 'queued' and dispatched_at is not null;
    create index analyses_leased on analyses (lease_until) where status = 'running';
    create index analyses_dead on analyses (dead_at) where dead_at is not null;

    create table analysis_results (
      analysis_id uuid primary key references analyses on delete cascade,
      location_id text not null,
      -- Set where the result may serve again; not on the copies that it served.
      cache_key bytea,
      report json not null,
      layout json
    );
    create index analysis_results_from_store on analysis_results (location_id, cache_key)
      where cache_key is not null;

    create table idempotency_keys (
      location_id text not null references locations on delete cascade,
      route text not null,
      key text not null,
      fingerprint bytea not null,
      analysis_id uuid not null,
      workflow_id text,
      analysis_created_at timestamptz not null,
      analysis_status text not null,
      status_code smallint,
      in_progress_until timestamptz not null,
      expires_at timestamptz not null,
      primary key (location_id, route, key)
    );
    create index idempotency_keys_expiry on idempotency_keys (expires_at);

    create table worker_heartbeats (
      worker_id uuid primary key,
      started_at timestamptz not null,
      last_seen_at timestamptz not null default now(),
      concurrency integer not null,
      active integer not null
    ) with (fillfactor = 50);

    create table audit_log (
      id bigint generated always as identity primary key,
      at timestamptz not null default now(),
      location_id text not null,
      actor text not null,
      action text not null,
      subject text not null,
      request_id text
    );
    create index audit_log_of_location on audit_log (location_id, id desc);
    create index audit_log_of_subject on audit_log (subject, action);
    create index audit_log_by_time on audit_log using brin (at);

    -- The shape that rate-limiter-flexible expects. Losing it in a crash costs a minute of counting.
    create unlogged table rate_limits (
      key varchar(255) primary key,
      points integer not null default 0,
      expire bigint
    ) with (fillfactor = 50);
  `.execute(db);
}
