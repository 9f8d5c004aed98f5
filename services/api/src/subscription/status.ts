import { type Entitlements, entitlements, planLimits, type SubscriptionState } from "@workflow-debugger/shared/billing";
import type { SubscriptionStatus } from "@workflow-debugger/shared/contract";
import { billingOf } from "@workflow-debugger/shared/db";
import type { Context } from "hono";
import { resource } from "../answers/envelope.ts";
import type { AppEnv, Billing, Dependencies } from "../dependencies.ts";

/** `GET /api/subscription/status`: the plan that holds, and the subscription as Stripe last told it. */
export function subscriptionStatusRoute({ database, billing }: Pick<Dependencies, "database" | "billing">) {
  return async function status(context: Context<AppEnv>): Promise<Response> {
    const { locationId, plan } = context.get("caller");
    const { subscription } = await billingOf(database, locationId);
    const decided = decide(subscription, billing);
    // What is stored for the location holds, although the clock may already say otherwise.
    return resource(
      context,
      statusOf(subscription, plan === decided.plan ? decided : { ...decided, plan, until: null }),
    );
  };
}

export function decide(subscription: SubscriptionState | null, billing: Billing | null): Entitlements {
  return entitlements(subscription, new Date(), billing?.checkout?.price ?? null);
}

export function statusOf(state: SubscriptionState | null, { plan, reason, until }: Entitlements): SubscriptionStatus {
  const { rateVariable: _, ...allowed } = planLimits[plan];
  const iso = (date: Date | null) => date?.toISOString() ?? null;
  return {
    plan,
    reason,
    until: iso(until),
    entitlements: allowed,
    subscription:
      state === null
        ? null
        : {
            status: state.status,
            currentPeriodEnd: iso(state.currentPeriodEnd),
            trialEnd: iso(state.trialEnd),
            cancelAt: iso(state.cancelAt),
            paymentUrl: state.paymentUrl,
          },
  };
}
