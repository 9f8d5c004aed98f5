import { sql } from "kysely";
import type { Database } from "../database.ts";
import type { FencedOutcome } from "./finish.ts";
import type { LeaseHolder } from "./lease.ts";

/**
 * Gives the analysis back unharmed, if the lease still holds: for a worker that must stop. It waits for any dispatcher
 * at once under a new generation, and the attempt that was broken off does not count.
 */
export async function handBackAnalysis(database: Database, holder: LeaseHolder): Promise<FencedOutcome> {
  const { rows } = await sql`
    with fenced as (
      update analyses
      set status = 'queued', generation = generation + 1, attempt = attempt - 1, dispatched_at = null, due_at = null,
          lease_token = null, lease_until = null
      where id = ${holder.id} and lease_token = ${holder.leaseToken} and status = 'running' and lease_until > now()
      returning id
    )
    select pg_notify('analysis_changed', id::text), pg_notify('analysis_waiting', '') from fenced
    `.execute(database.kysely);
  return rows.length > 0 ? "done" : "lost";
}
