import { z } from "zod";
import type { Endpoint } from "../endpoint.ts";
import { receivedWebhook, webhooksHealth } from "../webhooks.ts";

const receive = {
  method: "post",
  tag: "Webhooks",
  scope: "none",
  limit: "none",
  negotiated: false,
  answers: {
    200: {
      description: "Stored, or known already.",
      schema: receivedWebhook,
      example: { received: true, duplicate: false },
    },
  },
} as const;
const anyBody = z.looseObject({}).meta({ description: "The provider's event, at most 1 MiB; verified byte by byte." });

export const webhookEndpoints = {
  receiveStripe: {
    ...receive,
    path: "/webhooks/stripe",
    summary: "Where Stripe delivers events",
    headers: z.object({ "stripe-signature": z.string().optional() }),
    body: { schema: anyBody, examples: { event: { id: "evt_1", type: "invoice.paid" } } },
    errors: ["INVALID_SIGNATURE", "UNAVAILABLE"],
  },
  receiveHighLevel: {
    ...receive,
    path: "/webhooks/ghl",
    summary: "Where HighLevel delivers events",
    description: "Whatever keeps it from being stored is answered with 429: HighLevel retries that for certain.",
    headers: z.object({ "x-ghl-signature": z.string().optional() }),
    body: { schema: anyBody, examples: { event: { type: "INSTALL", webhookId: "0198d2f0" } } },
    errors: ["INVALID_SIGNATURE", "RATE_LIMITED"],
  },
  getWebhooksHealth: {
    method: "get",
    path: "/webhooks/health",
    tag: "Webhooks",
    scope: "none",
    limit: "api",
    summary: "What the inbox of webhooks holds, per provider",
    answers: { 200: { description: "Counts, lag and the last event.", schema: webhooksHealth } },
    errors: ["VALIDATION_FAILED", "UNAVAILABLE"],
  },
} as const satisfies Readonly<Record<string, Endpoint>>;
