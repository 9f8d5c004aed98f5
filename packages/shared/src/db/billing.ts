import { sql } from "kysely";
import type { SubscriptionState } from "../billing/entitlements.ts";
import { recordAudit } from "./audit-log.ts";
import { type Database, type DatabaseTransaction, withLocation } from "./database.ts";
import type { Plan } from "./tables.ts";

/** What billing knows of a location. */
export interface BillingRecord {
  readonly customerId: string | null;
  readonly subscription: SubscriptionState | null;
  readonly syncedAt: Date | null;
}

export async function billingOf(database: Database, locationId: string): Promise<BillingRecord> {
  return withLocation(database, locationId, async (transaction) => {
    const customer = await transaction
      .selectFrom("billing_customers")
      .select("stripe_customer_id")
      .where("location_id", "=", locationId)
      .executeTakeFirst();
    const row = await transaction
      .selectFrom("subscriptions")
      .selectAll()
      .where("location_id", "=", locationId)
      .executeTakeFirst();
    return {
      customerId: customer?.stripe_customer_id ?? null,
      subscription: row === undefined ? null : toSubscription(row),
      syncedAt: row?.synced_at ?? null,
    };
  });
}

/** Remembers which customer at Stripe a location is; the first stays. Gives back the one that counts. */
export async function linkCustomer(
  database: Database,
  link: { readonly locationId: string; readonly customerId: string },
): Promise<string> {
  return withLocation(database, link.locationId, async (transaction) => {
    await transaction
      .insertInto("billing_customers")
      .values({ location_id: link.locationId, stripe_customer_id: link.customerId })
      .onConflict((conflict) => conflict.column("location_id").doNothing())
      .execute();
    const { stripe_customer_id } = await transaction
      .selectFrom("billing_customers")
      .select("stripe_customer_id")
      .where("location_id", "=", link.locationId)
      .executeTakeFirstOrThrow();
    return stripe_customer_id;
  });
}

/** Whose customer it is; null when unknown. For the worker's role. */
export async function locationOfCustomer(database: Database, customerId: string): Promise<string | null> {
  const row = await database.kysely
    .selectFrom("billing_customers")
    .select("location_id")
    .where("stripe_customer_id", "=", customerId)
    .executeTakeFirst();
  return row?.location_id ?? null;
}

/** The customers whose subscription was last read, for a comparison with Stripe's list. For the worker's role. */
export async function customersAfter(
  database: Database,
  page: { readonly after: string; readonly limit: number },
): Promise<readonly { readonly customerId: string; readonly locationId: string; readonly status: string | null }[]> {
  const rows = await database.kysely
    .selectFrom("billing_customers")
    .leftJoin("subscriptions", "subscriptions.location_id", "billing_customers.location_id")
    .select(["stripe_customer_id", "billing_customers.location_id as locationId", "subscriptions.status"])
    .where("stripe_customer_id", ">", page.after)
    .orderBy("stripe_customer_id")
    .limit(page.limit)
    .execute();
  return rows.map((row) => ({ customerId: row.stripe_customer_id, locationId: row.locationId, status: row.status }));
}

export interface PlanDecision {
  readonly locationId: string;
  readonly subscription: SubscriptionState | null;
  readonly plan: Plan;
  /** Pro ends then by itself. */
  readonly until: Date | null;
  readonly reason: string;
}

/**
 * Stores what Stripe said and the plan that follows, in the transaction of the event that told of it; a change of plan is
 * audited. False when the location is gone.
 */
export async function saveBilling(transaction: DatabaseTransaction, decision: PlanDecision): Promise<boolean> {
  const { locationId, subscription, plan, until, reason } = decision;
  const before = await transaction
    .selectFrom("locations")
    .select("plan")
    .where("id", "=", locationId)
    .forUpdate()
    .executeTakeFirst();
  if (before === undefined) return false;
  if (subscription === null) {
    await transaction.deleteFrom("subscriptions").where("location_id", "=", locationId).execute();
  } else {
    const values = {
      stripe_subscription_id: subscription.id,
      status: subscription.status,
      price_id: subscription.priceId,
      current_period_start: subscription.currentPeriodStart,
      current_period_end: subscription.currentPeriodEnd,
      trial_end: subscription.trialEnd,
      cancel_at: subscription.cancelAt,
      refunded: subscription.refunded,
      disputed: subscription.disputed,
      payment_url: subscription.paymentUrl,
    };
    await transaction
      .insertInto("subscriptions")
      .values({ location_id: locationId, ...values })
      .onConflict((conflict) => conflict.column("location_id").doUpdateSet({ ...values, synced_at: sql<Date>`now()` }))
      .execute();
  }
  await transaction.updateTable("locations").set({ plan, plan_until: until }).where("id", "=", locationId).execute();
  if (before.plan !== plan) {
    const action = `plan.${plan}`;
    await recordAudit(transaction, { actor: "billing", requestId: null }, [{ locationId, action, subject: reason }]);
  }
  return true;
}

/** Ends the plans whose time ran out without word from Stripe; gives back their locations. For the worker's role. */
export async function endExpiredPlans(database: Database): Promise<readonly string[]> {
  return database.kysely.transaction().execute(async (transaction) => {
    const rows = await transaction
      .updateTable("locations")
      .set({ plan: "free", plan_until: null })
      .where("plan_until", "<=", sql<Date>`now()`)
      .returning("id")
      .execute();
    const entries = rows.map(({ id }) => ({ locationId: id, action: "plan.free", subject: "expired" }));
    await recordAudit(transaction, { actor: "billing", requestId: null }, entries);
    return rows.map(({ id }) => id);
  });
}

interface SubscriptionRow {
  readonly stripe_subscription_id: string;
  readonly status: string;
  readonly price_id: string | null;
  readonly current_period_start: Date | null;
  readonly current_period_end: Date | null;
  readonly trial_end: Date | null;
  readonly cancel_at: Date | null;
  readonly refunded: boolean;
  readonly disputed: boolean;
  readonly payment_url: string | null;
}

function toSubscription(row: SubscriptionRow): SubscriptionState {
  return {
    id: row.stripe_subscription_id,
    status: row.status,
    priceId: row.price_id,
    currentPeriodStart: row.current_period_start,
    currentPeriodEnd: row.current_period_end,
    trialEnd: row.trial_end,
    cancelAt: row.cancel_at,
    refunded: row.refunded,
    disputed: row.disputed,
    paymentUrl: row.payment_url,
  };
}
