import { randomUUID } from "node:crypto";

/**
 * A Stripe account in memory: customers, subscriptions, charges and events in the shapes of API version
 * 2026-10-28.endive, reduced to what is read of them. Time is the caller's, in seconds since the epoch.
 */

export interface StandInSubscription {
  readonly id: string;
  readonly object: "subscription";
  readonly customer: string;
  status: string;
  readonly created: number;
  cancel_at: number | null;
  cancel_at_period_end: boolean;
  trial_end: number | null;
  latest_invoice: StandInInvoice | null;
  readonly livemode: false;
  readonly metadata: Readonly<Record<string, string>>;
  readonly items: {
    readonly object: "list";
    readonly data: {
      readonly id: string;
      readonly price: { readonly id: string };
      current_period_start: number;
      current_period_end: number;
    }[];
  };
}

export interface StandInInvoice {
  readonly id: string;
  readonly object: "invoice";
  readonly customer: string;
  status: "paid" | "open" | "void";
  readonly hosted_invoice_url: string;
}

export interface StandInCharge {
  readonly id: string;
  readonly object: "charge";
  readonly customer: string;
  readonly created: number;
  readonly status: "succeeded" | "failed";
  readonly amount: number;
  refunded: boolean;
  amount_refunded: number;
  disputed: boolean;
}

export interface StandInDispute {
  readonly id: string;
  readonly object: "dispute";
  readonly charge: string;
  status: string;
}

export interface StandInCustomer {
  readonly id: string;
  readonly object: "customer";
  name: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface StandInEvent {
  readonly id: string;
  readonly object: "event";
  readonly api_version: string;
  readonly created: number;
  readonly type: string;
  readonly livemode: false;
  readonly data: { readonly object: unknown };
}

export const STAND_IN_PRICE = "price_pro_monthly";
export const STAND_IN_API_VERSION = "2026-10-28.endive";
const MONTH_SECONDS = 30 * 86_400;
const AMOUNT = 4_900;

export interface StripeAccount extends ReturnType<typeof createStripeAccount> {}

/** @param now seconds since the epoch. */
export function createStripeAccount(now: () => number = () => Math.floor(Date.now() / 1000)) {
  const customers = new Map<string, StandInCustomer>();
  const subscriptions = new Map<string, StandInSubscription>();
  const charges = new Map<string, StandInCharge>();
  const disputes = new Map<string, StandInDispute>();
  const events: StandInEvent[] = [];
  const listeners = new Set<(event: StandInEvent) => void>();
  const newId = (prefix: string) => `${prefix}_${randomUUID().replaceAll("-", "")}`;

  function tell(type: string, object: object): StandInEvent {
    const event: StandInEvent = {
      id: newId("evt"),
      object: "event",
      api_version: STAND_IN_API_VERSION,
      created: now(),
      type,
      livemode: false,
      data: { object: structuredClone(object) },
    };
    events.push(event);
    for (const listener of listeners) listener(event);
    return event;
  }

  function charge(customer: string): StandInCharge {
    const made: StandInCharge = {
      id: newId("ch"),
      object: "charge",
      customer,
      created: now(),
      status: "succeeded",
      amount: AMOUNT,
      refunded: false,
      amount_refunded: 0,
      disputed: false,
    };
    charges.set(made.id, made);
    return made;
  }

  function invoice(customer: string, status: StandInInvoice["status"]): StandInInvoice {
    const id = newId("in");
    return { id, object: "invoice", customer, status, hosted_invoice_url: `https://invoice.stripe.com/i/${id}` };
  }

  function itemOf(subscription: StandInSubscription) {
    const [item] = subscription.items.data;
    if (item === undefined) throw new Error("a subscription has an item");
    return item;
  }

  return {
    customers,
    subscriptions,
    charges,
    disputes,
    /** Oldest first. */
    events: events as readonly StandInEvent[],
    onEvent(listener: (event: StandInEvent) => void): void {
      listeners.add(listener);
    },
    tell,

    addCustomer(customer: {
      readonly name: string;
      readonly metadata?: Readonly<Record<string, string>>;
    }): StandInCustomer {
      const made: StandInCustomer = { id: newId("cus"), object: "customer", metadata: {}, ...customer };
      customers.set(made.id, made);
      tell("customer.created", made);
      return made;
    },

    /** What a completed checkout does. */
    subscribe(
      customer: string,
      {
        trialDays = 0,
        metadata = {},
      }: { readonly trialDays?: number; readonly metadata?: Readonly<Record<string, string>> } = {},
    ): StandInSubscription {
      const start = now();
      const trialEnd = trialDays > 0 ? start + trialDays * 86_400 : null;
      const subscription: StandInSubscription = {
        id: newId("sub"),
        object: "subscription",
        customer,
        status: trialEnd === null ? "active" : "trialing",
        created: start,
        cancel_at: null,
        cancel_at_period_end: false,
        trial_end: trialEnd,
        latest_invoice: invoice(customer, "paid"),
        livemode: false,
        metadata,
        items: {
          object: "list",
          data: [
            {
              id: newId("si"),
              price: { id: STAND_IN_PRICE },
              current_period_start: start,
              current_period_end: trialEnd ?? start + MONTH_SECONDS,
            },
          ],
        },
      };
      subscriptions.set(subscription.id, subscription);
      if (trialEnd === null) charge(customer);
      tell("customer.subscription.created", subscription);
      if (subscription.latest_invoice !== null) tell("invoice.paid", subscription.latest_invoice);
      return subscription;
    },

    /** The next period begins; whether it can be paid decides how it goes on. */
    renew(subscription: StandInSubscription, paid: boolean): void {
      const item = itemOf(subscription);
      item.current_period_start = item.current_period_end;
      item.current_period_end += MONTH_SECONDS;
      subscription.status = paid ? "active" : "past_due";
      subscription.latest_invoice = invoice(subscription.customer, paid ? "paid" : "open");
      if (paid) charge(subscription.customer);
      tell(paid ? "invoice.paid" : "invoice.payment_failed", subscription.latest_invoice);
      tell("customer.subscription.updated", subscription);
    },

    /** The customer settles the open invoice after all. */
    settle(subscription: StandInSubscription): void {
      subscription.status = "active";
      if (subscription.latest_invoice !== null) subscription.latest_invoice.status = "paid";
      charge(subscription.customer);
      if (subscription.latest_invoice !== null) tell("invoice.paid", subscription.latest_invoice);
      tell("customer.subscription.updated", subscription);
    },

    setCancelAtPeriodEnd(subscription: StandInSubscription, cancel: boolean): void {
      subscription.cancel_at_period_end = cancel;
      subscription.cancel_at = cancel ? itemOf(subscription).current_period_end : null;
      tell("customer.subscription.updated", subscription);
    },

    end(subscription: StandInSubscription): void {
      subscription.status = "canceled";
      tell("customer.subscription.deleted", subscription);
    },

    pause(subscription: StandInSubscription): void {
      subscription.status = "paused";
      tell("customer.subscription.paused", subscription);
    },

    refundLatest(customer: string, amount: number = AMOUNT): StandInCharge {
      const latest = [...charges.values()].findLast((made) => made.customer === customer);
      if (latest === undefined) throw new Error(`nothing was charged to ${customer}`);
      latest.amount_refunded = amount;
      latest.refunded = amount >= latest.amount;
      tell("charge.refunded", latest);
      return latest;
    },

    disputeLatest(customer: string): StandInDispute {
      const latest = [...charges.values()].findLast((made) => made.customer === customer);
      if (latest === undefined) throw new Error(`nothing was charged to ${customer}`);
      latest.disputed = true;
      const dispute: StandInDispute = {
        id: newId("du"),
        object: "dispute",
        charge: latest.id,
        status: "needs_response",
      };
      disputes.set(dispute.id, dispute);
      tell("charge.dispute.created", dispute);
      return dispute;
    },

    closeDispute(dispute: StandInDispute, status: "won" | "lost"): void {
      dispute.status = status;
      tell("charge.dispute.closed", dispute);
    },
  };
}
