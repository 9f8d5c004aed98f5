import { hashToken, newToken } from "@workflow-debugger/shared/crypto";
import { openSession, SESSION_LONGEST_SECONDS } from "@workflow-debugger/shared/db";
import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import type { CookieOptions } from "hono/utils/cookie";
import { uuidv7 } from "uuidv7";
import type { AppEnv, Dependencies, Settings } from "../dependencies.ts";

/**
 * Cookies: of the session, and of a sign-in under way. The `__Host-` prefix binds a cookie to this very host and to TLS;
 * development has neither, so there the names stand without it.
 */

const SESSION = "wd_session";
const SIGN_IN = "wd_sign_in";
/** The time a user has for HighLevel's page of consent. Seconds. */
export const SIGN_IN_SECONDS = 600;

type Environment = Pick<Settings, "environment">;

function nameOf(name: string, { environment }: Environment): string {
  return environment === "development" ? name : `__Host-${name}`;
}

/** A token as `newToken` makes them; anything else in a cookie is not looked at. */
const TOKEN = /^[\w-]{43}$/;

function read(context: Context<AppEnv>, name: string, settings: Environment): string | null {
  const value = getCookie(context, nameOf(name, settings)) ?? "";
  return TOKEN.test(value) ? value : null;
}

/** Whether the request carries a session cookie at all, sound or not. */
export function hasSessionCookie(context: Context<AppEnv>, settings: Environment): boolean {
  return getCookie(context, nameOf(SESSION, settings)) !== undefined;
}

export function sessionCookie(context: Context<AppEnv>, settings: Environment): string | null {
  return read(context, SESSION, settings);
}

/** An embedded page's cookie must be sent in HighLevel's frame, and there to us alone (partitioned). */
function attributes(embedded: boolean, settings: Environment): CookieOptions {
  const shared = { path: "/", httpOnly: true } as const;
  if (embedded) return { ...shared, sameSite: "None", secure: true, partitioned: true };
  return { ...shared, sameSite: "Lax", secure: settings.environment !== "development" };
}

export function setSessionCookie(
  context: Context<AppEnv>,
  { token, embedded }: { readonly token: string; readonly embedded: boolean },
  settings: Environment,
): void {
  const options = { ...attributes(embedded, settings), maxAge: SESSION_LONGEST_SECONDS };
  setCookie(context, nameOf(SESSION, settings), token, options);
}

export function clearSessionCookie(context: Context<AppEnv>, embedded: boolean, settings: Environment): void {
  setCookie(context, nameOf(SESSION, settings), "", { ...attributes(embedded, settings), maxAge: 0 });
}

/** The secret that binds a sign-in to this browser; one for all of its sign-ins under way. */
export function signInCookie(context: Context<AppEnv>, settings: Environment): string | null {
  return read(context, SIGN_IN, settings);
}

export function setSignInCookie(context: Context<AppEnv>, token: string, settings: Environment): void {
  setCookie(context, nameOf(SIGN_IN, settings), token, { ...attributes(false, settings), maxAge: SIGN_IN_SECONDS });
}

/** Opens a session and hands its id to the browser; the service keeps the hash alone. */
export async function beginSession(
  context: Context<AppEnv>,
  session: { readonly locationId: string; readonly userId: string | null; readonly embedded: boolean },
  { database, settings }: Pick<Dependencies, "database" | "settings">,
): Promise<Buffer> {
  const token = newToken();
  const hash = hashToken(token);
  await openSession(database, { ...session, id: uuidv7(), hash, requestId: context.get("requestId") });
  setSessionCookie(context, { token, embedded: session.embedded }, settings);
  return hash;
}
