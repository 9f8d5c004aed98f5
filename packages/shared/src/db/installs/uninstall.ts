import { sql } from "kysely";
import { type AuditTrail, recordAudit } from "../audit-log.ts";
import type { DatabaseTransaction } from "../database.ts";
import type { InstallRef } from "./install.ts";

/**
 * Ends an install for good: tokens, workflows, stored definitions, settings and simulations erased, sessions and API keys ended, unfinished analyses canceled. Of a company, also
 * for the locations that had their tokens through it. Finished analyses stay until their retention ends. Safe to repeat;
 * gives back the locations that were ended now. For the worker's role, in the transaction of the event that told of it.
 */
export async function uninstall(
  transaction: DatabaseTransaction,
  ref: InstallRef & AuditTrail,
): Promise<readonly string[]> {
  const erased = await transaction
    .deleteFrom("ghl_installs")
    .where((eb) =>
      ref.kind === "location"
        ? eb.and([eb("kind", "=", "location"), eb("id", "=", ref.id)])
        : eb.or([
            eb.and([eb("kind", "=", "company"), eb("id", "=", ref.id)]),
            eb.and([eb("kind", "=", "location"), eb("company_id", "=", ref.id), eb("through_company", "=", true)]),
          ]),
    )
    .returning(["kind", "id"])
    .execute();
  const locations = erased.filter(({ kind }) => kind === "location").map(({ id }) => id);
  if (locations.length > 0) await endLocations(transaction, locations, ref);
  return locations;
}

async function endLocations(
  transaction: DatabaseTransaction,
  locations: readonly string[],
  trail: AuditTrail,
): Promise<void> {
  const now = sql<Date>`now()`;
  await transaction.deleteFrom("workflows").where("location_id", "in", locations).execute();
  await transaction.deleteFrom("location_settings").where("location_id", "in", locations).execute();
  // Simulations are about people.
  await transaction
    .deleteFrom("location_runs")
    .where("location_id", "in", locations)
    .where((eb) => eb.or([eb("kind", "=", "simulation"), eb("status", "in", ["queued", "running"])]))
    .execute();
  await transaction.deleteFrom("sessions").where("location_id", "in", locations).execute();
  await transaction
    .updateTable("api_keys")
    .set({ revoked_at: now })
    .where("location_id", "in", locations)
    .where("revoked_at", "is", null)
    .execute();
  await sql`
    with canceled as (
      update analyses set status = 'canceled', finished_at = now(), lease_token = null, lease_until = null
      where location_id = any(${[...locations]}) and status in ('queued', 'running')
      returning id
    )
    select pg_notify('analysis_changed', id::text) from canceled`.execute(transaction);
  await transaction.updateTable("locations").set({ uninstalled_at: now }).where("id", "in", locations).execute();
  const entries = locations.map((id) => ({ locationId: id, action: "app.uninstalled", subject: id }));
  await recordAudit(transaction, trail, entries);
}
