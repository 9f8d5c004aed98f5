import { AppError, ssoRequest } from "@workflow-debugger/shared/contract";
import { authenticateSession, readInstall } from "@workflow-debugger/shared/db";
import { GhlError, openSsoPayload, type SsoUser } from "@workflow-debugger/shared/ghl";
import type { Context } from "hono";
import { resource } from "../answers/envelope.ts";
import { valid } from "../answers/validation.ts";
import type { AppEnv, Dependencies } from "../dependencies.ts";
import { takeBody } from "../middleware/json-body.ts";
import { connectThroughCompany } from "./connect.ts";
import { beginSession } from "./session-cookie.ts";
import { authStatus } from "./status.ts";

/**
 * `POST /auth/sso`: swaps the user context of an embedded page for a session. The context carries neither time nor nonce
 * nor proof of its sender, so that it counts only where the app is installed, and every refusal looks alike.
 */
export function embeddedSignInRoute(dependencies: Dependencies) {
  const { database, highLevel } = dependencies;

  return async function embeddedSignIn(context: Context<AppEnv>): Promise<Response> {
    const { payload } = valid(ssoRequest, takeBody(context).parse());
    const user = highLevel.ssoSecret === null ? null : openSsoPayload(payload, highLevel.ssoSecret);
    const locationId = user === null ? null : await installedFor(user);
    if (user === null || locationId === null) throw refused();
    const hash = await beginSession(context, { locationId, userId: user.userId, embedded: true }, dependencies);
    const session = await authenticateSession(database, hash);
    if (session === null) throw refused();
    return resource(context, await authStatus(session, database));
  };

  /** The location that the user looks at, when the app is installed there or in its agency; else null. */
  async function installedFor({ userId, companyId, locationId }: SsoUser): Promise<string | null> {
    if (locationId === null) return null;
    const install = await readInstall(database, { kind: "location", id: locationId });
    if (install !== null && install.revokedReason === null) {
      return install.companyId === companyId ? locationId : null;
    }
    try {
      await connectThroughCompany({ companyId, locationId, userId }, dependencies);
      return locationId;
    } catch (error) {
      if (error instanceof GhlError && ["auth", "not_found", "invalid"].includes(error.category)) return null;
      throw error;
    }
  }
}

function refused(): AppError {
  return new AppError("UNAUTHENTICATED", { message: "HighLevel's user context was not accepted." });
}
