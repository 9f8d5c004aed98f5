import type { DatedSource } from "./dated-source.ts";
import { stepTypes } from "./step-types.ts";

export const defaultNamesSource: DatedSource = {
  asOf: "2026-08-19",
  sources: [
    "github.com/uxieee/uxie-ghl-factory catalog/step-examples @ c24d716b (names of new steps)",
    "help article 155000002294 (list of actions)",
  ],
};

/** Names that the builder gives beside the type's own. */
const others: ReadonlyMap<string, readonly string[]> = new Map([
  ["if_else", ["Condition", "If / Else", "If Else"]],
  ["sms", ["SMS"]],
  ["email", ["Email"]],
  ["wait", ["Wait Step"]],
  ["add_contact_tag", ["Add Tag"]],
  ["remove_contact_tag", ["Remove Tag"]],
  ["internal_notification", ["Internal Notification", "Notification"]],
  ["update_contact_field", ["Update Field"]],
  ["webhook", ["Send Webhook"]],
  ["goto", ["Goto"]],
]);

const namesByType: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(stepTypes).map(([type, { name }]) => [type, [name, ...(others.get(type) ?? [])]]),
);

/** Does a step of this type still have the name that the builder gave it? */
export function isDefaultName(name: string, type: string): boolean {
  const names = namesByType.get(type);
  if (names === undefined) return false;
  for (const known of names) if (known === name) return true;
  return false;
}
