import type Stripe from "stripe";
import { endOf } from "./subscription-reader.ts";

export interface BillingLocation {
  readonly id: string;
  readonly name: string;
}

/** Metadata key under which a customer names its location. */
export const LOCATION_METADATA = "location_id";

/** The location's customer at Stripe, made on the first call: the idempotency key makes every repeat the same one. */
export async function createCustomer(stripe: Stripe, location: BillingLocation): Promise<string> {
  const { id } = await stripe.customers.create(
    { name: location.name, metadata: { [LOCATION_METADATA]: location.id } },
    { idempotencyKey: `customer-${location.id}` },
  );
  return id;
}

export interface CheckoutSettings {
  readonly price: string;
  readonly trialDays: number;
  readonly automaticTax: boolean;
  readonly promotionCodes: boolean;
  /** Where the browser goes afterwards. */
  readonly successUrl: string;
  readonly cancelUrl: string;
}

/** A page at Stripe where the location subscribes. `attempt` makes repeats of one request one page. */
export async function createCheckout(
  stripe: Stripe,
  order: { readonly location: BillingLocation; readonly customer: string; readonly attempt: string },
  settings: CheckoutSettings,
): Promise<{ readonly id: string; readonly url: string | null }> {
  const { id, url } = await stripe.checkout.sessions.create(
    {
      mode: "subscription",
      customer: order.customer,
      client_reference_id: order.location.id,
      line_items: [{ price: settings.price, quantity: 1 }],
      success_url: settings.successUrl,
      cancel_url: settings.cancelUrl,
      allow_promotion_codes: settings.promotionCodes,
      automatic_tax: { enabled: settings.automaticTax },
      // Tax needs an address; Stripe keeps the one that the customer gives.
      ...(settings.automaticTax ? { customer_update: { address: "auto" as const } } : {}),
      subscription_data: {
        metadata: { [LOCATION_METADATA]: order.location.id },
        ...(settings.trialDays > 0 ? { trial_period_days: settings.trialDays } : {}),
      },
    },
    { idempotencyKey: `checkout-${order.location.id}-${order.attempt}` },
  );
  return { id, url };
}

/** A page at Stripe where the customer sees invoices and changes the card. */
export async function createPortal(stripe: Stripe, customer: string, returnUrl: string): Promise<string> {
  const { url } = await stripe.billingPortal.sessions.create({ customer, return_url: returnUrl });
  return url;
}

/** Ends the subscription with its period, or takes that back; gives back when it ends. Repeating it changes nothing. */
export async function setCancelAtPeriodEnd(
  stripe: Stripe,
  subscriptionId: string,
  cancel: boolean,
): Promise<Date | null> {
  return endOf(await stripe.subscriptions.update(subscriptionId, { cancel_at_period_end: cancel }));
}
