import { randomUUID } from "node:crypto";
import { STRIPE_API_VERSION } from "@workflow-debugger/shared/billing";
import { type KeyRing, webhookContext } from "@workflow-debugger/shared/crypto";
import {
  acceptWebhook,
  beginPeriodicJob,
  customersAfter,
  type Database,
  savePeriodicJobPosition,
} from "@workflow-debugger/shared/db";
import type { Logger } from "@workflow-debugger/shared/observability";
import { isHandledStripeEvent, type StripeSettings } from "./stripe-events.ts";

export interface StripeComparisonOptions extends StripeSettings {
  readonly database: Database;
  readonly keys: KeyRing;
  readonly log: Logger;
  readonly everyMs: number;
}

const JOB = "stripe comparison";
/** Stripe keeps events for 30 days. */
const OLDEST_SECONDS = 30 * 86_400;
/** Events may become visible a little after their time. */
const OVERLAP_SECONDS = 3_600;
const PAGE = 100;

/**
 * Compares with Stripe what we know, one worker at a time: events that never arrived are put into the inbox, and customers
 * whose subscription differs from ours are read anew. Both go the way every event goes. Null when it is not due.
 */
export async function compareWithStripe(
  options: StripeComparisonOptions,
): Promise<{ readonly missed: number; readonly differing: number } | null> {
  const { database, everyMs, log, now } = options;
  const begun = await beginPeriodicJob(database, { name: JOB, everyMs });
  if (begun === null) return null;
  const startedAt = Math.floor(now().getTime() / 1000);
  const since = Number(begun.position ?? startedAt - OLDEST_SECONDS) - OVERLAP_SECONDS;
  const missed = await takeMissedEvents(options, Math.max(since, startedAt - OLDEST_SECONDS));
  const differing = await takeDifferingCustomers(options, startedAt);
  await savePeriodicJobPosition(database, { name: JOB, position: String(startedAt) });
  if (missed + differing > 0) log.warn({ missed, differing }, "Stripe knew more than we did; taken up now");
  return { missed, differing };
}

async function takeMissedEvents(options: StripeComparisonOptions, since: number): Promise<number> {
  let missed = 0;
  for await (const event of options.stripe.events.list({ created: { gte: since }, limit: PAGE })) {
    if (!isHandledStripeEvent(event.type)) continue;
    if (await store(options, event.id, event.type, event)) missed += 1;
  }
  return missed;
}

async function takeDifferingCustomers(options: StripeComparisonOptions, startedAt: number): Promise<number> {
  const { database, stripe, livemode } = options;
  const atStripe = new Map<string, string>();
  for await (const { customer, status } of stripe.subscriptions.list({ limit: PAGE })) {
    atStripe.set(typeof customer === "string" ? customer : customer.id, status);
  }
  let differing = 0;
  for (let after = ""; ; ) {
    const page = await customersAfter(database, { after, limit: 1_000 });
    for (const { customerId, status } of page) {
      // Ended subscriptions are not on Stripe's list.
      if ((atStripe.get(customerId) ?? "canceled") === (status ?? "canceled")) continue;
      const type = "customer.compared";
      const id = `compared:${customerId}:${startedAt}`;
      const event = { id, type, livemode, api_version: STRIPE_API_VERSION, data: { object: { id: customerId } } };
      if (await store(options, id, type, event)) differing += 1;
    }
    const last = page.at(-1);
    if (last === undefined) return differing;
    after = last.customerId;
  }
}

/** The row waits for the dispatcher's or the reconciler's next pass; nothing here is urgent. */
async function store({ database, keys }: StripeComparisonOptions, eventId: string, type: string, event: object) {
  const id = randomUUID();
  const bytes = Buffer.from(JSON.stringify(event));
  const body = { ...keys.seal(bytes, webhookContext(id)), size: bytes.length };
  const requestId = randomUUID();
  const outcome = await acceptWebhook(database, {
    id,
    provider: "stripe",
    eventId,
    type,
    body,
    requestId,
    traceparent: null,
  });
  return outcome === "accepted";
}
