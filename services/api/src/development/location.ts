import { developmentLocation } from "@workflow-debugger/shared/contract";
import type { MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../dependencies.ts";

/** Lets requests without credentials act for the development location. Mounted in development only. */
export function asDeveloper(): MiddlewareHandler<AppEnv> {
  return createMiddleware<AppEnv>(async function asDeveloper(context, next) {
    context.set("caller", {
      locationId: developmentLocation.id,
      plan: developmentLocation.plan,
      scopes: ["analyze", "read"],
      actor: "development",
    });
    await next();
  });
}
