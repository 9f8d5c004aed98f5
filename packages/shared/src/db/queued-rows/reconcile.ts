import { sql } from "kysely";
import type { Database } from "../database.ts";
import type { RowKind } from "./row-kind.ts";
import { attemptsExhausted } from "./settle.ts";

export interface LimboCandidate {
  readonly id: string;
  readonly generation: number;
  /** `queued`: dispatched long ago and not claimed; in limbo only if the queue does not know its job. */
  /** `running`: its lease ran out; in limbo for certain. */
  readonly status: "queued" | "running";
}

/** Open rows that seem forgotten, longest first. Times are the database's. */
export async function findLimbo(
  database: Database,
  kind: RowKind,
  search: { readonly dispatchedBeforeMs: number; readonly limit: number },
): Promise<readonly LimboCandidate[]> {
  const { rows } = await sql<LimboCandidate>`
    (select id, generation, status from ${sql.table(kind.table)}
     where status = 'running' and lease_until < now() order by lease_until limit ${search.limit})
    union all
    (select id, generation, status from ${sql.table(kind.table)}
     where status = 'queued' and dispatched_at < now() - make_interval(secs => ${search.dispatchedBeforeMs / 1000}::float8)
       and (due_at is null or due_at <= now())
     order by dispatched_at limit ${search.limit})`.execute(database.kysely);
  return rows;
}

export interface Regenerated {
  /** Rows that got a new generation and wait for the dispatcher. */
  readonly waiting: number;
  /** Rows that had used all attempts and are dead letters now. */
  readonly dead: number;
}

/**
 * Gives rows in limbo a new generation, so that a late job of the old one finds nothing to claim; those that have
 * used their attempts fail instead. Rows that moved on since `findLimbo` are left alone.
 *
 * @param limbo.apartMs rows whose worker ended more than once wait up to this long, each as long as it happens: the one among them
 * that ends its workers shall not take the same others with it each time. None when absent.
 */
export async function regenerate(
  database: Database,
  kind: RowKind,
  limbo: {
    readonly rows: readonly { readonly id: string; readonly generation: number }[];
    readonly maxAttempts: number;
    readonly apartMs?: number;
  },
): Promise<Regenerated> {
  if (limbo.rows.length === 0) return { waiting: 0, dead: 0 };
  const failure = JSON.stringify(attemptsExhausted(limbo.maxAttempts));
  const apartSeconds = (limbo.apartMs ?? 0) / 1_000;
  const { rows } = await sql<{ dead: boolean }>`
    with given as (
      select * from unnest(${limbo.rows.map((row) => row.id)}::uuid[], ${limbo.rows.map((row) => row.generation)}::int[])
        as given (id, generation)
    ), locked as (
      select open.id, open.attempt >= ${limbo.maxAttempts} as dead
      from ${sql.table(kind.table)} open join given using (id, generation)
      where open.status = 'queued' or (open.status = 'running' and open.lease_until < now())
      order by open.id for update of open skip locked
    ), moved as (
      update ${sql.table(kind.table)} as forgotten
      set status = case when locked.dead then 'failed' else 'queued' end,
          generation = generation + 1, dispatched_at = null, lease_token = null, lease_until = null,
          due_at = case when forgotten.status = 'running' and forgotten.attempt > 1 and not locked.dead
            then now() + random() * make_interval(secs => ${apartSeconds}::float8) else forgotten.due_at end,
          finished_at = case when locked.dead then now() end, dead_at = case when locked.dead then now() end,
          error = case when locked.dead then ${failure}::json else forgotten.error end
      from locked where forgotten.id = locked.id
      returning forgotten.id, locked.dead
    )
    select dead, pg_notify(${kind.changed}, id::text), pg_notify(${kind.waiting}, '') from moved
    `.execute(database.kysely);
  const dead = rows.filter((row) => row.dead).length;
  return { waiting: rows.length - dead, dead };
}

/** Tells that the queue does know these rows' jobs: they go to the back of the search. */
export async function confirmDispatched(database: Database, kind: RowKind, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`
    with confirmed as (
      update ${sql.table(kind.table)} set dispatched_at = now()
      where id = any(${[...ids]}::uuid[]) and status = 'queued' and dispatched_at is not null
      returning set_config('synchronous_commit', 'off', true)
    ) select count(*) from confirmed`.execute(database.kysely);
}
