import { AppError } from "@workflow-debugger/shared/contract";
import { hashToken } from "@workflow-debugger/shared/crypto";
import {
  type ApiKeyIdentity,
  type ApiKeyScope,
  authenticateApiKeys,
  authenticateSession,
  createBatches,
  type Database,
  retryTransient,
} from "@workflow-debugger/shared/db";
import type { Context, MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import { hasSessionCookie, sessionCookie } from "../auth/session-cookie.ts";
import type { AppEnv, Caller, Dependencies, SignedIn } from "../dependencies.ts";
import { requireKnownOrigin } from "./known-origin.ts";

const BEARER = /^Bearer +([^\s]+) *$/i;
const API_KEY = /^wd_live_[A-Za-z0-9_-]{16,128}$/;
const SIGN_IN = "Send an API key as `Authorization: Bearer wd_live_…`, or sign in at /auth/login.";

/** Keys looked up in one go. */
const MOST_IN_ONE = 64;
/** More keys than this wait only when the database does not keep up. */
const MOST_WAITING = 1_000;

type Parts = Pick<Dependencies, "database" | "limits" | "settings">;

/** Whom the key of a hash speaks for, as it is now: keys that come together are looked up together. */
export type KeyLookup = (hash: Buffer) => Promise<ApiKeyIdentity | null>;

export function createKeyLookup(database: Database): KeyLookup {
  const lookUp = (hashes: readonly Buffer[]) => retryTransient(() => authenticateApiKeys(database, hashes));
  return createBatches(MOST_IN_ONE, lookUp, MOST_WAITING);
}

/** Lets in callers whose credential carries the scope: an API key, or a session, which carries all. A key wins. */
export function authenticate(
  scope: ApiKeyScope,
  parts: Parts & { readonly keys: KeyLookup },
): MiddlewareHandler<AppEnv> {
  return createMiddleware<AppEnv>(async function authenticate(context, next) {
    const header = context.req.header("authorization");
    const caller = header === undefined ? await callerOfSession(context, parts) : await callerOfKey(context, header);
    context.set("caller", caller);
    if (!caller.scopes.includes(scope)) {
      throw new AppError("FORBIDDEN", { message: `This needs an API key with the scope \`${scope}\`.` });
    }
    await next();
  });

  async function callerOfSession(context: Context<AppEnv>, parts: Parts): Promise<Caller> {
    if (!hasSessionCookie(context, parts.settings)) throw unauthenticated(SIGN_IN);
    return callerOf(await signedIn(context, parts));
  }

  /** Bad keys are counted per address: guessing ends in 429. */
  async function callerOfKey(context: Context<AppEnv>, header: string): Promise<Caller> {
    const { keys, limits } = parts;
    const key = BEARER.exec(header)?.[1] ?? "";
    const identity = API_KEY.test(key) ? await keys(hashToken(key)) : null;
    if (identity === null) {
      const state = await limits.badKeys.consume(context.get("clientAddress"));
      if (state?.exceeded === true) throw new AppError("RATE_LIMITED", { retryAfter: state.resetSeconds });
      throw unauthenticated("This API key is unknown or revoked.");
    }
    const { keyId, locationId, plan, scopes, settings } = identity;
    return { locationId, plan, scopes, actor: `key:${keyId}`, settings };
  }
}

/** Lets in sessions alone; an API key is of no use here. */
export function authenticateBySession(parts: Parts): MiddlewareHandler<AppEnv> {
  return createMiddleware<AppEnv>(async function authenticateBySession(context, next) {
    const session = await signedIn(context, parts);
    context.set("session", session);
    context.set("caller", callerOf(session));
    await next();
  });
}

/** The session of the cookie, with which nothing is changed on behalf of a page of another origin. */
async function signedIn(context: Context<AppEnv>, { database, settings }: Parts): Promise<SignedIn> {
  if (hasSessionCookie(context, settings)) requireKnownOrigin(context, settings);
  const cookie = sessionCookie(context, settings);
  const hash = cookie === null ? null : hashToken(cookie);
  const session = hash === null ? null : await authenticateSession(database, hash);
  if (session === null || hash === null) throw unauthenticated("There is no session. Sign in at /auth/login.");
  return { ...session, hash };
}

function callerOf({ id, locationId, plan }: SignedIn): Caller {
  return { locationId, plan, scopes: ["analyze", "read"], actor: `session:${id}` };
}

function unauthenticated(message: string): AppError {
  return new AppError("UNAUTHENTICATED", {
    message,
    headers: { "WWW-Authenticate": 'Bearer realm="workflow-debugger"' },
  });
}
