import {
  entitlements,
  LOCATION_METADATA,
  parseStripeEvent,
  readSubscription,
  STRIPE_API_VERSION,
  type Stripe,
  type StripeEvent,
  stripeFailure,
} from "@workflow-debugger/shared/billing";
import { type Database, linkCustomer, locationOfCustomer, saveBilling } from "@workflow-debugger/shared/db";
import { type Effect, ended, ignored, parked, type ReadEvent } from "./reading.ts";

export interface StripeSettings {
  readonly stripe: Stripe;
  /** The price that sells Pro; null: any. */
  readonly proPrice: string | null;
  /** Whether this installation bills real money; events of the other kind are parked. */
  readonly livemode: boolean;
  readonly now: () => Date;
}

export interface StripeEventDependencies extends StripeSettings {
  readonly database: Database;
}

/** Of an installation that does not bill. */
export const withoutStripe: ReadEvent = async (stored) => ended(stored, parked("Stripe is not configured here."));

type CustomerOf = (object: StripeEvent["object"], stripe: Stripe) => string | null | Promise<string | null>;

const named: CustomerOf = ({ customer }) => customer;
const itself: CustomerOf = ({ id }) => id;
const ofItsCharge: CustomerOf = async ({ charge }, stripe) => {
  if (charge === null) return null;
  const { customer } = await stripe.charges.retrieve(charge);
  return typeof customer === "string" ? customer : (customer?.id ?? null);
};

/** Event type → whose billing it speaks of. Every one of them is a hint to read that customer anew. */
const customerOfEvent: Readonly<Record<string, CustomerOf>> = {
  "checkout.session.completed": named,
  "checkout.session.async_payment_succeeded": named,
  "checkout.session.async_payment_failed": named,
  "customer.deleted": itself,
  "customer.subscription.created": named,
  "customer.subscription.updated": named,
  "customer.subscription.deleted": named,
  "customer.subscription.paused": named,
  "customer.subscription.resumed": named,
  "customer.subscription.trial_will_end": named,
  "invoice.paid": named,
  "invoice.payment_failed": named,
  "invoice.payment_action_required": named,
  "charge.refunded": named,
  "charge.dispute.created": ofItsCharge,
  "charge.dispute.updated": ofItsCharge,
  "charge.dispute.closed": ofItsCharge,
  /** Made by our own comparison with Stripe's list of subscriptions. */
  "customer.compared": itself,
};

/** Whether something follows from events of this type. */
export function isHandledStripeEvent(type: string): boolean {
  return Object.hasOwn(customerOfEvent, type);
}

/** Reads Stripe's events: each leads to the customer's current state and the plan that follows from it. */
export function createStripeReader(dependencies: StripeEventDependencies): ReadEvent {
  const { stripe, livemode } = dependencies;
  return async function readStripeEvent(stored, body) {
    const event = parseStripeEvent(body);
    if (event === null) return ended(stored, parked("The body is no event of Stripe's as we know them."));
    const customerOf = isHandledStripeEvent(event.type) ? customerOfEvent[event.type] : undefined;
    if (customerOf === undefined) return ended(stored, ignored(`Nothing follows from ${event.type}.`));
    if (event.livemode !== livemode) {
      return ended(
        stored,
        parked(`The event is of ${event.livemode ? "live" : "test"} mode and this installation is not.`),
      );
    }
    if ((event.apiVersion ?? STRIPE_API_VERSION) !== STRIPE_API_VERSION) {
      return ended(
        stored,
        parked(
          `The event has the shapes of API version ${event.apiVersion}; set the endpoint to ${STRIPE_API_VERSION}.`,
        ),
      );
    }
    const customer = await customerOf(event.object, stripe);
    if (customer === null) return ended(stored, ignored("The event names no customer."));
    return { subject: `stripe:${customer}`, prepare: () => syncCustomer(dependencies, customer) };
  };
}

async function syncCustomer(dependencies: StripeEventDependencies, customer: string): Promise<Effect> {
  const { database, stripe, proPrice, now } = dependencies;
  const locationId = (await locationOfCustomer(database, customer)) ?? (await findLocation(dependencies, customer));
  if (locationId === null) return async () => parked(`No location of ours belongs to the customer ${customer}.`);
  const subscription = await readSubscription(stripe, customer);
  const { plan, until, reason } = entitlements(subscription, now(), proPrice);
  return async (transaction) => {
    const saved = await saveBilling(transaction, { locationId, subscription, plan, until, reason });
    return saved ? { status: "processed" } : parked(`The location ${locationId} is gone.`);
  };
}

/** A customer that we made and lost sight of still names its location. */
async function findLocation({ database, stripe }: StripeEventDependencies, customer: string): Promise<string | null> {
  const found = await unlessMissing(stripe.customers.retrieve(customer));
  const locationId = found === null || found.deleted === true ? undefined : found.metadata[LOCATION_METADATA];
  if (locationId === undefined) return null;
  const linked = await linkCustomer(database, { locationId, customerId: customer });
  return linked === customer ? locationId : null;
}

async function unlessMissing<Result>(asked: Promise<Result>): Promise<Result | null> {
  try {
    return await asked;
  } catch (error) {
    if (stripeFailure(error) === "not_found") return null;
    throw error;
  }
}
