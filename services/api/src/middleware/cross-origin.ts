import type { MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import { createMiddleware } from "hono/factory";
import { setHeader } from "../answers/set-header.ts";
import type { AppEnv } from "../dependencies.ts";

/** Answers the configured origins, and preflights from anywhere with nothing granted to others. */
export function crossOrigin(origins: readonly string[]): MiddlewareHandler<AppEnv> {
  const answer = cors({
    origin: [...origins],
    credentials: true,
    allowMethods: ["GET", "HEAD", "POST", "PUT", "DELETE"],
    allowHeaders: [
      "Authorization",
      "Content-Type",
      "Idempotency-Key",
      "If-None-Match",
      "Prefer",
      "X-Request-ID",
      "traceparent",
    ],
    exposeHeaders: [
      "ETag",
      "Idempotency-Replayed",
      "Location",
      "Preference-Applied",
      "RateLimit",
      "RateLimit-Policy",
      "Retry-After",
      "X-Request-ID",
    ],
    maxAge: 600,
  });
  return createMiddleware<AppEnv>(async function crossOrigin(context, next) {
    const { method } = context.req;
    const known = origins.includes(context.req.header("origin") ?? "");
    const preflight = method === "OPTIONS" && context.req.header("access-control-request-method") !== undefined;
    if (preflight && !known) return context.body(null, 204, { Vary: "Origin" });
    if (known && (preflight || method !== "OPTIONS")) return answer(context, next);
    setHeader(context, "Vary", "Origin");
    return next();
  });
}
