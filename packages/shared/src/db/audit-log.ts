import type { Transaction } from "kysely";
import { type Database, withLocation } from "./database.ts";
import type { Tables } from "./tables.ts";

export interface AuditEntry {
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly requestId: string | null;
}

/** Who did it and in which request. */
export interface AuditTrail {
  /** `key:<id>`, `session:<id>`, or the part of the system that acted by itself. */
  readonly actor: string;
  readonly requestId: string | null;
}

/** Writes what happened to the subjects, in the transaction that made it happen. */
export async function recordAudit(
  transaction: Transaction<Tables>,
  { actor, requestId }: AuditTrail,
  entries: readonly { readonly locationId: string; readonly action: string; readonly subject: string }[],
): Promise<void> {
  if (entries.length === 0) return;
  await transaction
    .insertInto("audit_log")
    .values(
      entries.map(({ locationId, action, subject }) => ({
        location_id: locationId,
        actor,
        action,
        subject,
        request_id: requestId,
      })),
    )
    .execute();
}

/** The latest entries of a location, newest first. */
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
