import { type Database, withLocation } from "./database.ts";

export interface AuditEntry {
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly requestId: string | null;
}

/**
 * The latest entries of a location, newest first. Entries are written by the statements they tell of, in the same
 * transaction; there is no function that writes one alone.
 */
export async function auditEntries(
  database: Database,
  wanted: { readonly locationId: string; readonly limit: number },
): Promise<readonly AuditEntry[]> {
  const rows = await withLocation(database, wanted.locationId, (transaction) =>
    transaction
      .selectFrom("audit_log")
      .selectAll()
      .where("location_id", "=", wanted.locationId)
      .orderBy("id", "desc")
      .limit(wanted.limit)
      .execute(),
  );
  return rows.map((row) => ({
    at: row.at,
    actor: row.actor,
    action: row.action,
    subject: row.subject,
    requestId: row.request_id,
  }));
}
