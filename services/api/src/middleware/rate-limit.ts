import { AppError } from "@workflow-debugger/shared/contract";
import type { MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import { setHeader } from "../answers/set-header.ts";
import type { AppEnv, Caller } from "../dependencies.ts";
import type { RateLimit, RateLimits } from "../limits/rate-limits.ts";

/**
 * Counts a request against its limit, per location, or per address before sign-in, and says what is left in the form
 * of draft-ietf-httpapi-ratelimit-headers-10. Stands after `authenticate` where there is one.
 */
export function rateLimit(kind: "api" | "analyze" | "auth", limits: RateLimits): MiddlewareHandler<AppEnv> {
  return createMiddleware<AppEnv>(async function rateLimit(context, next) {
    const caller: Caller | undefined = context.get("caller");
    const limit: RateLimit = kind === "analyze" ? limits.analyze[caller?.plan ?? "free"] : limits[kind];
    const key = caller === undefined ? `address:${context.get("clientAddress")}` : `location:${caller.locationId}`;
    const state = await limit.consume(key);
    if (state !== null) {
      setHeader(context, "RateLimit-Policy", `"${limit.name}";q=${limit.quota};w=${limit.windowSeconds}`);
      setHeader(context, "RateLimit", `"${limit.name}";r=${state.remaining};t=${state.resetSeconds}`);
      if (state.exceeded) throw new AppError("RATE_LIMITED", { retryAfter: state.resetSeconds });
    }
    await next();
  });
}
