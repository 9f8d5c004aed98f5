import { type AuditTrail, recordAudit } from "../audit-log.ts";
import { type Database, withLocation } from "../database.ts";
import { isUuid } from "../identifiers.ts";
import { cancelOrRemoveRow, type DeleteOutcome } from "../queued-rows/remove.ts";
import { rowKinds } from "../queued-rows/row-kind.ts";
import type { LocationRunKind } from "../tables.ts";

/** `cancelOrRemoveRow` for a run. The analyses that an audit made stay. */
export function deleteLocationRun(
  database: Database,
  wanted: { readonly locationId: string; readonly kind: LocationRunKind; readonly id: string } & AuditTrail,
): Promise<DeleteOutcome> {
  const { locationId, kind, id } = wanted;
  if (!isUuid(id)) return Promise.resolve("notFound");
  return withLocation(database, locationId, async (transaction) => {
    const known = await transaction
      .selectFrom("location_runs")
      .select("id")
      .where("id", "=", id)
      .where("kind", "=", kind)
      .executeTakeFirst();
    if (known === undefined) return "notFound";
    const outcome = await cancelOrRemoveRow(transaction, rowKinds.locationRun, id);
    if (outcome !== "notFound") {
      await recordAudit(transaction, wanted, [{ locationId, action: `${kind}.${outcome}`, subject: id }]);
    }
    return outcome;
  });
}
