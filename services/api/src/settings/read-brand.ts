import { planLimits } from "@workflow-debugger/shared/billing";
import { readBrand } from "@workflow-debugger/shared/db";
import type { Context } from "hono";
import { resource } from "../answers/envelope.ts";
import type { AppEnv, Dependencies } from "../dependencies.ts";

/** `GET /api/settings/brand`: what is stored, and whether the plan shows it. */
export function readBrandRoute({ database }: Pick<Dependencies, "database">) {
  return async function read(context: Context<AppEnv>): Promise<Response> {
    const { locationId, plan } = context.get("caller");
    return resource(context, { ...(await readBrand(database, locationId)), inUse: planLimits[plan].whiteLabel });
  };
}
