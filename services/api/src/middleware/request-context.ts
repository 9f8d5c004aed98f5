import { isUuid } from "@workflow-debugger/shared/db";
import type { MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import { requestId } from "hono/request-id";
import type { AppEnv } from "../dependencies.ts";

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Gives every request its id (an incoming UUID is kept, anything else replaced), and tells it in X-Request-ID. */
export function requestIdentity(): MiddlewareHandler<AppEnv> {
  return requestId({
    headerName: "",
    generator(context) {
      const given = context.req.header("x-request-id") ?? "";
      const id = isUuid(given) ? given : crypto.randomUUID();
      context.header("X-Request-ID", id);
      return id;
    },
  });
}

/** Keeps a valid W3C `traceparent`, so that the job and the worker's log lines belong to the caller's trace. */
export function traceContext(): MiddlewareHandler<AppEnv> {
  return createMiddleware<AppEnv>(async function traceContext(context, next) {
    const given = context.req.header("traceparent") ?? "";
    context.set("traceparent", TRACEPARENT.test(given) ? given : null);
    await next();
  });
}
