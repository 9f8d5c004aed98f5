import { fieldReader } from "../conditions/fields.ts";
import { readTriggerFilter } from "../conditions/read-condition.ts";
import { describeCondition } from "../conditions/words.ts";
import type { Trigger } from "../model/workflow.ts";
import type { EffectKind } from "./effects.ts";
import type { LocationAnalysis } from "./location-view.ts";

/** What a step does, for a sentence: `adds the tag "hot"`. */
export function effectInWords({ kind, value }: { readonly kind: EffectKind; readonly value: string }): string {
  const named = `"${value.slice(0, 60)}"`;
  switch (kind) {
    case "tag-added":
      return `adds the tag ${named}`;
    case "tag-removed":
      return `removes the tag ${named}`;
    case "field":
      return `writes the field ${named}`;
    case "stage":
      return "moves the opportunity to another stage";
    case "status":
      return `sets the opportunity to ${named}`;
    case "deal-created":
      return "creates an opportunity";
    case "appointment-status":
      return `sets the appointment to ${named}`;
    case "dnd":
      return value.startsWith("disable") ? "switches Do Not Disturb off" : "switches Do Not Disturb on";
    case "note":
      return "adds a note";
    case "task":
      return "adds a task";
    case "webhook":
      return "calls the webhook of this location";
  }
}

/** What a trigger's filter asks, in one line; "" when it asks nothing. */
export const filterInWords: LocationAnalysis<(trigger: Trigger) => string> = ({ options }) => {
  const fields = fieldReader(options.location);
  return ({ conditions }) =>
    conditions.length === 0 ? "" : describeCondition(readTriggerFilter(conditions, fields)).slice(0, 300);
};
