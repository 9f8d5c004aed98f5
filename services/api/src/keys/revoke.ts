import { AppError } from "@workflow-debugger/shared/contract";
import { revokeApiKey } from "@workflow-debugger/shared/db";
import type { Context } from "hono";
import type { AppEnv, Dependencies } from "../dependencies.ts";

/** `DELETE /api/keys/:id`: ends a key for good. */
export function revokeKeyRoute({ database }: Pick<Dependencies, "database">) {
  return async function revoke(context: Context<AppEnv>): Promise<Response> {
    const { locationId, actor } = context.get("caller");
    const id = context.req.param("id") ?? "";
    const revoked = await revokeApiKey(database, { locationId, id, actor, requestId: context.get("requestId") });
    if (!revoked) throw new AppError("NOT_FOUND", { message: "There is no active key with this id." });
    return context.body(null, 204);
  };
}
