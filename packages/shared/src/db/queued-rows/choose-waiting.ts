import { type RawBuilder, sql } from "kysely";
import type { RowKind } from "./row-kind.ts";

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
