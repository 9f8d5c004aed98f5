import { z } from "zod";
import { parseJson } from "../json.ts";

/** What is read of an event of Stripe's; the rest is asked of Stripe, as it is then. */
export interface StripeEvent {
  readonly id: string;
  readonly type: string;
  /** The version whose shapes it has; null where it does not say. */
  readonly apiVersion: string | null;
  readonly livemode: boolean;
  /** The object it speaks of, and the ids that object names. */
  readonly object: { readonly id: string | null; readonly customer: string | null; readonly charge: string | null };
}

const reference = z
  .union([z.string(), z.object({ id: z.string() })])
  .nullish()
  .transform((given) => (typeof given === "string" ? given : (given?.id ?? null)));

const schema = z.object({
  id: z.string(),
  type: z.string(),
  api_version: z.string().nullish(),
  livemode: z.boolean(),
  data: z.object({ object: z.object({ id: z.string().nullish(), customer: reference, charge: reference }) }),
});

/** Reads the body of a webhook of Stripe's; null when it is none that we know. */
export function parseStripeEvent(body: Uint8Array): StripeEvent | null {
  const parsed = schema.safeParse(parseJson(body));
  if (!parsed.success) return null;
  const { id, type, api_version, livemode, data } = parsed.data;
  return {
    id,
    type,
    apiVersion: api_version ?? null,
    livemode,
    object: { id: data.object.id ?? null, customer: data.object.customer, charge: data.object.charge },
  };
}
