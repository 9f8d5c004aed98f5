import { sql } from "kysely";
import { type AuditTrail, recordAudit } from "../audit-log.ts";
import { type Database, withLocation } from "../database.ts";
import { isUuid } from "../identifiers.ts";

export type DeleteOutcome = "canceled" | "removed" | "notFound";

/**
 * Ends an analysis for its owner: queued or running it becomes `canceled` (its worker learns so at the next
 * heartbeat), completed or failed it is removed with its result. A canceled one is not found a second time.
 */
export function deleteAnalysis(
  database: Database,
  wanted: { readonly locationId: string; readonly id: string } & AuditTrail,
): Promise<DeleteOutcome> {
  const { locationId, id } = wanted;
  if (!isUuid(id)) return Promise.resolve("notFound");
  return withLocation(database, locationId, async (transaction) => {
    // Locked first: a worker may be about to complete the row.
    const row = await transaction
      .selectFrom("analyses")
      .select("status")
      .where("id", "=", id)
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined || row.status === "canceled") return "notFound";
    const open = row.status === "queued" || row.status === "running";
    if (open) {
      await transaction
        .updateTable("analyses")
        .set({ status: "canceled", finished_at: sql<Date>`now()`, lease_token: null, lease_until: null })
        .where("id", "=", id)
        .execute();
      await sql`select pg_notify('analysis_changed', ${id})`.execute(transaction);
    } else {
      await transaction.deleteFrom("analyses").where("id", "=", id).execute();
    }
    const action = open ? "analysis.canceled" : "analysis.removed";
    await recordAudit(transaction, wanted, [{ locationId, action, subject: id }]);
    return open ? "canceled" : "removed";
  });
}

/** Removes a location's finished analyses (development only); how many there were. */
export async function clearHistory(
  database: Database,
  wanted: { readonly locationId: string } & AuditTrail,
): Promise<number> {
  const { locationId, actor, requestId } = wanted;
  return withLocation(database, locationId, async (transaction) => {
    const { rows } = await sql<{ removed: number }>`
      with removed as (
        delete from analyses where location_id = ${locationId} and status in ('completed', 'failed', 'canceled')
        returning id
      ), recorded as (
        insert into audit_log (location_id, actor, action, subject, request_id)
        select ${locationId}, ${actor}, 'analysis.removed', id::text, ${requestId} from removed
      )
      select count(*) as removed from removed`.execute(transaction);
    return rows[0]?.removed ?? 0;
  });
}
