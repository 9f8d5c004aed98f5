import type { DatedSource } from "./dated-source.ts";

export const deprecatedTypesSource: DatedSource = {
  asOf: "2026-08-19",
  sources: [
    "help article 48001229927 (campaigns and triggers)",
    "help article 155000005649 (intent detection moved out of If/Else)",
    "github.com/joe-jns/GoHighLevel-Workflows-Export-Import catalog (2026-05-26)",
  ],
};

/** Step types that HighLevel has retired or is retiring, and the step that does the same today. */
export const deprecatedTypes: ReadonlyMap<string, string> = new Map([
  ["add_to_campaign", "Add to Workflow"],
  ["remove_from_campaign", "Remove from Workflow"],
  ["remove_from_all_campaigns", "Remove from Workflow"],
  ["remove_from_all_workflows", "Remove from Workflow (all)"],
  ["create_opportunity", "Create Opportunity, or Update Opportunity behind Find Opportunity"],
  ["gmb", "Send SMS or Send Email: Google has closed Business Messages"],
  ["send_to_eliza", "Conversation AI"],
  ["add_appointment_booking_ai_bot", "Conversation AI"],
]);
