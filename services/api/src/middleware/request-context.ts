import { isUuid } from "@workflow-debugger/shared/db";
import type { Tracing } from "@workflow-debugger/shared/observability";
import type { Context, MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import { requestId } from "hono/request-id";
import { matchedRoutes } from "hono/route";
import { setHeader } from "../answers/set-header.ts";
import type { AppEnv } from "../dependencies.ts";

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Gives every request its id (an incoming UUID is kept, anything else replaced), and tells it in X-Request-ID. */
export function requestIdentity(): MiddlewareHandler<AppEnv> {
  return requestId({
    headerName: "",
    generator(context) {
      const given = context.req.header("x-request-id") ?? "";
      const id = isUuid(given) ? given : crypto.randomUUID();
      setHeader(context, "X-Request-ID", id);
      return id;
    },
  });
}

/** Asked every few seconds by machines; a trace of each would hide the others. */
const UNTRACED = new Set(["/live", "/ready", "/health", "/metrics"]);

/**
 * Continues the trace of a valid W3C `traceparent`, so that the job and the worker's log lines belong to it; while traces are
 * on, with a span of the request's own.
 */
export function traceContext(tracing: Tracing): MiddlewareHandler<AppEnv> {
  return createMiddleware<AppEnv>(async function traceContext(context, next) {
    const header = context.req.header("traceparent") ?? "";
    const given = TRACEPARENT.test(header) ? header : null;
    context.set("traceparent", given);
    if (!tracing.enabled || UNTRACED.has(context.req.path)) return next();
    const { method } = context.req;
    await tracing.span(method, { kind: "server", parent: given }, async (span) => {
      context.set("traceparent", span.traceparent);
      await next();
      const { status } = context.res;
      const route = routeOf(context);
      span.name(`${method} ${route}`);
      span.set({
        "http.request.method": method,
        "http.route": route,
        "http.response.status_code": status,
        "wd.request_id": context.get("requestId"),
      });
      if (status >= 500) span.fail(`status ${status}`);
    });
  });
}

/** The pattern of the route that a request was answered by: `/api/analysis/:id`; `unmatched` where there is none. */
export function routeOf(context: Context<AppEnv>): string {
  const path = matchedRoutes(context).findLast((route) => !route.path.endsWith("*"))?.path;
  return path ?? "unmatched";
}
