import { AppError } from "@workflow-debugger/shared/contract";
import { hashToken } from "@workflow-debugger/shared/crypto";
import { type ApiKeyScope, authenticateApiKey } from "@workflow-debugger/shared/db";
import type { MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import type { AppEnv, Caller, Dependencies } from "../dependencies.ts";

const BEARER = /^Bearer +([^\s]+) *$/i;
const API_KEY = /^wd_live_[A-Za-z0-9_-]{16,128}$/;

/**
 * Lets in callers whose credential carries the scope. A key wins over a cookie; session cookies join here with the
 * sign-in endpoints. Bad keys are counted per address: guessing ends in 429.
 */
export function authenticate(
  scope: ApiKeyScope,
  { database, limits }: Pick<Dependencies, "database" | "limits">,
): MiddlewareHandler<AppEnv> {
  return createMiddleware<AppEnv>(async function authenticate(context, next) {
    const header = context.req.header("authorization");
    if (header === undefined) throw unauthenticated("Send an API key as `Authorization: Bearer wd_live_…`.");
    const caller = await callerOf(BEARER.exec(header)?.[1] ?? "");
    if (caller === null) {
      const state = await limits.badKeys.consume(context.get("clientAddress"));
      if (state?.exceeded === true) throw new AppError("RATE_LIMITED", { retryAfter: state.resetSeconds });
      throw unauthenticated("This API key is unknown or revoked.");
    }
    context.set("caller", caller);
    if (!caller.scopes.includes(scope)) {
      throw new AppError("FORBIDDEN", { message: `This needs an API key with the scope \`${scope}\`.` });
    }
    await next();
  });

  async function callerOf(key: string): Promise<Caller | null> {
    if (!API_KEY.test(key)) return null;
    const identity = await authenticateApiKey(database, hashToken(key));
    if (identity === null) return null;
    const { keyId, locationId, plan, scopes } = identity;
    return { locationId, plan, scopes, actor: `key:${keyId}` };
  }
}

function unauthenticated(message: string): AppError {
  return new AppError("UNAUTHENTICATED", {
    message,
    headers: { "WWW-Authenticate": 'Bearer realm="workflow-debugger"' },
  });
}
