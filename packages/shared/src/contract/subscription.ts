import { z } from "zod";
import { timestamp } from "./envelope.ts";

/** What a location pays for, and what follows from it. */

export const checkoutHeaders = z.object({ "idempotency-key": z.string().min(1).max(200).optional() });

export const checkoutPage = z
  .object({ url: z.url().meta({ description: "A page at Stripe; send the browser there." }) })
  .meta({ id: "BillingPage" });

export const subscriptionStatus = z
  .object({
    plan: z.enum(["free", "pro"]),
    reason: z
      .enum([
        "no_subscription",
        "active",
        "trial",
        "canceling",
        "grace",
        "payment_failed",
        "paused",
        "ended",
        "refunded",
        "disputed",
        "unknown_price",
      ])
      .meta({ description: "Why; `grace`: a payment failed and Pro goes on for some days." }),
    until: timestamp.nullable().meta({
      description: "When Pro ends unless a renewal is heard of by then; null on Free and where it does not end.",
    }),
    entitlements: z
      .object({
        historyDays: z.int().nullable().meta({ description: "How far back the history reaches; null: all of it." }),
        auditWorkflows: z.int(),
        monitoring: z.boolean(),
        whiteLabel: z.boolean().meta({ description: "Reports carry the brand of `/api/settings/brand`." }),
      })
      .meta({ id: "Entitlements" }),
    subscription: z
      .object({
        status: z.string().meta({ description: "Stripe's word." }),
        currentPeriodEnd: timestamp.nullable(),
        trialEnd: timestamp.nullable(),
        cancelAt: timestamp.nullable(),
        paymentUrl: z.string().nullable().meta({ description: "Where an open invoice is settled." }),
      })
      .nullable(),
  })
  .meta({ id: "SubscriptionStatus" });
export type SubscriptionStatus = z.output<typeof subscriptionStatus>;
