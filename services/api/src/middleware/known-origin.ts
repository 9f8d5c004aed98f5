import { AppError } from "@workflow-debugger/shared/contract";
import type { Context, MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import type { AppEnv, Settings } from "../dependencies.ts";

type Origins = Pick<Settings, "publicOrigin" | "corsOrigins">;

const READING = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Refuses a request that changes something unless its `Origin` is ours or one that CORS knows: browsers send the cookie
 * along with requests of other sites' pages, and tell the page's origin in a header that no page can forge.
 */
export function requireKnownOrigin(context: Context<AppEnv>, { publicOrigin, corsOrigins }: Origins): void {
  if (READING.has(context.req.method)) return;
  const origin = context.req.header("origin");
  const ours = [publicOrigin, new URL(context.req.url).origin];
  if (origin !== undefined && [...ours, ...corsOrigins].includes(origin)) return;
  throw new AppError("CSRF_FAILED");
}

/** The same for an address that takes no cookie but gives one: a page of another site must not sign its visitor in. */
export function fromKnownPage(settings: Origins): MiddlewareHandler<AppEnv> {
  return createMiddleware<AppEnv>(async function fromKnownPage(context, next) {
    if (context.req.header("origin") !== undefined) requireKnownOrigin(context, settings);
    await next();
  });
}
