import { sql } from "kysely";
import { type Database, withLocation } from "../database.ts";
import { chooseWaiting } from "./choose-waiting.ts";
import { type RowKind, rowKinds } from "./row-kind.ts";

/** What the queue needs to know of a row. */
export interface DispatchableRow {
  readonly id: string;
  readonly generation: number;
  readonly requestId: string;
  readonly traceparent: string | null;
}

interface TakenRow {
  readonly id: string;
  readonly generation: number;
  readonly request_id: string;
  readonly traceparent: string | null;
}

/**
 * Takes up to `limit` waiting rows for the queue, as `chooseWaiting` chooses them, and marks them as dispatched. If the
 * queue then refuses them, give them back with `returnToWaiting`; if the caller dies, the reconciler finds them.
 */
export async function takeWaiting(
  database: Database,
  kind: RowKind,
  take: { readonly limit: number },
): Promise<readonly DispatchableRow[]> {
  const { rows } = await sql<TakenRow>`
    ${chooseWaiting(kind, take)}, taken as (
      update ${sql.table(kind.table)} as moved set dispatched_at = now()
      from chosen where moved.id = chosen.id
      returning moved.id, moved.generation, moved.request_id, moved.traceparent, chosen.turn, chosen.due,
        set_config('synchronous_commit', 'off', true)
    )
    select id, generation, request_id, traceparent from taken order by turn, due`.execute(database.kysely);
  return rows.map((row) => ({
    id: row.id,
    generation: row.generation,
    requestId: row.request_id,
    traceparent: row.traceparent,
  }));
}

/** Undoes `takeWaiting` for rows that the queue did not accept. */
export async function returnToWaiting(
  database: Database,
  kind: RowKind,
  rows: readonly { readonly id: string; readonly generation: number }[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    update ${sql.table(kind.table)} as given_back set dispatched_at = null
    from unnest(${rows.map((row) => row.id)}::uuid[], ${rows.map((row) => row.generation)}::int[])
      as refused (id, generation)
    where given_back.id = refused.id and given_back.generation = refused.generation and given_back.status = 'queued'
    `.execute(database.kysely);
}

/** For the API: leaves an analysis that it could not enqueue itself to the dispatcher, and wakes it. */
export async function leaveToDispatcher(
  database: Database,
  row: { readonly locationId: string; readonly id: string },
): Promise<void> {
  await withLocation(database, row.locationId, (transaction) =>
    sql`
      with left_waiting as (
        update analyses set dispatched_at = null where id = ${row.id} and status = 'queued' returning id
      )
      select pg_notify(${rowKinds.analysis.waiting}, '') from left_waiting`.execute(transaction),
  );
}
