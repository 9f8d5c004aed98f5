import { type Kysely, sql } from "kysely";

/** White label: whose name, logo and colour the reports of a location carry. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table brands (
      location_id text primary key references locations on delete cascade,
      name text check (length(name) <= 80),
      logo text check (length(logo) <= 100000),
      colour text check (colour ~ '^#[0-9a-fA-F]{6}$')
    );
    alter table brands enable row level security;
    alter table brands force row level security;
    create policy own_location on brands to wd_api
      using (location_id = current_setting('app.location_id', true))
      with check (location_id = current_setting('app.location_id', true));
    create policy every_location on brands to wd_worker, wd_owner using (true) with check (true);
    grant select, insert, update on brands to wd_api;
    grant select, insert, update, delete on brands to wd_worker;
  `.execute(db);
}
