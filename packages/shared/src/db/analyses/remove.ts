import { sql } from "kysely";
import { type AuditTrail, recordAudit } from "../audit-log.ts";
import { type Database, withLocation } from "../database.ts";
import { isUuid } from "../identifiers.ts";
import { cancelOrRemoveRow, type DeleteOutcome } from "../queued-rows/remove.ts";
import { rowKinds } from "../queued-rows/row-kind.ts";

/** `cancelOrRemoveRow` for an analysis. */
export function deleteAnalysis(
  database: Database,
  wanted: { readonly locationId: string; readonly id: string } & AuditTrail,
): Promise<DeleteOutcome> {
  const { locationId, id } = wanted;
  if (!isUuid(id)) return Promise.resolve("notFound");
  return withLocation(database, locationId, async (transaction) => {
    const outcome = await cancelOrRemoveRow(transaction, rowKinds.analysis, id);
    if (outcome !== "notFound") {
      await recordAudit(transaction, wanted, [{ locationId, action: `analysis.${outcome}`, subject: id }]);
    }
    return outcome;
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
