import { booleanOf, isRecord, recordOf, textOf } from "../model/attributes.ts";
import type { Attributes, WorkflowSettings } from "../model/workflow.ts";

/** Reads the settings from a builder document's own fields, or from `settings` of the plain formats. */
export function readSettings(document: Attributes): WorkflowSettings {
  const given = recordOf(document["settings"]);
  const read = (...keys: readonly string[]): unknown => {
    for (const key of keys) {
      const value = given[key] ?? document[key];
      if (value !== undefined && value !== null) return value;
    }
    return undefined;
  };
  const timezone = read("timezone");
  const window = read("timeWindow", "window");
  const sender = recordOf(read("senderAddress"));
  return {
    reentry: booleanOf(read("allowMultiple", "allowReentry", "reentry")),
    multipleOpportunities: booleanOf(read("allowMultipleOpportunity")),
    stopOnResponse: booleanOf(read("stopOnResponse")),
    timezone: timezone === "account" || timezone === "contact" ? timezone : null,
    window: isRecord(window) ? window : null,
    senderName: textOf(sender["from_name"]) || null,
    senderEmail: textOf(sender["from_email"]) || null,
    loopIdentified: textOf(read("loopIdentified")) || null,
  };
}
