import { listApiKeys, MOST_API_KEYS } from "@workflow-debugger/shared/db";
import type { Context } from "hono";
import { page } from "../answers/envelope.ts";
import type { AppEnv, Dependencies } from "../dependencies.ts";

/** `GET /api/keys`: the location's active keys, newest first; all fit one page. */
export function listKeysRoute({ database }: Pick<Dependencies, "database">) {
  return async function list(context: Context<AppEnv>): Promise<Response> {
    const keys = await listApiKeys(database, context.get("caller").locationId);
    const listed = keys.map((key) => ({
      ...key,
      createdAt: key.createdAt.toISOString(),
      lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
    }));
    return page(context, listed, { limit: MOST_API_KEYS, nextCursor: null });
  };
}
