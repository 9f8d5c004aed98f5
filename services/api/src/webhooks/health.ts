import type { WebhooksHealth } from "@workflow-debugger/shared/contract";
import { type WebhooksOverview, webhooksOverview } from "@workflow-debugger/shared/db";
import type { Context } from "hono";
import { resource } from "../answers/envelope.ts";
import type { AppEnv, Dependencies } from "../dependencies.ts";

/** `GET /webhooks/health`: counts by state, lag, last event and oldest unprocessed, per provider. */
export function readWebhooksHealth({ database }: Pick<Dependencies, "database">) {
  return async function webhooksHealth(context: Context<AppEnv>): Promise<Response> {
    const overviews = await webhooksOverview(database);
    const providers = Object.fromEntries(overviews.map((overview) => [overview.provider, healthOf(overview)]));
    return resource(context, { providers });
  };
}

function healthOf({ lastEvent, provider: _, ...counts }: WebhooksOverview): WebhooksHealth["providers"]["stripe"] {
  if (lastEvent === null) return { ...counts, lastEvent };
  const { type, receivedAt, lagMs } = lastEvent;
  return { ...counts, lastEvent: { type, receivedAt: receivedAt.toISOString(), lagMs } };
}
