import { sql } from "kysely";
import type { Database } from "./database.ts";

/**
 * Begins a job that one worker at a time does every so often: false when it was begun within `everyMs` by anybody. A
 * worker that dies in it costs one turn.
 */
export async function beginPeriodicJob(
  database: Database,
  job: { readonly name: string; readonly everyMs: number },
): Promise<{ readonly position: string | null } | null> {
  const { rows } = await sql<{ position: string | null }>`
    insert into periodic_jobs as job (name, last_run_at) values (${job.name}, now())
    on conflict (name) do update set last_run_at = now()
      where job.last_run_at <= now() - make_interval(secs => ${job.everyMs / 1000}::float8)
    returning position`.execute(database.kysely);
  return rows[0] ?? null;
}

/** Remembers how far the job got, for its next turn. */
export async function savePeriodicJobPosition(
  database: Database,
  job: { readonly name: string; readonly position: string },
): Promise<void> {
  await database.kysely
    .updateTable("periodic_jobs")
    .set({ position: job.position })
    .where("name", "=", job.name)
    .execute();
}
