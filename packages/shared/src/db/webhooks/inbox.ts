import { sql } from "kysely";
import type { Database } from "../database.ts";
import type { WebhookProvider } from "../tables.ts";

export interface ReceivedWebhook {
  /** UUIDv7 made by the caller. */
  readonly id: string;
  readonly provider: WebhookProvider;
  /** The provider's id of the event; its duplicates meet here. */
  readonly eventId: string;
  readonly type: string;
  /** The body as received, sealed under `webhookContext(id)`. */
  readonly body: { readonly ciphertext: Buffer; readonly keyId: string; readonly size: number };
  readonly requestId: string;
  readonly traceparent: string | null;
}

/** Stores an event once; `duplicate` when it is known already. One statement; the caller rings the queue afterwards. */
export async function acceptWebhook(database: Database, event: ReceivedWebhook): Promise<"accepted" | "duplicate"> {
  const { ciphertext, keyId, size } = event.body;
  const { rows } = await sql<{ accepted: boolean }>`
    select accept_webhook(${event.id}, ${event.provider}, ${event.eventId}, ${event.type}, ${ciphertext}, ${keyId}, ${size},
      ${event.requestId}, ${event.traceparent}) as accepted`.execute(database.kysely);
  return rows[0]?.accepted === true ? "accepted" : "duplicate";
}

/** Leaves an event whose job the queue did not take to the dispatcher, and wakes it. */
export async function leaveWebhookToDispatcher(database: Database, id: string): Promise<void> {
  await sql`select leave_webhook_to_dispatcher(${id})`.execute(database.kysely);
}

/** What the inbox holds of one provider. */
export interface WebhooksOverview {
  readonly provider: WebhookProvider;
  readonly queued: number;
  readonly running: number;
  /** Ended within the last day. */
  readonly processed: number;
  readonly ignored: number;
  readonly parked: number;
  /** Dead letters, whatever their age. */
  readonly failed: number;
  /** Age of the oldest event not yet handled. */
  readonly oldestUnprocessedMs: number | null;
  readonly lastEvent: { readonly type: string; readonly receivedAt: Date; readonly lagMs: number | null } | null;
}

interface OverviewRow {
  readonly provider: WebhookProvider;
  readonly queued: number;
  readonly running: number;
  readonly processed: number;
  readonly ignored: number;
  readonly parked: number;
  readonly failed: number;
  readonly oldest_unprocessed_ms: number | null;
  readonly last_event_at: Date | null;
  readonly last_event_type: string | null;
  readonly last_lag_ms: number | null;
}

/** Counts per provider. Any role may ask. */
export async function webhooksOverview(database: Database): Promise<readonly WebhooksOverview[]> {
  const { rows } = await sql<OverviewRow>`select * from webhooks_overview()`.execute(database.kysely);
  return rows.map((row) => ({
    provider: row.provider,
    queued: row.queued,
    running: row.running,
    processed: row.processed,
    ignored: row.ignored,
    parked: row.parked,
    failed: row.failed,
    oldestUnprocessedMs: row.oldest_unprocessed_ms,
    lastEvent:
      row.last_event_at === null || row.last_event_type === null
        ? null
        : { type: row.last_event_type, receivedAt: row.last_event_at, lagMs: row.last_lag_ms },
  }));
}
