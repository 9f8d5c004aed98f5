import { sql } from "kysely";
import type { Database } from "../../src/db/index.ts";

/**
 * A digest of the rows of every table with tenants: those of one location, or of all but one. For the worker's role. Two
 * that are equal prove that nothing was written.
 */
export async function tenantRows(
  database: Database,
  whose: { readonly of: string } | { readonly butOf: string },
): Promise<unknown> {
  const { rows: tables } = await sql<{ name: string; tenant: string }>`
    select c.relname as name, min(a.attname) as tenant from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and c.relrowsecurity
      and (a.attname = 'location_id' or (c.relname in ('locations', 'ghl_installs') and a.attname = 'id'))
    group by c.relname order by 1`.execute(database.kysely);
  const comparison = "of" in whose ? sql`= ${whose.of}` : sql`<> ${whose.butOf}`;
  const digests = tables.map(
    ({ name, tenant }) => sql`
      select ${name}::text as name, count(*) as rows, md5(string_agg(t::text, '|' order by t::text)) as digest
      from ${sql.table(name)} t where ${sql.ref(tenant)} ${comparison}`,
  );
  return (await sql`${sql.join(digests, sql` union all `)}`.execute(database.kysely)).rows;
}
