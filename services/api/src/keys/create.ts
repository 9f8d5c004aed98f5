import { AppError, createKeyRequest } from "@workflow-debugger/shared/contract";
import { newApiKey } from "@workflow-debugger/shared/crypto";
import { createApiKey, MOST_API_KEYS } from "@workflow-debugger/shared/db";
import type { Context } from "hono";
import { uuidv7 } from "uuidv7";
import { resource } from "../answers/envelope.ts";
import { setHeader } from "../answers/set-header.ts";
import { valid } from "../answers/validation.ts";
import type { AppEnv, Dependencies } from "../dependencies.ts";
import { takeBody } from "../middleware/json-body.ts";

/** `POST /api/keys`: the only answer that ever shows the key. */
export function createKeyRoute({ database }: Pick<Dependencies, "database">) {
  return async function create(context: Context<AppEnv>): Promise<Response> {
    const { name, scopes } = valid(createKeyRequest, takeBody(context).parse());
    const { locationId, actor } = context.get("caller");
    const { key, hash } = newApiKey();
    const id = uuidv7();
    const requestId = context.get("requestId");
    const created = await createApiKey(database, { id, locationId, name, hash, scopes, actor, requestId });
    if (!created) {
      const message = `A location has at most ${MOST_API_KEYS} active keys. Revoke one that is not used.`;
      throw new AppError("CONFLICT", { message });
    }
    setHeader(context, "Cache-Control", "no-store");
    return resource(context, { id, name, scopes, createdAt: new Date().toISOString(), lastUsedAt: null, key }, 201);
  };
}
