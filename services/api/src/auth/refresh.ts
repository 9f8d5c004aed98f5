import { AppError } from "@workflow-debugger/shared/contract";
import { hashToken, newToken } from "@workflow-debugger/shared/crypto";
import { authenticateSession, rotateSession } from "@workflow-debugger/shared/db";
import type { Context } from "hono";
import { resource } from "../answers/envelope.ts";
import type { AppEnv, Dependencies } from "../dependencies.ts";
import { setSessionCookie } from "./session-cookie.ts";
import { authStatus } from "./status.ts";

/** `POST /auth/refresh`: a new HighLevel token, once at a time for a location, and a new session id. */
export function refreshRoute({ database, settings, highLevel }: Dependencies) {
  return async function refresh(context: Context<AppEnv>): Promise<Response> {
    const { id, locationId, hash: oldHash, embedded } = context.get("session");
    await highLevel.tokens.refresh({ kind: "location", id: locationId });
    const token = newToken();
    const hash = hashToken(token);
    const trail = { actor: context.get("caller").actor, requestId: context.get("requestId") };
    const rotated = await rotateSession(database, { id, locationId, oldHash, hash, ...trail });
    const session = rotated ? await authenticateSession(database, hash) : null;
    if (session === null) {
      throw new AppError("UNAUTHENTICATED", { message: "Another request gave this session a new id meanwhile." });
    }
    setSessionCookie(context, { token, embedded }, settings);
    return resource(context, await authStatus(session, database));
  };
}
