import { type Kysely, sql } from "kysely";

/**
 * What a location settled once for all its analyses, as sealed documents by name (they hold names of people and values
 * of the location's own), and the options that an analysis runs with where they come from there.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table location_settings (
      location_id text not null references locations on delete cascade,
      name text not null check (name <> ''),
      -- Counts up with every change.
      version integer not null,
      ciphertext bytea not null,
      encryption_key_id text not null,
      updated_at timestamptz not null default now(),
      updated_by text not null,
      primary key (location_id, name)
    );

    create table option_snapshots (
      location_id text not null references locations on delete cascade,
      sha256 bytea not null check (octet_length(sha256) = 32),
      ciphertext bytea not null,
      encryption_key_id text not null,
      created_at timestamptz not null default now(),
      primary key (location_id, sha256)
    );
    -- Ciphertext does not compress: do not try.
    alter table location_settings alter column ciphertext set storage external;
    alter table option_snapshots alter column ciphertext set storage external;

    alter table analyses add column options_sha256 bytea;
    -- Not validated, so that no table is read under a lock: what exists has none.
    alter table analyses add constraint analyses_options_sha256_fkey
      foreign key (location_id, options_sha256) references option_snapshots not valid;
    create index analyses_of_options on analyses (location_id, options_sha256) where options_sha256 is not null;

    -- When a location's facts are to be read from HighLevel next; null: at once.
    alter table ghl_installs add column facts_due_at timestamptz;
  `.execute(db);
  for (const table of ["location_settings", "option_snapshots"]) {
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
    grant select, insert, update on location_settings to wd_api;
    grant select, insert on option_snapshots to wd_api;

    create function read_settings(p_location text, p_names text[]) returns setof location_settings language plpgsql as $$
    begin
      perform set_config('app.location_id', p_location, true);
      return query select * from location_settings
        where location_id = p_location and name = any(p_names) order by name;
    end $$;

    -- Stands in the select list of a statement whose row source has named the location for row security.
    create function note_options(p_location text, p_outcome text, p_analysis uuid, p_sha256 bytea, p_ciphertext bytea,
      p_encryption_key_id text)
    returns boolean language plpgsql as $$
    begin
      if p_sha256 is null or p_outcome <> 'accepted' then return false; end if;
      insert into option_snapshots (location_id, sha256, ciphertext, encryption_key_id)
        values (p_location, p_sha256, p_ciphertext, p_encryption_key_id) on conflict do nothing;
      update analyses set options_sha256 = p_sha256
        where id = p_analysis and location_id = p_location and status = 'queued' and options_sha256 is null;
      return true;
    end $$;

    revoke execute on function read_settings, note_options from public;
    grant execute on function read_settings, note_options to wd_api, wd_worker;
  `.execute(db);
}
