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
  readonly workflowId: string | null;
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

/**
 * The call on the subscription address of a trigger of our own: a workflow began or ceased to use it, or changed how. The
 * nearest that HighLevel comes to telling that a workflow changed (ghl.md 5.6).
 */
const triggerCall = z.object({
  triggerData: z.object({ eventType: z.enum(["CREATED", "UPDATED", "DELETED"]) }),
  extras: z.object({ locationId: text, workflowId: text, companyId: text }),
});

/** The type we give that call, which carries none. */
export const WORKFLOW_TRIGGER = "WorkflowTrigger";

/** Reads the body of a webhook of HighLevel's; null when it is none. */
export function parseHighLevelEvent(body: Uint8Array): HighLevelEvent | null {
  const value = parseJson(body);
  const parsed = schema.safeParse(value);
  if (!parsed.success) return parseTriggerCall(value);
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
    workflowId: null,
    timestamp: Number.isNaN(time.getTime()) ? null : time,
  };
}

function parseTriggerCall(value: unknown): HighLevelEvent | null {
  const parsed = triggerCall.safeParse(value);
  if (!parsed.success) return null;
  const { locationId, workflowId, companyId } = parsed.data.extras;
  return {
    type: WORKFLOW_TRIGGER,
    webhookId: null,
    appId: null,
    locationId: locationId ?? null,
    companyId: companyId ?? null,
    id: null,
    name: null,
    companyName: null,
    workflowId: workflowId ?? null,
    timestamp: null,
  };
}
