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

/**
 * Stores events once each, in one statement; gives back the ids of those that were not known. The caller rings the queue
 * afterwards.
 */
export async function acceptWebhooks(
  database: Database,
  events: readonly ReceivedWebhook[],
): Promise<ReadonlySet<string>> {
  const column = <Value>(of: (event: ReceivedWebhook) => Value) => events.map(of);
  const { rows } = await sql<{ id: string }>`
    select accept_webhooks(${column(({ id }) => id)}::uuid[], ${column(({ provider }) => provider)}::text[],
      ${column(({ eventId }) => eventId)}::text[], ${column(({ type }) => type)}::text[],
      ${column(({ body }) => body.ciphertext)}::bytea[], ${column(({ body }) => body.keyId)}::text[],
      ${column(({ body }) => body.size)}::integer[], ${column(({ requestId }) => requestId)}::text[],
      ${column(({ traceparent }) => traceparent)}::text[]) as id`.execute(database.kysely);
  return new Set(rows.map(({ id }) => id));
}

/** Stores one event; `duplicate` when it is known already. */
export async function acceptWebhook(database: Database, event: ReceivedWebhook): Promise<"accepted" | "duplicate"> {
  return (await acceptWebhooks(database, [event])).has(event.id) ? "accepted" : "duplicate";
}

/** Leaves events whose jobs the queue did not take to the dispatcher, and wakes it. */
export async function leaveWebhooksToDispatcher(database: Database, ids: readonly string[]): Promise<void> {
  await sql`select leave_webhooks_to_dispatcher(${[...ids]}::uuid[])`.execute(database.kysely);
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
