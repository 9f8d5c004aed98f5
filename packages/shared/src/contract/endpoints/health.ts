import type { Endpoint } from "../endpoint.ts";
import { detailedHealth, detailedHealthDown, health, liveness, readiness, unreadiness } from "../health.ts";

const probe = { method: "get", tag: "Health", scope: "none", limit: "none", negotiated: false } as const;

export const healthEndpoints = {
  getHealth: {
    ...probe,
    path: "/health",
    summary: "The process answers; touches nothing else",
    answers: {
      200: {
        description: "Answering.",
        schema: health,
        example: { status: "ok", service: "api", version: "0.1.0", uptimeSeconds: 86_400 },
      },
    },
  },
  getDetailedHealth: {
    ...probe,
    path: "/health/detailed",
    summary: "Database, queue, workers and memory",
    answers: {
      200: { description: "`ok`, or `degraded` when the queue or the workers are away.", schema: detailedHealth },
    },
    errors: ["UNAVAILABLE"],
    unavailable: detailedHealthDown,
  },
  getReadiness: {
    ...probe,
    path: "/ready",
    summary: "May this process be sent requests?",
    answers: { 200: { description: "Yes.", schema: readiness, example: { status: "ready" } } },
    errors: ["UNAVAILABLE"],
    unavailable: unreadiness,
  },
  getLiveness: {
    ...probe,
    path: "/live",
    summary: "Is this process alive?",
    answers: { 200: { description: "Yes.", schema: liveness, example: { status: "live" } } },
  },
} as const satisfies Readonly<Record<string, Endpoint>>;
