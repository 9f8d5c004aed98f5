import { AppError } from "@workflow-debugger/shared/contract";
import { isSignedByHighLevel, parseHighLevelEvent, WORKFLOW_TRIGGER } from "@workflow-debugger/shared/ghl";
import { uuidv7 } from "uuidv7";
import type { Dependencies } from "../dependencies.ts";
import { receiveWebhookRoute } from "./intake.ts";

/**
 * `POST /webhooks/ghl`. HighLevel signs for every app with the same key, so the event must also name ours. Its retries
 * come late, so that the signature's age says nothing.
 */
export function receiveHighLevelRoute(dependencies: Dependencies) {
  const { highLevelKeys, highLevelAppId } = dependencies.webhooks;
  return receiveWebhookRoute(dependencies, {
    provider: "ghl",
    shedding: "RATE_LIMITED",
    identify(context, body) {
      const signatures = {
        current: context.req.header("x-ghl-signature"),
        retired: context.req.header("x-wh-signature"),
      };
      if (!isSignedByHighLevel(body, signatures, highLevelKeys)) throw new AppError("INVALID_SIGNATURE");
      const event = parseHighLevelEvent(body);
      const appId = event?.appId ?? null;
      if (appId !== null && highLevelAppId !== null && appId !== highLevelAppId) {
        throw new AppError("INVALID_SIGNATURE", { message: "This webhook is for another app." });
      }
      const delivery = context.req.header("deliveryid") ?? context.req.header("x-delivery-id") ?? null;
      // Two calls for a trigger may be byte for byte the same and yet tell of two changes.
      const known = event?.webhookId ?? delivery ?? (event?.type === WORKFLOW_TRIGGER ? uuidv7() : null);
      return { eventId: known, type: event?.type ?? "unreadable" };
    },
  });
}
