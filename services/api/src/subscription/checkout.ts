import { createCheckout, createCustomer, createPortal } from "@workflow-debugger/shared/billing";
import { AppError } from "@workflow-debugger/shared/contract";
import { billingOf, getLocation, linkCustomer } from "@workflow-debugger/shared/db";
import type { Context } from "hono";
import { resource } from "../answers/envelope.ts";
import type { AppEnv, Billing, Dependencies } from "../dependencies.ts";
import { decide } from "./status.ts";

type Parts = Pick<Dependencies, "database" | "billing" | "settings">;

const RETRY_SECONDS = 3_600;

/** `POST /api/subscription/checkout`: the location's customer, made on its first visit, and a page for it to pay. */
export function checkoutRoute({ database, billing }: Parts) {
  return async function checkout(context: Context<AppEnv>): Promise<Response> {
    const { stripe, checkout: settings } = offered(billing);
    if (settings === null) throw notOffered("No price is configured for Pro on this installation.");
    const { locationId } = context.get("caller");
    const location = await getLocation(database, locationId);
    if (location === null) throw new AppError("NOT_FOUND");
    const { customerId, subscription } = await billingOf(database, locationId);
    if (subscription !== null && decide(subscription, billing).plan === "pro") {
      throw new AppError("CONFLICT", {
        message: "This location is subscribed. Change it at /api/subscription/portal.",
      });
    }
    const known = customerId ?? (await createCustomer(stripe, location));
    const customer = customerId ?? (await linkCustomer(database, { locationId, customerId: known }));
    const attempt = context.req.header("idempotency-key") ?? context.get("requestId");
    const { url } = await createCheckout(stripe, { location, customer, attempt }, settings);
    if (url === null) throw new AppError("UPSTREAM_FAILED", { message: "Stripe gave no page to pay on; try again." });
    return resource(context, { url }, 201);
  };
}

/** `POST /api/subscription/portal`. */
export function portalRoute({ database, billing, settings }: Parts) {
  return async function portal(context: Context<AppEnv>): Promise<Response> {
    const { stripe } = offered(billing);
    const { customerId } = await billingOf(database, context.get("caller").locationId);
    if (customerId === null) {
      throw new AppError("CONFLICT", {
        message: "There is nothing to manage yet. Subscribe at /api/subscription/checkout.",
      });
    }
    return resource(context, { url: await createPortal(stripe, customerId, settings.appUrl) }, 201);
  };
}

/** Billing, or the answer that this installation has none. */
export function offered(billing: Billing | null): Billing {
  if (billing === null) throw notOffered("This installation does not bill.");
  return billing;
}

function notOffered(message: string): AppError {
  return new AppError("UNAVAILABLE", { message, retryAfter: RETRY_SECONDS });
}
