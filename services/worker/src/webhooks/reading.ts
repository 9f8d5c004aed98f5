import type { DatabaseTransaction, StoredWebhook, WebhookEnding } from "@workflow-debugger/shared/db";

/** What becomes of an event, in the transaction that ends it. Awaits nothing but the database. */
export type Effect = (transaction: DatabaseTransaction) => Promise<WebhookEnding>;

/** What an event is about, and how it is handled once no other event of its subject is. */
export interface Reading {
  /** Events of one subject are handled one at a time. */
  readonly subject: string;
  /** Asks the provider for the current state; may be repeated. Throws what failed on the way. */
  prepare(): Promise<Effect>;
}

/** Reads one provider's events. Throws only what a later attempt may cure. */
export type ReadEvent = (event: StoredWebhook, body: Buffer) => Promise<Reading>;

/** An event that ends as it was read. */
export function ended(event: StoredWebhook, ending: WebhookEnding): Reading {
  return { subject: `event:${event.id}`, prepare: async () => async () => ending };
}

export const ignored = (reason: string): WebhookEnding => ({ status: "ignored", reason });
export const parked = (reason: string): WebhookEnding => ({ status: "parked", reason });
