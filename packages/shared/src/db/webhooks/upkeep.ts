import { sql } from "kysely";
import type { Database } from "../database.ts";
import { isUuid } from "../identifiers.ts";
import { rowKinds } from "../queued-rows/row-kind.ts";
import type { RowFailure, WebhookProvider } from "../tables.ts";

/** An event that needs a person: a dead letter, or one that was parked. */
export interface WebhookForReview {
  readonly id: string;
  readonly provider: WebhookProvider;
  readonly eventId: string;
  readonly type: string;
  readonly status: "failed" | "parked";
  readonly attempts: number;
  readonly receivedAt: Date;
  readonly error: RowFailure | null;
}

/** Dead letters and parked events, latest first. For the worker's role. */
export async function webhooksForReview(
  database: Database,
  wanted: { readonly limit: number },
): Promise<readonly WebhookForReview[]> {
  const rows = await database.kysely
    .selectFrom("webhook_events")
    .select(["id", "provider", "event_id", "type", "status", "attempt", "created_at", "error"])
    .where("status", "in", ["failed", "parked"])
    .orderBy("created_at", "desc")
    .limit(wanted.limit)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    provider: row.provider,
    eventId: row.event_id,
    type: row.type,
    status: row.status === "failed" ? "failed" : "parked",
    attempts: row.attempt,
    receivedAt: row.created_at,
    error: row.error,
  }));
}

/** Hands a dead letter or a parked event out anew, with all its attempts. False when there is none with a body. */
export async function replayWebhook(database: Database, id: string): Promise<boolean> {
  if (!isUuid(id)) return false;
  const { rows } = await sql`
    with replayed as (
      update webhook_events
      set status = 'queued', generation = generation + 1, attempt = 0, dispatched_at = null, due_at = null,
          dead_at = null, error = null, finished_at = null
      where id = ${id} and status in ('failed', 'parked') and body is not null
      returning id
    )
    select pg_notify(${rowKinds.webhook.waiting}, '') from replayed`.execute(database.kysely);
  return rows.length > 0;
}

/** Takes a dead letter off the list for good. False when there is none. */
export async function discardWebhook(database: Database, id: string): Promise<boolean> {
  if (!isUuid(id)) return false;
  const { numUpdatedRows } = await database.kysely
    .updateTable("webhook_events")
    .set({ status: "ignored", dead_at: null, body: null, encryption_key_id: null })
    .where("id", "=", id)
    .where("status", "in", ["failed", "parked"])
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

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
