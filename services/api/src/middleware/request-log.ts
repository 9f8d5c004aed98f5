import { type Logger, logRequest, withLogContext } from "@workflow-debugger/shared/observability";
import type { MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import type { AppEnv, Caller } from "../dependencies.ts";

/** Gives every line logged on behalf of a request its id and trace, and logs one line when it is answered. */
export function requestLog(log: Logger): MiddlewareHandler<AppEnv> {
  return createMiddleware<AppEnv>(async function requestLog(context, next) {
    const start = performance.now();
    const requestId = context.get("requestId");
    const traceparent = context.get("traceparent");
    await withLogContext({ requestId, ...(traceparent === null ? {} : { traceparent }) }, next);
    const caller: Caller | undefined = context.get("caller");
    logRequest(log, {
      requestId,
      method: context.req.method,
      path: context.req.path.slice(0, 500),
      statusCode: context.res.status,
      durationMs: performance.now() - start,
      locationId: caller?.locationId,
    });
  });
}
