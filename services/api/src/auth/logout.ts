import type { logoutQuery } from "@workflow-debugger/shared/contract";
import { endSessions } from "@workflow-debugger/shared/db";
import type { Dependencies } from "../dependencies.ts";
import type { Validated } from "../middleware/validated.ts";
import { clearSessionCookie } from "./session-cookie.ts";

/** `POST /auth/logout`: ends this session, or with `?everywhere=true` every session of the location. */
export function logoutRoute({ database, settings }: Pick<Dependencies, "database" | "settings">) {
  return async function logout(context: Validated<"query", typeof logoutQuery>): Promise<Response> {
    const { id, locationId, embedded } = context.get("session");
    const everywhere = context.req.valid("query").everywhere === "true";
    await endSessions(database, {
      locationId,
      sessions: everywhere ? "all" : { id },
      actor: context.get("caller").actor,
      requestId: context.get("requestId"),
    });
    clearSessionCookie(context, embedded, settings);
    return context.body(null, 204);
  };
}
