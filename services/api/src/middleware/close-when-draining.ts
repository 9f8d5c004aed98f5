import type { Lifecycle } from "@workflow-debugger/shared/lifecycle";
import type { MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../dependencies.ts";

/** Once shutdown has begun, every answer asks its client to connect anew, so that no connection has to be cut. */
export function closeWhenDraining(lifecycle: Pick<Lifecycle, "shuttingDown">): MiddlewareHandler<AppEnv> {
  return createMiddleware<AppEnv>(async function closeWhenDraining(context, next) {
    await next();
    if (lifecycle.shuttingDown) context.res.headers.set("Connection", "close");
  });
}
