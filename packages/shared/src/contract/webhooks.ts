import { z } from "zod";
import { timestamp } from "./envelope.ts";

/** Answer to a webhook: it is stored, now or before. */
export const receivedWebhook = z
  .object({ received: z.literal(true), duplicate: z.boolean().meta({ description: "It was known already." }) })
  .meta({ id: "ReceivedWebhook" });

const count = z.int().min(0);
const providerHealth = z
  .object({
    queued: count,
    running: count,
    processed: count.meta({ description: "Ended within the last day; so are ignored and parked." }),
    ignored: count,
    parked: count,
    failed: count.meta({ description: "Dead letters, whatever their age." }),
    oldestUnprocessedMs: z.number().nullable(),
    lastEvent: z
      .object({
        type: z.string(),
        receivedAt: timestamp,
        lagMs: z.number().nullable().meta({ description: "From its arrival to its end; null while it is open." }),
      })
      .nullable(),
  })
  .meta({ id: "WebhookProviderHealth" });

export const webhooksHealth = z
  .object({ providers: z.object({ stripe: providerHealth, ghl: providerHealth }) })
  .meta({ id: "WebhooksHealth" });
export type WebhooksHealth = z.output<typeof webhooksHealth>;
