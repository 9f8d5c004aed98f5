import { stripeFailure } from "@workflow-debugger/shared/billing";
import { type KeyRing, SealError, webhookContext } from "@workflow-debugger/shared/crypto";
import {
  buryWebhook,
  claimWebhook,
  type Database,
  finishWebhook,
  isTransient,
  isUnavailable,
  type RowFailure,
  readWebhook,
  releaseWebhook,
  retryTransient,
  type StoredWebhook,
  type WebhookLease,
  type WebhookOutcome,
  type WebhookProvider,
  type WebhookRef,
  type WorkerKey,
} from "@workflow-debugger/shared/db";
import { GhlError } from "@workflow-debugger/shared/ghl";
import type { JobMetrics, Logger } from "@workflow-debugger/shared/observability";
import { describeFailure, type JobHandler, within } from "@workflow-debugger/shared/queue";
import { ended, parked, type ReadEvent, type Reading } from "../webhooks/reading.ts";
import { persist } from "./persist.ts";

export interface WebhookDependencies {
  readonly database: Database;
  readonly keys: KeyRing;
  readonly log: Logger;
  readonly metrics: Pick<JobMetrics, "retried">;
  /** Whose leases they are. */
  readonly workerKey: WorkerKey;
  readonly readers: Readonly<Record<WebhookProvider, ReadEvent>>;
  readonly settings: WebhookSettings;
}

export interface WebhookSettings {
  /** A worker that is silent for so long has lost its event. Milliseconds. */
  readonly leaseMs: number;
  /** For reading and preparing; shorter than the lease. Milliseconds. */
  readonly deadlineMs: number;
  /** Attempts before an event becomes a dead letter. */
  readonly maxAttempts: number;
  /** Before the second attempt; doubles up to ten minutes, with half of it random. Milliseconds. */
  readonly backoffMs: number;
}

const LONGEST_BACKOFF_MS = 600_000;

/**
 * Handles one event: read what it is about → claim, one event of a subject at a time → ask the provider → end the event
 * together with its effect, in one transaction. Whatever waits for the same subject is handled next.
 */
export function createWebhookJob(dependencies: WebhookDependencies): JobHandler<"webhook"> {
  return async function webhook(ref, { signal }) {
    let handled = 0;
    for (let next: WebhookRef | null = ref; next !== null && !signal.aborted; handled += 1) {
      next = await handleOne(dependencies, next);
    }
    return { kind: "done", result: handled === 1 ? "handled" : `handled with ${handled - 1} of its subject` };
  };
}

/** Gives back the event of the same subject that waits its turn. */
async function handleOne(dependencies: WebhookDependencies, ref: WebhookRef): Promise<WebhookRef | null> {
  const { database, workerKey, log, settings } = dependencies;
  const event = await retryTransient(() => readWebhook(database, ref));
  if (event === null) return null;
  const reading = await attempt(settings, () => readEvent(dependencies, event));
  const subject = "value" in reading ? reading.value.subject : `event:${event.id}`;
  const claim = await retryTransient(() => claimWebhook(database, { ...ref, ...settings, workerKey, subject }));
  if (claim.outcome !== "claimed") return null;
  const { lease } = claim;
  const effect = "value" in reading ? await attempt(settings, () => reading.value.prepare()) : reading;
  if ("value" in effect) {
    const outcome = await persist(settings.leaseMs, () => finishWebhook(database, lease, effect.value));
    return told(outcome, event, log);
  }
  log.warn({ failure: describeFailure(effect.error), type: event.type, attempt: lease.attempt }, "webhook not handled");
  return told(await giveBack(dependencies, lease, effect.error), event, log);
}

type Attempt<Value> = { readonly value: Value } | { readonly error: unknown };

async function attempt<Value>({ deadlineMs }: WebhookSettings, work: () => Promise<Value>): Promise<Attempt<Value>> {
  try {
    return { value: await within(deadlineMs, work()) };
  } catch (error) {
    // A database that is away concerns the job, not the event: the queue delivers it again.
    if (isTransient(error) || isUnavailable(error)) {
      if (stripeFailure(error) === null) throw error;
    }
    return { error };
  }
}

async function readEvent({ keys, readers }: WebhookDependencies, event: StoredWebhook): Promise<Reading> {
  if (event.body === null) return ended(event, parked("The body was trimmed."));
  try {
    return await readers[event.provider](event, keys.open(event.body, webhookContext(event.id)));
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    return ended(
      event,
      parked("The body cannot be opened: restore the key it was sealed with, then replay the event."),
    );
  }
}

/** Another attempt later; after the last one, or where none can help, a dead letter. */
async function giveBack(
  { database, metrics, settings }: WebhookDependencies,
  lease: WebhookLease,
  error: unknown,
): Promise<WebhookOutcome> {
  const [provider, category] = error instanceof GhlError ? ["GHL", error.category] : ["STRIPE", stripeFailure(error)];
  const failure: RowFailure = {
    code: category === null ? "HANDLER_FAILED" : `${provider}_${category.toUpperCase()}`,
    message: describeFailure(error).message.slice(0, 500),
    retryable: true,
  };
  const hopeless = category === "invalid" || category === "not_found";
  if (hopeless || lease.attempt >= settings.maxAttempts) {
    return persist(settings.leaseMs, () => buryWebhook(database, lease, failure));
  }
  metrics.retried("webhook");
  const full = Math.min(LONGEST_BACKOFF_MS, settings.backoffMs * 2 ** (lease.attempt - 1));
  const delayMs = Math.round(full * (0.5 + Math.random() / 2));
  return persist(settings.leaseMs, () => releaseWebhook(database, lease, { delayMs, error: failure }));
}

function told({ fenced, next }: WebhookOutcome, event: StoredWebhook, log: Logger): WebhookRef | null {
  if (fenced === "lost")
    log.warn({ type: event.type, webhookId: event.id }, "a webhook's lease was lost; nothing was written");
  return next;
}
