import { isBlank } from "./attributes.ts";
import type { Step } from "./workflow.ts";

const HOUR = 3600;

/** Free-form messages are delivered this long after the contact's last one, or after a click-to-WhatsApp ad (platform fact F45). */
export const whatsappWindowSeconds = 24 * HOUR;
export const whatsappAdWindowSeconds = 72 * HOUR;

/** The steps that can write without a template. */
export const freeFormTypes = [
  "whatsapp_v2",
  "send_whatsapp_message",
  "whatsapp_media",
  "whatsapp_interactive_messages",
];

/** A WhatsApp message without a template. One that is not filled in is none. */
export function isFreeForm({ type, attributes, disabled }: Step): boolean {
  if (disabled || !freeFormTypes.includes(type) || !isBlank(attributes["template_id"])) return false;
  if (type === "whatsapp_media" || type === "whatsapp_interactive_messages") return true;
  return !isBlank(attributes["body"]) || !isBlank(attributes["message"]);
}
