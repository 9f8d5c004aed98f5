import { readSubscription, setCancelAtPeriodEnd } from "@workflow-debugger/shared/billing";
import { AppError } from "@workflow-debugger/shared/contract";
import { billingOf } from "@workflow-debugger/shared/db";
import type { Context } from "hono";
import { resource } from "../answers/envelope.ts";
import type { AppEnv, Dependencies } from "../dependencies.ts";
import { offered } from "./checkout.ts";
import { decide, statusOf } from "./status.ts";

/**
 * `POST /api/subscription/cancel` and `/resume`: ends the subscription with its period, or takes that back. The answer is
 * what Stripe says afterwards; the plan itself follows by the webhook, as always.
 */
export function changeCancellationRoute(
  { database, billing }: Pick<Dependencies, "database" | "billing">,
  cancel: boolean,
) {
  return async function changeCancellation(context: Context<AppEnv>): Promise<Response> {
    const { stripe } = offered(billing);
    const { customerId } = await billingOf(database, context.get("caller").locationId);
    const before = customerId === null ? null : await readSubscription(stripe, customerId);
    if (before === null || decide(before, billing).reason === "ended") {
      throw new AppError("CONFLICT", { message: "There is no running subscription." });
    }
    const asWanted = (before.cancelAt !== null) === cancel;
    const after = asWanted ? before : { ...before, cancelAt: await setCancelAtPeriodEnd(stripe, before.id, cancel) };
    return resource(context, statusOf(after, decide(after, billing)));
  };
}
