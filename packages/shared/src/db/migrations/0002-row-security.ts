import { type Kysely, sql } from "kysely";

const TENANT_TABLES: readonly (readonly [table: string, column: string])[] = [
  ["locations", "id"],
  ["api_keys", "location_id"],
  ["workflow_snapshots", "location_id"],
  ["analyses", "location_id"],
  ["analysis_results", "location_id"],
  ["idempotency_keys", "location_id"],
  ["audit_log", "location_id"],
];

/**
 * The API's role sees the rows of the location set for its transaction, and none when none is set. The worker's sees
 * all. Forced, so that the owner obeys the policies too (its own lets everything pass, for migrations).
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const [table, column] of TENANT_TABLES) {
    await sql`
      alter table ${sql.table(table)} enable row level security;
      alter table ${sql.table(table)} force row level security;
      create policy own_location on ${sql.table(table)} to wd_api
        using (${sql.ref(column)} = current_setting('app.location_id', true))
        with check (${sql.ref(column)} = current_setting('app.location_id', true));
      create policy every_location on ${sql.table(table)} to wd_worker, wd_owner using (true) with check (true);
    `.execute(db);
  }
  await sql`
    revoke all on all tables in schema public from public;
    revoke create on schema public from public;
    grant usage on schema public to wd_api, wd_worker;

    grant select on locations to wd_api;
    grant select, insert, update on api_keys to wd_api;
    grant select, insert on workflow_snapshots to wd_api;
    grant select, insert, update, delete on analyses to wd_api;
    grant select, insert on analysis_results to wd_api;
    grant select, insert, update on idempotency_keys to wd_api;
    grant select, insert on audit_log to wd_api;
    grant select on worker_heartbeats to wd_api;
    grant select, insert, update, delete on rate_limits to wd_api;

    grant select, insert, update, delete on all tables in schema public to wd_worker;
    revoke all on kysely_migration, kysely_migration_lock from wd_worker;
    -- The trail is never rewritten.
    revoke update on audit_log from wd_worker;
  `.execute(db);
}
