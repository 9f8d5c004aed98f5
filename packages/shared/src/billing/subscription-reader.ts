import type Stripe from "stripe";
import type { SubscriptionState } from "./entitlements.ts";

/** The better one decides the plan, whichever came first. */
const BEST_FIRST = ["active", "trialing", "past_due", "unpaid", "paused", "incomplete", "canceled"];
/** Disputes that take nothing from us. */
const SETTLED_DISPUTES = new Set(["won", "warning_closed", "prevented"]);
/** A first charge may be made moments before its period begins. */
const BEFORE_PERIOD_SECONDS = 3_600;

/**
 * What a customer has subscribed to, as Stripe has it now: the same answer whichever event asked, so that events may
 * come in any order, late, or not at all. Null when the customer never subscribed. Throws Stripe's errors.
 */
export async function readSubscription(stripe: Stripe, customer: string): Promise<SubscriptionState | null> {
  const { data } = await stripe.subscriptions.list({
    customer,
    status: "all",
    limit: 100,
    expand: ["data.latest_invoice"],
  });
  const subscription = data.toSorted(byRankThenNewest)[0];
  if (subscription === undefined) return null;
  const item = subscription.items.data[0];
  const invoice = subscription.latest_invoice;
  const periodStart = item?.current_period_start ?? null;
  return {
    id: subscription.id,
    status: subscription.status,
    priceId: item?.price.id ?? null,
    currentPeriodStart: toDate(periodStart),
    currentPeriodEnd: toDate(item?.current_period_end),
    trialEnd: toDate(subscription.trial_end),
    cancelAt: endOf(subscription),
    paymentUrl:
      invoice !== null && typeof invoice === "object" && invoice.status === "open"
        ? (invoice.hosted_invoice_url ?? null)
        : null,
    ...(await readReversals(stripe, customer, periodStart)),
  };
}

/** When a subscription ends although it runs; null when it does not. */
export function endOf({ cancel_at, cancel_at_period_end, items }: Stripe.Subscription): Date | null {
  return toDate(cancel_at ?? (cancel_at_period_end ? items.data[0]?.current_period_end : null));
}

/** What was paid for the current period and taken back since. */
async function readReversals(
  stripe: Stripe,
  customer: string,
  periodStart: number | null,
): Promise<Pick<SubscriptionState, "refunded" | "disputed">> {
  const { data: charges } = await stripe.charges.list({ customer, limit: 20 });
  const latest = charges
    .filter((charge) => charge.status === "succeeded" && charge.created >= (periodStart ?? 0) - BEFORE_PERIOD_SECONDS)
    .toSorted((one, other) => other.created - one.created)[0];
  for (const charge of charges.filter(({ disputed }) => disputed)) {
    const { data: disputes } = await stripe.disputes.list({ charge: charge.id, limit: 10 });
    if (disputes.some(({ status }) => !SETTLED_DISPUTES.has(status))) {
      return { refunded: latest?.refunded === true, disputed: true };
    }
  }
  return { refunded: latest?.refunded === true, disputed: false };
}

function byRankThenNewest(one: Stripe.Subscription, other: Stripe.Subscription): number {
  return rank(one) - rank(other) || other.created - one.created;
}

function rank({ status }: Stripe.Subscription): number {
  const place = BEST_FIRST.indexOf(status);
  return place < 0 ? BEST_FIRST.length : place;
}

function toDate(seconds: number | null | undefined): Date | null {
  return seconds === null || seconds === undefined ? null : new Date(seconds * 1000);
}
