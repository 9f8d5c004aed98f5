import { sql } from "kysely";
import type { Database, DatabaseTransaction } from "../database.ts";
import { isUuid } from "../identifiers.ts";
import { rowKinds } from "../queued-rows/row-kind.ts";
import type { RowClaim } from "../queued-rows/settle.ts";
import { newLeaseToken } from "../queued-rows/worker-session.ts";
import type { RowFailure, WebhookProvider } from "../tables.ts";

/** One delivery of the queue: the row and the generation it was handed out under. */
export interface WebhookRef {
  readonly id: string;
  readonly generation: number;
}

export interface StoredWebhook {
  readonly id: string;
  readonly provider: WebhookProvider;
  readonly eventId: string;
  readonly type: string;
  /** Null once it was trimmed. */
  readonly body: { readonly ciphertext: Buffer; readonly keyId: string } | null;
  readonly receivedAt: Date;
  readonly requestId: string;
}

/** The event of a delivery, to learn what it is about; null when it is finished, or handed out anew since. */
export async function readWebhook(database: Database, ref: WebhookRef): Promise<StoredWebhook | null> {
  if (!isUuid(ref.id)) return null;
  const row = await database.kysely
    .selectFrom("webhook_events")
    .select(["id", "provider", "event_id", "type", "body", "encryption_key_id", "created_at", "request_id"])
    .where("id", "=", ref.id)
    .where("generation", "=", ref.generation)
    .where("status", "in", ["queued", "running"])
    .executeTakeFirst();
  if (row === undefined) return null;
  const { body, encryption_key_id: keyId } = row;
  return {
    id: row.id,
    provider: row.provider,
    eventId: row.event_id,
    type: row.type,
    body: body === null || keyId === null ? null : { ciphertext: body, keyId },
    receivedAt: row.created_at,
    requestId: row.request_id,
  };
}

/** Proves a claim in every later write. */
export interface WebhookLease extends WebhookRef {
  readonly subject: string;
  readonly leaseToken: string;
  /** This attempt's number, from 1. */
  readonly attempt: number;
}

export type WebhookClaim =
  | { readonly outcome: "claimed"; readonly lease: WebhookLease }
  /** Another event of the subject is being handled; whoever does takes this one afterwards. */
  | { readonly outcome: "subjectBusy" }
  | { readonly outcome: "exhausted" }
  /** Finished, handed out anew, or in other hands. */
  | { readonly outcome: "gone" };

/** Takes the event for one attempt, by compare and set, unless another of its subject is being handled. */
export async function claimWebhook(
  database: Database,
  ref: RowClaim & { readonly subject: string },
): Promise<WebhookClaim> {
  const leaseToken = newLeaseToken(ref.workerKey);
  const { id, generation, subject } = ref;
  const { rows } = await sql<{ outcome: WebhookClaim["outcome"]; attempt: number | null }>`
    select * from claim_webhook(${id}, ${generation}, ${subject}, ${leaseToken}, ${ref.leaseMs}, ${ref.maxAttempts})
    `.execute(database.kysely);
  const outcome = rows[0]?.outcome ?? "gone";
  if (outcome !== "claimed") return { outcome };
  return { outcome, lease: { id, generation, subject, leaseToken, attempt: rows[0]?.attempt ?? 1 } };
}

/** How the handling of an event ended. */
export type WebhookEnding =
  | { readonly status: "processed" }
  /** Of no interest to us. */
  | { readonly status: "ignored"; readonly reason: string }
  /** Sound, but not ours to act on as things stand; kept for a person to look at and replay. */
  | { readonly status: "parked"; readonly reason: string };

export interface WebhookOutcome {
  /** `lost`: the lease ran out or was taken over, and nothing was written. */
  readonly fenced: "done" | "lost";
  /** The oldest event of the subject that waits its turn. */
  readonly next: WebhookRef | null;
}

/**
 * Ends the event together with its effect, in one transaction fenced by the lease: both happen, once, or neither. `effect`
 * awaits nothing but the database.
 */
export async function finishWebhook(
  database: Database,
  lease: WebhookLease,
  effect: (transaction: DatabaseTransaction) => Promise<WebhookEnding>,
): Promise<WebhookOutcome> {
  return underLease(database, lease, async (transaction) => {
    const ending = await effect(transaction);
    await transaction
      .updateTable("webhook_events")
      .set({
        status: ending.status,
        finished_at: sql<Date>`now()`,
        error:
          ending.status === "processed"
            ? null
            : JSON.stringify({ code: ending.status, message: ending.reason, retryable: false }),
        lease_token: null,
        lease_until: null,
      })
      .where("id", "=", lease.id)
      .execute();
  });
}

/** Gives the event back for another attempt after `delayMs`, under a new generation that the dispatcher hands out. */
export async function releaseWebhook(
  database: Database,
  lease: WebhookLease,
  release: { readonly delayMs: number; readonly error: RowFailure },
): Promise<WebhookOutcome> {
  return underLease(database, lease, async (transaction) => {
    await sql`
      update webhook_events
      set status = 'queued', generation = generation + 1, dispatched_at = null, lease_token = null, lease_until = null,
          due_at = now() + make_interval(secs => ${release.delayMs / 1000}::float8), error = ${JSON.stringify(release.error)}
      where id = ${lease.id}`.execute(transaction);
    await sql`select pg_notify(${rowKinds.webhook.waiting}, '')`.execute(transaction);
  });
}

/** Puts the event among the dead letters, from where it can be replayed. */
export async function buryWebhook(database: Database, lease: WebhookLease, error: RowFailure): Promise<WebhookOutcome> {
  return underLease(database, lease, async (transaction) => {
    await sql`
      update webhook_events
      set status = 'failed', finished_at = now(), dead_at = now(), lease_token = null, lease_until = null,
          error = ${JSON.stringify(error)}
      where id = ${lease.id}`.execute(transaction);
  });
}

/** Writes an end of the attempt if the lease holds, and finds what waits for the subject: one transaction. */
async function underLease(
  database: Database,
  lease: WebhookLease,
  write: (transaction: DatabaseTransaction) => Promise<void>,
): Promise<WebhookOutcome> {
  return database.kysely.transaction().execute(async (transaction) => {
    if (!(await holdSubject(transaction, lease))) return { fenced: "lost", next: null };
    await write(transaction);
    return { fenced: "done", next: await nextOfSubject(transaction, lease.subject) };
  });
}

/** Takes the subject's lock as claims do, so that no event of it slips in unseen, and looks whether the lease holds. */
async function holdSubject(transaction: DatabaseTransaction, lease: WebhookLease): Promise<boolean> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${lease.subject}, 0))`.execute(transaction);
  const row = await transaction
    .selectFrom("webhook_events")
    .select("id")
    .where("id", "=", lease.id)
    .where("lease_token", "=", lease.leaseToken)
    .where("status", "=", "running")
    .where("lease_until", ">", sql<Date>`now()`)
    .forUpdate()
    .executeTakeFirst();
  return row !== undefined;
}

async function nextOfSubject(transaction: DatabaseTransaction, subject: string): Promise<WebhookRef | null> {
  const row = await transaction
    .selectFrom("webhook_events")
    .select(["id", "generation"])
    .where("subject", "=", subject)
    .where("status", "=", "queued")
    .where((eb) => eb.or([eb("due_at", "is", null), eb("due_at", "<=", sql<Date>`now()`)]))
    .orderBy("created_at")
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : { id: row.id, generation: row.generation };
}
