import { type Kysely, sql } from "kysely";

/**
 * Which sealed snapshots lost a row that referred to them, so that retention looks at these alone and not at all there are.
 * Whether anything still refers to one is found out when its turn comes. Snapshots that had lost their last referrer before
 * this was here are noted by the backfills of `released-snapshots.ts`.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table released_snapshots (
      location_id text not null,
      kind text not null check (kind in ('definition', 'options')),
      sha256 bytea not null,
      released_at timestamptz not null default now(),
      primary key (location_id, kind, sha256)
    );
    create index released_snapshots_by_age on released_snapshots (released_at);
    alter table released_snapshots enable row level security;
    alter table released_snapshots force row level security;
    create policy every_location on released_snapshots to wd_worker, wd_owner using (true) with check (true);
    grant select, insert, update, delete on released_snapshots to wd_worker;

    -- In order, so that two that note the same snapshots never wait for each other in a circle.
    create function note_released_definitions() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public as $$
    begin
      insert into released_snapshots (location_id, kind, sha256)
        select distinct location_id, 'definition', snapshot_sha256 from gone order by 1, 3
        on conflict (location_id, kind, sha256) do update set released_at = excluded.released_at;
      return null;
    end $$;
    create function note_released_options() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public as $$
    begin
      insert into released_snapshots (location_id, kind, sha256)
        select distinct location_id, 'options', options_sha256 from gone where options_sha256 is not null order by 1, 3
        on conflict (location_id, kind, sha256) do update set released_at = excluded.released_at;
      return null;
    end $$;
    revoke execute on function note_released_definitions, note_released_options from public;
  `.execute(db);
  for (const table of ["analyses", "workflow_definitions", "location_run_workflows"]) {
    await sql`create trigger note_released_definitions after delete on ${sql.table(table)}
      referencing old table as gone for each statement execute function note_released_definitions()`.execute(db);
  }
  await sql`create trigger note_released_options after delete on analyses
    referencing old table as gone for each statement execute function note_released_options()`.execute(db);
}
