import { z } from "zod";
import type { Endpoint } from "../endpoint.ts";
import { checkoutHeaders, checkoutPage, subscriptionStatus } from "../subscription.ts";

const ofSession = { tag: "Subscription", scope: "session", limit: "api" } as const;
const fromStripe = ["CONFLICT", "UPSTREAM_FAILED", "UPSTREAM_TIMEOUT"] as const;
const active = {
  plan: "pro",
  reason: "active",
  until: "2026-02-18T09:30:00.000Z",
  entitlements: { historyDays: null, auditWorkflows: 1_000, monitoring: true, whiteLabel: true },
  subscription: {
    status: "active",
    currentPeriodEnd: "2026-02-15T09:30:00.000Z",
    trialEnd: null,
    cancelAt: null,
    paymentUrl: null,
  },
};

export const subscriptionEndpoints = {
  createCheckout: {
    ...ofSession,
    method: "post",
    path: "/api/subscription/checkout",
    summary: "Begin to subscribe: a checkout page at Stripe",
    description: "A repeat with the same `Idempotency-Key` gives the same page.",
    headers: checkoutHeaders,
    answers: { 201: { description: "The page.", schema: checkoutPage } },
    errors: ["VALIDATION_FAILED", ...fromStripe],
  },
  createPortal: {
    ...ofSession,
    method: "post",
    path: "/api/subscription/portal",
    summary: "Invoices, card and address: the customer's page at Stripe",
    answers: { 201: { description: "The page.", schema: checkoutPage } },
    errors: fromStripe,
  },
  cancelSubscription: {
    ...ofSession,
    method: "post",
    path: "/api/subscription/cancel",
    summary: "End the subscription with its period; repeating it changes nothing",
    answers: { 200: { description: "The state after it.", schema: subscriptionStatus } },
    errors: fromStripe,
  },
  resumeSubscription: {
    ...ofSession,
    method: "post",
    path: "/api/subscription/resume",
    summary: "Take a cancellation back while its period runs; repeating it changes nothing",
    answers: { 200: { description: "The state after it.", schema: subscriptionStatus, example: active } },
    errors: fromStripe,
  },
  getSubscription: {
    ...ofSession,
    method: "get",
    path: "/api/subscription/status",
    summary: "The location's plan, why it has it, and what it may do",
    query: z.strictObject({}),
    answers: { 200: { description: "As Stripe last told it.", schema: subscriptionStatus, example: active } },
  },
} as const satisfies Readonly<Record<string, Endpoint>>;
