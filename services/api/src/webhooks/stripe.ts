import { isSignedByStripe, parseStripeEvent } from "@workflow-debugger/shared/billing";
import { AppError } from "@workflow-debugger/shared/contract";
import type { Dependencies } from "../dependencies.ts";
import { receiveWebhookRoute } from "./intake.ts";

/** `POST /webhooks/stripe`. Without a configured secret nothing verifies. */
export function receiveStripeRoute(dependencies: Dependencies) {
  const { stripeSecrets } = dependencies.webhooks;
  return receiveWebhookRoute(dependencies, {
    provider: "stripe",
    shedding: "UNAVAILABLE",
    identify(context, body) {
      if (!isSignedByStripe(body, context.req.header("stripe-signature"), stripeSecrets, new Date())) {
        throw new AppError("INVALID_SIGNATURE");
      }
      const event = parseStripeEvent(body);
      return { eventId: event?.id ?? null, type: event?.type ?? "unreadable" };
    },
  });
}
