import { sql } from "kysely";
import type { DatabaseTransaction } from "../database.ts";
import type { AnalysisStatus } from "../tables.ts";
import type { RowKind } from "./row-kind.ts";

export type DeleteOutcome = "canceled" | "removed" | "notFound";

/**
 * Ends work for its owner, in a transaction that sees the owner's rows alone: queued or running it becomes `canceled` (its
 * worker learns so at the next heartbeat), completed or failed it is removed with its result. Canceled work is not found a
 * second time.
 */
export async function cancelOrRemoveRow(
  transaction: DatabaseTransaction,
  kind: RowKind,
  id: string,
): Promise<DeleteOutcome> {
  const table = sql.table(kind.table);
  // Locked first: a worker may be about to complete the row.
  const { rows } = await sql<{ status: AnalysisStatus }>`
    select status from ${table} where id = ${id} for update`.execute(transaction);
  const status = rows[0]?.status;
  if (status === undefined || status === "canceled") return "notFound";
  if (status === "queued" || status === "running") {
    await sql`
      update ${table} set status = 'canceled', finished_at = now(), lease_token = null, lease_until = null
      where id = ${id}`.execute(transaction);
    await sql`select pg_notify(${kind.changed}, ${id})`.execute(transaction);
    return "canceled";
  }
  await sql`delete from ${table} where id = ${id}`.execute(transaction);
  return "removed";
}
