import { sql } from "kysely";
import type { Database } from "../database.ts";

/**
 * One batch of the retention: events handled or ignored longer ago than `keptForMs` go; of parked ones and dead letters
 * too, after four times as long. Their ids are gone with them, which is harmless: effects follow the providers' current
 * objects. Gives back how many went.
 */
export async function pruneWebhooks(
  database: Database,
  pruning: { readonly keptForMs: number; readonly limit: number },
): Promise<number> {
  const { rows } = await sql`
    delete from webhook_events where id in (
      select id from webhook_events
      where finished_at < now() - make_interval(secs => ${pruning.keptForMs / 1000}::float8)
        and (status in ('processed', 'ignored')
          or finished_at < now() - make_interval(secs => ${(4 * pruning.keptForMs) / 1000}::float8))
      order by finished_at limit ${pruning.limit} for update skip locked)
    returning id`.execute(database.kysely);
  return rows.length;
}
