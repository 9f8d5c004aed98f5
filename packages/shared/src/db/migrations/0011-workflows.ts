import { type Kysely, sql } from "kysely";

/** What is known of a location's workflows, and the definitions that were handed in, as versions of sealed snapshots. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table workflows (
      location_id text not null references locations on delete cascade,
      id text not null check (id <> ''),
      name text not null,
      status text not null,
      -- HighLevel's; null for one that only a definition tells of.
      version integer,
      ghl_created_at timestamptz,
      ghl_updated_at timestamptz,
      -- Stands in the list that HighLevel gave last.
      listed boolean not null,
      primary key (location_id, id)
    );
    create index workflows_by_name on workflows (location_id, name collate "C", id collate "C");

    create table workflow_definitions (
      location_id text not null,
      workflow_id text not null,
      version integer not null,
      snapshot_sha256 bytea not null,
      name text not null,
      source text not null check (source in ('upload', 'structure_url')),
      created_at timestamptz not null default now(),
      primary key (location_id, workflow_id, version),
      foreign key (location_id, workflow_id) references workflows on delete cascade,
      foreign key (location_id, snapshot_sha256) references workflow_snapshots
    );
    create index workflow_definitions_of_snapshot on workflow_definitions (location_id, snapshot_sha256);

    -- From when the stored definition is that an analysis was made of.
    create table analysis_definitions (
      analysis_id uuid primary key references analyses on delete cascade,
      location_id text not null,
      definition_at timestamptz not null
    );
    alter table idempotency_keys add column definition_at timestamptz;
  `.execute(db);
  for (const table of ["workflows", "workflow_definitions", "analysis_definitions"]) {
    await sql`
      alter table ${sql.table(table)} enable row level security;
      alter table ${sql.table(table)} force row level security;
      create policy own_location on ${sql.table(table)} to wd_api
        using (location_id = current_setting('app.location_id', true))
        with check (location_id = current_setting('app.location_id', true));
      create policy every_location on ${sql.table(table)} to wd_worker, wd_owner using (true) with check (true);
      grant select, insert, update, delete on ${sql.table(table)} to wd_api, wd_worker;
    `.execute(db);
  }
  await sql`
    -- Both stand in the select list of a statement whose row source has named the location for row security.
    create function note_definition(p_location text, p_outcome text, p_analysis uuid, p_route text, p_key text,
      p_definition_at timestamptz)
    returns timestamptz language plpgsql as $$
    begin
      if p_outcome = 'replayed' then
        return (select definition_at from idempotency_keys
                where location_id = p_location and route = p_route and key = p_key);
      end if;
      if p_definition_at is null or p_outcome not in ('accepted', 'cached') then return null; end if;
      insert into analysis_definitions (analysis_id, location_id, definition_at)
        values (p_analysis, p_location, p_definition_at) on conflict do nothing;
      update idempotency_keys set definition_at = p_definition_at
        where location_id = p_location and route = p_route and key = p_key and analysis_id = p_analysis;
      return p_definition_at;
    end $$;

    create function definition_of(p_analysis uuid) returns timestamptz language plpgsql as $$
    begin
      return (select definition_at from analysis_definitions where analysis_id = p_analysis);
    end $$;

    revoke execute on function note_definition, definition_of from public;
    grant execute on function note_definition, definition_of to wd_api, wd_worker;
  `.execute(db);
}
