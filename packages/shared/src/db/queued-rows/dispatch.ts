import { type RawBuilder, sql } from "kysely";
import { type Database, withLocation } from "../database.ts";
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
 * The beginning of a statement that takes waiting rows, one of each tenant in turn, oldest first: the last of its common
 * table expressions, `chosen (id, turn, due)`, names up to `limit` rows and holds their locks. Any number of processes may
 * do so at once: rows locked by another are skipped.
 */
export function chooseWaiting(
  { table: name, tenantColumn }: RowKind,
  { limit }: { readonly limit: number },
): RawBuilder<unknown> {
  const table = sql.table(name);
  const tenantId = sql.ref(tenantColumn);
  return sql`
    with recursive tenant as (
      (select ${tenantId} from ${table} where status = 'queued' and dispatched_at is null
       order by ${tenantId} limit 1)
      union all
      select (select a.${tenantId} from ${table} a
              where a.status = 'queued' and a.dispatched_at is null and a.${tenantId} > tenant.${tenantId}
              order by a.${tenantId} limit 1)
      from tenant where tenant.${tenantId} is not null
    ), candidate as (
      select waiting.id, waiting.due, row_number() over (partition by ${tenantId} order by waiting.due) as turn
      from tenant cross join lateral (
        select a.id, coalesce(a.due_at, a.created_at) as due from ${table} a
        where a.${tenantId} = tenant.${tenantId} and a.status = 'queued' and a.dispatched_at is null
          and coalesce(a.due_at, a.created_at) <= now()
        order by coalesce(a.due_at, a.created_at)
        -- Four times what is taken, so that several dispatchers at once find enough that is not locked.
        limit (select ceil(4.0 * ${limit} / count(*)) from tenant where ${tenantId} is not null)
      ) waiting
      where tenant.${tenantId} is not null
      order by turn, waiting.due
    ), chosen as (
      select locked.id, candidate.turn, candidate.due
      from candidate cross join lateral (
        select a.id from ${table} a
        -- Worded so that no partial index fits: the planner, who sees few rows in those, would read one whole for each row.
        where a.id = candidate.id and (a.status = 'queued' and a.dispatched_at is null) is true
        for update skip locked
      ) locked
      order by candidate.turn, candidate.due limit ${limit}
    )`;
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
