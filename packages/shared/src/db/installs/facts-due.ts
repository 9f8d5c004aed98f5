import { sql } from "kysely";
import { type Database, withLocation } from "../database.ts";

/**
 * Takes up to `limit` locations whose facts are due to be read from HighLevel, longest due first, and puts their next
 * turn off by `everyMs`: whoever gets a location reads it, nobody else does. For the worker's role.
 */
export async function takeFactsDue(
  database: Database,
  due: { readonly everyMs: number; readonly limit: number },
): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    update ghl_installs as taken set facts_due_at = now() + make_interval(secs => ${due.everyMs / 1000}::float8)
    from (
      select kind, id from ghl_installs
      where kind = 'location' and revoked_at is null and (facts_due_at is null or facts_due_at <= now())
      order by facts_due_at nulls first limit ${due.limit} for update skip locked
    ) waiting
    where taken.kind = waiting.kind and taken.id = waiting.id
    returning taken.id`.execute(database.kysely);
  return rows.map(({ id }) => id);
}

/** Has a location's facts read again after `afterMs`. */
export async function setFactsDue(
  database: Database,
  { locationId, afterMs }: { readonly locationId: string; readonly afterMs: number },
): Promise<void> {
  await withLocation(database, locationId, (transaction) =>
    sql`
      update ghl_installs set facts_due_at = now() + make_interval(secs => ${afterMs / 1000}::float8)
      where kind = 'location' and id = ${locationId}`.execute(transaction),
  );
}
