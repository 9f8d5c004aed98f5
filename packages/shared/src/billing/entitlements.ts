import type { Plan } from "../db/tables.ts";

/** A subscription as Stripe last told it, reduced to what decides the plan. Status names are Stripe's. */
export interface SubscriptionState {
  readonly id: string;
  readonly status: string;
  readonly priceId: string | null;
  readonly currentPeriodStart: Date | null;
  readonly currentPeriodEnd: Date | null;
  readonly trialEnd: Date | null;
  /** When it ends although it runs: canceled at the end of a period. */
  readonly cancelAt: Date | null;
  /** The payment of the current period was given back in full. */
  readonly refunded: boolean;
  /** A payment is disputed, and the dispute is open or lost. */
  readonly disputed: boolean;
  /** Where the customer settles what is open; null when nothing is. */
  readonly paymentUrl: string | null;
}

/** Why a location has its plan; stable names for the app to word. */
export type EntitlementReason =
  | "no_subscription"
  | "active"
  | "trial"
  | "canceling"
  | "grace"
  | "payment_failed"
  | "paused"
  | "ended"
  | "refunded"
  | "disputed"
  | "unknown_price";

export interface Entitlements {
  readonly plan: Plan;
  readonly reason: EntitlementReason;
  /** When the plan changes to Free unless Stripe says otherwise by then; null on Free. */
  readonly until: Date | null;
}

const DAY_MS = 86_400_000;
/** How long a failed renewal keeps Pro, counted from the renewal: Stripe's default retries end within two weeks. */
export const GRACE_MS = 7 * DAY_MS;
/** How late the news of a renewal may come before Pro ends: Stripe delivers and retries events for three days. */
export const RENEWAL_SLACK_MS = 3 * DAY_MS;

/**
 * The plan a subscription gives at a moment. Pure; the only place that decides it. `proPrice` is the price that sells
 * Pro; null when none is configured, and then any price does.
 */
export function entitlements(state: SubscriptionState | null, now: Date, proPrice: string | null): Entitlements {
  if (state === null) return free("no_subscription");
  if (state.disputed) return free("disputed");
  if (state.refunded) return free("refunded");
  if (proPrice !== null && state.priceId !== proPrice) return free("unknown_price");
  switch (state.status) {
    case "active":
      if (state.cancelAt !== null) return pro("canceling", state.cancelAt);
      return pro("active", later(state.currentPeriodEnd, RENEWAL_SLACK_MS));
    case "trialing":
      if (state.cancelAt !== null) return pro("canceling", state.cancelAt);
      return pro("trial", later(state.trialEnd ?? state.currentPeriodEnd, RENEWAL_SLACK_MS));
    case "past_due": {
      // The period that could not be paid has begun: the grace counts from its start.
      const entitled = pro("grace", later(state.currentPeriodStart, GRACE_MS));
      return entitled.plan === "pro" ? entitled : free("payment_failed");
    }
    case "unpaid":
    case "incomplete":
    case "incomplete_expired":
      return free("payment_failed");
    case "paused":
      return free("paused");
    default:
      return free("ended");
  }

  function pro(reason: EntitlementReason, until: Date): Entitlements {
    return until > now ? { plan: "pro", reason, until } : free("ended");
  }
}

function free(reason: EntitlementReason): Entitlements {
  return { plan: "free", reason, until: null };
}

function later(date: Date | null, ms: number): Date {
  return new Date((date?.getTime() ?? 0) + ms);
}
