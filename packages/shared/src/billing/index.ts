/** Billing: what Stripe knows of a location, and the plan that follows from it. */

export type { default as Stripe } from "stripe";
export {
  type BillingLocation,
  type CheckoutSettings,
  createCheckout,
  createCustomer,
  createPortal,
  LOCATION_METADATA,
  setCancelAtPeriodEnd,
} from "./checkout.ts";
export {
  type EntitlementReason,
  type Entitlements,
  entitlements,
  GRACE_MS,
  RENEWAL_SLACK_MS,
  type SubscriptionState,
} from "./entitlements.ts";
export { type PlanLimits, planLimits } from "./plans.ts";
export {
  openStripe,
  STRIPE_API_VERSION,
  type StripeFailureCategory,
  type StripeSettings,
  stripeFailure,
} from "./stripe-client.ts";
export { parseStripeEvent, type StripeEvent } from "./stripe-event.ts";
export { isSignedByStripe, TOLERANCE_SECONDS } from "./stripe-signature.ts";
export { readSubscription } from "./subscription-reader.ts";
