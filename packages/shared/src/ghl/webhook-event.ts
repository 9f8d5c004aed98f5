import { z } from "zod";
import { parseJson } from "../json.ts";

/** A webhook of HighLevel's: a flat object whose every key but `type` may be missing. */
export interface HighLevelEvent {
  readonly type: string;
  readonly webhookId: string | null;
  readonly appId: string | null;
  readonly locationId: string | null;
  readonly companyId: string | null;
  /** Of the object the event speaks of, where it is one. */
  readonly id: string | null;
  readonly name: string | null;
  readonly companyName: string | null;
  /** When HighLevel made it. */
  readonly timestamp: Date | null;
}

const text = z.string().nullish().catch(null);
const schema = z.object({
  type: z.string().min(1),
  webhookId: text,
  appId: text,
  locationId: text,
  companyId: text,
  id: text,
  name: text,
  companyName: text,
  timestamp: text,
});

/** Reads the body of a webhook of HighLevel's; null when it is none. */
export function parseHighLevelEvent(body: Uint8Array): HighLevelEvent | null {
  const parsed = schema.safeParse(parseJson(body));
  if (!parsed.success) return null;
  const { type, timestamp, ...rest } = parsed.data;
  const time = new Date(timestamp ?? "");
  return {
    type,
    webhookId: rest.webhookId ?? null,
    appId: rest.appId ?? null,
    locationId: rest.locationId ?? null,
    companyId: rest.companyId ?? null,
    id: rest.id ?? null,
    name: rest.name ?? null,
    companyName: rest.companyName ?? null,
    timestamp: Number.isNaN(time.getTime()) ? null : time,
  };
}
