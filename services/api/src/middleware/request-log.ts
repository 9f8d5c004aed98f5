import { type Logger, logRequest, type RequestMetrics, withLogContext } from "@workflow-debugger/shared/observability";
import type { MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import type { AppEnv, Caller } from "../dependencies.ts";
import { routeOf } from "./request-context.ts";

/** Gives every line logged on behalf of a request its id and trace; logs one line when it is answered, and counts it. */
export function requestLog(log: Logger, metrics: RequestMetrics): MiddlewareHandler<AppEnv> {
  return createMiddleware<AppEnv>(async function requestLog(context, next) {
    const start = performance.now();
    const answered = metrics.begin();
    const requestId = context.get("requestId");
    const traceparent = context.get("traceparent");
    await withLogContext({ requestId, ...(traceparent === null ? {} : { traceparent }) }, next);
    const caller: Caller | undefined = context.get("caller");
    const { method } = context.req;
    const { status } = context.res;
    const durationMs = performance.now() - start;
    answered({ method, route: routeOf(context), status, seconds: durationMs / 1_000 });
    logRequest(log, {
      requestId,
      method,
      path: context.req.path.slice(0, 500),
      statusCode: status,
      durationMs,
      locationId: caller?.locationId,
    });
  });
}
