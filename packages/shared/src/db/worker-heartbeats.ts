import { sql } from "kysely";
import type { Database } from "./database.ts";

export interface WorkerHeartbeat {
  readonly workerId: string;
  readonly startedAt: Date;
  readonly lastSeenAt: Date;
  readonly concurrency: number;
  readonly active: number;
}

/** Tells that a worker is alive, by the database's clock. */
export async function beat(
  database: Database,
  worker: {
    /** UUID made at the worker's start. */
    readonly workerId: string;
    readonly startedAt: Date;
    readonly concurrency: number;
    readonly active: number;
  },
): Promise<void> {
  const { workerId, startedAt, concurrency, active } = worker;
  await database.kysely
    .insertInto("worker_heartbeats")
    .values({ worker_id: workerId, started_at: startedAt, concurrency, active })
    .onConflict((conflict) =>
      conflict.column("worker_id").doUpdateSet({ last_seen_at: sql<Date>`now()`, concurrency, active }),
    )
    .execute();
}

/** Removes a worker that stops in good order, and any not seen for a day. */
export async function retireWorker(database: Database, workerId: string): Promise<void> {
  await database.kysely
    .deleteFrom("worker_heartbeats")
    .where((eb) =>
      eb.or([eb("worker_id", "=", workerId), eb("last_seen_at", "<", sql<Date>`now() - interval '1 day'`)]),
    )
    .execute();
}

/** Workers seen within the given time, latest first. */
export async function aliveWorkers(
  database: Database,
  seen: { readonly withinMs: number },
): Promise<readonly WorkerHeartbeat[]> {
  const rows = await database.kysely
    .selectFrom("worker_heartbeats")
    .selectAll()
    .where("last_seen_at", ">", sql<Date>`now() - make_interval(secs => ${seen.withinMs / 1000}::float8)`)
    .orderBy("last_seen_at", "desc")
    .limit(100)
    .execute();
  return rows.map((row) => ({
    workerId: row.worker_id,
    startedAt: row.started_at,
    lastSeenAt: row.last_seen_at,
    concurrency: row.concurrency,
    active: row.active,
  }));
}
