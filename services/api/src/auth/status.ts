import type { AuthStatus } from "@workflow-debugger/shared/contract";
import { hashToken } from "@workflow-debugger/shared/crypto";
import { authenticateSession, type Database, readInstall, type Session } from "@workflow-debugger/shared/db";
import type { Context } from "hono";
import { resource } from "../answers/envelope.ts";
import { setHeader } from "../answers/set-header.ts";
import type { AppEnv, Dependencies } from "../dependencies.ts";
import { sessionCookie } from "./session-cookie.ts";

const NOBODY: AuthStatus = {
  authenticated: false,
  locationId: null,
  companyId: null,
  plan: null,
  sessionExpiresAt: null,
  ghlTokenExpiresAt: null,
};

/** `GET /auth/status`: who is signed in; 200 when nobody is. */
export function authStatusRoute({ database, settings }: Pick<Dependencies, "database" | "settings">) {
  return async function status(context: Context<AppEnv>): Promise<Response> {
    setHeader(context, "Cache-Control", "no-store");
    const cookie = sessionCookie(context, settings);
    const session = cookie === null ? null : await authenticateSession(database, hashToken(cookie));
    return resource(context, session === null ? NOBODY : await authStatus(session, database));
  };
}

export async function authStatus(session: Session, database: Database): Promise<AuthStatus> {
  const install = await readInstall(database, { kind: "location", id: session.locationId });
  const usable = install !== null && install.revokedReason === null;
  return {
    authenticated: true,
    locationId: session.locationId,
    companyId: session.companyId,
    plan: session.plan,
    sessionExpiresAt: session.expiresAt.toISOString(),
    ghlTokenExpiresAt: usable ? install.expiresAt.toISOString() : null,
  };
}
