import type { DatedSource } from "./dated-source.ts";
import type { RecordContext } from "./record-contexts.ts";

/** What a step does, as far as rules care. `send` reaches the contact; `notify` reaches the team. */
export type StepKind =
  | "send"
  | "notify"
  | "manual"
  | "wait"
  | "drip"
  | "branch"
  | "lookup"
  | "transition"
  | "jump"
  | "loop"
  | "goal"
  | "enrol"
  | "unenrol"
  | "contact"
  | "deleteContact"
  | "opportunity"
  | "appointment"
  | "eventDate"
  | "payment"
  | "webhook"
  | "integration"
  | "format"
  | "code"
  | "account"
  | "ai"
  | "bot"
  | "marketing"
  | "affiliate"
  | "course"
  | "ivr"
  | "customObject";

/** How a message travels. */
export type Channel =
  | "sms"
  | "email"
  | "whatsapp"
  | "messenger"
  | "instagram"
  | "tiktok"
  | "gmb"
  | "rcs"
  | "livechat"
  | "voicemail"
  | "call"
  | "push"
  | "review"
  | "bot";

export interface StepType {
  /** The name the builder shows. */
  readonly name: string;
  readonly kind: StepKind;
  /** Set on steps of kind `send` and `manual`. */
  readonly channel?: Channel;
  /** Bills per run after the free allowance (premium-prices.ts). */
  readonly premium?: true;
  /** Has more than one way out: a container with branch nodes. */
  readonly branches?: true;
  /** Records that exist for later steps because this one created or found them. */
  readonly supplies?: readonly RecordContext[];
}

export const stepTypesSource: DatedSource = {
  asOf: "2026-08-19",
  sources: [
    "github.com/uxieee/uxie-ghl-factory engine/catalog.data.json @ c24d716b",
    "github.com/joe-jns/GoHighLevel-Workflows-Export-Import catalog/ghl-workflow-catalog.md (2026-05-26)",
    "help article 155000002294 (list of actions)",
    "help article 155000005678 (premium steps)",
  ],
};

/**
 * HighLevel's own step types by the identifier a stored workflow holds. Not closed: marketplace apps and other tenants
 * add their own, so an identifier that is missing here is an opaque step, never a defect.
 */
export const stepTypes = {
  // Messages to the contact
  sms: { name: "Send SMS", kind: "send", channel: "sms" },
  email: { name: "Send Email", kind: "send", channel: "email" },
  call: { name: "Call", kind: "send", channel: "call" },
  voice_ai_outbound_call: { name: "Voice AI Outbound Call", kind: "send", channel: "call" },
  voicemail: { name: "Voicemail", kind: "send", channel: "voicemail" },
  messenger: { name: "Messenger", kind: "send", channel: "messenger" },
  fb_interactive_messenger: { name: "Facebook Interactive Messenger", kind: "send", channel: "messenger" },
  send_messenger_optin: { name: "Send opt-in message", kind: "send", channel: "messenger" },
  "instagram-dm": { name: "Instagram DM", kind: "send", channel: "instagram" },
  ig_interactive_messenger: { name: "Instagram Interactive Messenger", kind: "send", channel: "instagram" },
  "tiktok-dm": { name: "TikTok Interactive Messenger", kind: "send", channel: "tiktok" },
  gmb: { name: "GMB Messaging", kind: "send", channel: "gmb" },
  whatsapp_v2: { name: "WhatsApp", kind: "send", channel: "whatsapp", branches: true },
  send_whatsapp_message: { name: "WhatsApp", kind: "send", channel: "whatsapp" },
  whatsapp_media: { name: "WhatsApp Media", kind: "send", channel: "whatsapp" },
  whatsapp_interactive_messages: {
    name: "WhatsApp Interactive Messages",
    kind: "send",
    channel: "whatsapp",
    branches: true,
  },
  send_whatsapp_flow: { name: "WhatsApp: Send Flows", kind: "send", channel: "whatsapp", branches: true },
  send_rcs: { name: "Send RCS", kind: "send", channel: "rcs" },
  "send-rcs": { name: "Send RCS", kind: "send", channel: "rcs", premium: true },
  rcs_interactive_message: { name: "RCS Interactive Message", kind: "send", channel: "rcs", branches: true },
  live_chat_response: { name: "Send Live Chat Message", kind: "send", channel: "livechat" },
  review_request: { name: "Send Review Request", kind: "send", channel: "review" },
  conversation_ai: { name: "Conversation AI", kind: "send", channel: "bot", branches: true },
  respond_on_comment: { name: "Reply in Comments", kind: "marketing" },
  "custom-push-notification": { name: "Smart Push Notification", kind: "send", channel: "push" },

  // Messages to the team, and work for a person
  internal_notification: { name: "Send Internal Notification", kind: "notify" },
  slack_message: { name: "Send Slack Message", kind: "notify", premium: true },
  "manual-sms": { name: "Manual SMS", kind: "manual", channel: "sms" },
  "manual-call": { name: "Manual Call", kind: "manual", channel: "call" },
  "log-external-call": { name: "Log External Call", kind: "contact" },

  // Flow
  wait: { name: "Wait", kind: "wait", branches: true },
  drip: { name: "Drip", kind: "drip" },
  if_else: { name: "If/Else", kind: "branch", branches: true },
  router: { name: "Router", kind: "branch", branches: true },
  workflow_split: { name: "Split", kind: "branch", branches: true },
  whatsapp_24h_window: { name: "WhatsApp: Customer Service Window Check", kind: "branch", branches: true },
  transition: { name: "Branch", kind: "transition" },
  goto: { name: "Go To", kind: "jump" },
  loop: { name: "Loop", kind: "loop", branches: true },
  workflow_goal: { name: "Goal Event", kind: "goal" },
  add_to_workflow: { name: "Add to Workflow", kind: "enrol" },
  remove_from_workflow: { name: "Remove from Workflow", kind: "unenrol" },
  remove_from_all_workflows: { name: "Remove from All Workflows", kind: "unenrol" },
  event_start_date: { name: "Set Event Start Date", kind: "eventDate" },

  // Contact
  create_update_contact: { name: "Create/Update Contact", kind: "contact", supplies: ["contact"] },
  find_contact: { name: "Find Contact", kind: "lookup", branches: true, supplies: ["contact"] },
  update_contact_field: { name: "Update Contact Field", kind: "contact" },
  add_contact_tag: { name: "Add Contact Tag", kind: "contact" },
  add_contact_tag_tool: { name: "Add Contact Tag", kind: "contact" },
  remove_contact_tag: { name: "Remove Contact Tag", kind: "contact" },
  remove_contact_tag_tool: { name: "Remove Contact Tags", kind: "contact" },
  assign_user: { name: "Assign to User", kind: "contact" },
  assign_to_user_tool: { name: "Assign To User", kind: "contact" },
  remove_assigned_user: { name: "Remove Assigned User", kind: "contact" },
  edit_conversation: { name: "Edit Conversation", kind: "contact" },
  dnd_contact: { name: "Enable/Disable DND", kind: "contact" },
  add_notes: { name: "Add to Notes", kind: "contact", supplies: ["note"] },
  "task-notification": { name: "Add Task", kind: "contact", supplies: ["task"] },
  contact_engagement_score: { name: "Modify Contact Engagement Score", kind: "contact" },
  contact_email_verification: { name: "Email Verification", kind: "contact" },
  "internal-add-contact-followers": { name: "Add Contact Followers", kind: "contact" },
  "internal-remove-contact-followers": { name: "Remove Contact Followers", kind: "contact" },
  copy_contact_to_subaccount: { name: "Copy Contact", kind: "contact", premium: true },
  lc_merge_contact: { name: "Merge Contact", kind: "lookup", branches: true },
  "internal-delete-contact": { name: "Delete Contact", kind: "deleteContact" },

  // Deals
  internal_create_opportunity: { name: "Create Opportunity", kind: "opportunity", supplies: ["opportunity"] },
  create_opportunity: { name: "Create/Update Opportunity (legacy)", kind: "opportunity", supplies: ["opportunity"] },
  internal_update_opportunity: { name: "Update Opportunity", kind: "opportunity" },
  find_opportunity: { name: "Find Opportunity", kind: "lookup", branches: true, supplies: ["opportunity"] },
  remove_opportunity: { name: "Remove Opportunity", kind: "opportunity" },
  "internal-add-opportunity-owner": { name: "Add Owner to Opportunity", kind: "opportunity" },
  "internal-remove-opportunity-owner": { name: "Remove Owner from Opportunity", kind: "opportunity" },
  "internal-add-opportunities-followers": { name: "Add Followers to Opportunity", kind: "opportunity" },
  "internal-remove-opportunities-followers": { name: "Remove Followers from Opportunity", kind: "opportunity" },

  // Appointments
  appointment_booking: { name: "Book Appointment", kind: "appointment", premium: true, supplies: ["appointment"] },
  appointment_booking_conversation_ai: {
    name: "Appointment Booking Conversation AI Bot",
    kind: "bot",
    premium: true,
    branches: true,
  },
  update_appointment_status: { name: "Update Appointment Status", kind: "appointment" },
  calendars_create_appointment_note: { name: "Create Appointment Note", kind: "appointment" },
  calendars_generate_one_time_booking_link: {
    name: "Generate One Time Booking Link",
    kind: "appointment",
    premium: true,
  },

  // Money and documents
  stripe_one_time_charge: { name: "Stripe One-Time Charge", kind: "payment" },
  payments_create_invoice: { name: "Send Invoice", kind: "payment", supplies: ["invoice"] },
  create_recurring_invoice: { name: "Send Recurring Invoice", kind: "payment", supplies: ["invoice"] },
  payments_create_estimate: { name: "Send Estimate", kind: "payment" },
  proposals_estimates_send_document: {
    name: "Send Documents & Contracts",
    kind: "payment",
    supplies: ["document"],
  },

  // Data going out, formatting, account data
  webhook: { name: "Webhook", kind: "webhook" },
  custom_webhook: { name: "Custom Webhook", kind: "webhook", premium: true },
  google_sheets: { name: "Google Sheets", kind: "integration", premium: true },
  custom_code: { name: "Custom Code", kind: "code", premium: true },
  text_formatter: { name: "Text Formatter", kind: "format", premium: true },
  number_formatter: { name: "Number Formatter", kind: "format", premium: true },
  datetime_formatter: { name: "Date/Time Formatter", kind: "format", premium: true },
  array_functions: { name: "Array Functions", kind: "format" },
  math_operation: { name: "Math Operation", kind: "contact" },
  update_custom_value: { name: "Update Custom Value", kind: "account" },

  // AI
  chatgpt: { name: "GPT - Powered by OpenAI", kind: "ai", premium: true },
  ai_agent: { name: "AI Agent", kind: "ai", premium: true },
  agent_studio_execution: { name: "Invoke Agent", kind: "ai", premium: true },
  workflow_ai_decision_maker: { name: "AI Decision Maker", kind: "branch", premium: true, branches: true },
  workflow_ai_intent_detection: { name: "AI Intent Detection", kind: "branch", premium: true, branches: true },
  workflow_ai_summarize_text: { name: "AI Summarize", kind: "ai", premium: true },
  workflow_ai_translate_content: { name: "AI Translate", kind: "ai", premium: true },
  workflow_ai_extract_data: { name: "AI Extract Data", kind: "ai", premium: true },
  workflow_ai_generate_image: { name: "AI Generate Image", kind: "ai", premium: true },
  kb_search: { name: "Knowledge Base Search", kind: "ai" },
  update_conversation_ai_status: { name: "Update Conversation AI Bot and Status", kind: "bot" },
  conversationai_objective: { name: "AI Capture Information", kind: "bot", premium: true },
  conversationai_ai_message: { name: "AI Message", kind: "send", channel: "bot" },
  conversationai_custom_message: { name: "Custom Message", kind: "send", channel: "bot" },
  conversationai_ai_splitter: { name: "AI Splitter", kind: "branch", branches: true },
  conversationai_book_appointment: { name: "Book Appointment", kind: "bot", branches: true },
  conversationai_services_booking: { name: "Services Booking", kind: "bot" },
  conversationai_transfer_bot: { name: "Transfer Bot", kind: "bot" },
  conversationai_continue: { name: "Continue Conversation", kind: "bot" },
  conversationai_end: { name: "End Conversation", kind: "bot" },
  add_appointment_booking_ai_bot: { name: "Eliza AI Appointment Booking", kind: "bot" },
  send_to_eliza: { name: "Send to Eliza Agent Platform", kind: "bot" },

  // Marketing, affiliates, courses, phone menus, objects
  google_analytics: { name: "Add to Google Analytics", kind: "marketing" },
  google_adword: { name: "Add to Google Ads", kind: "marketing" },
  facebook_add_to_custom_audience: { name: "Add to Custom Audience (Facebook)", kind: "marketing" },
  facebook_remove_from_custom_audience: { name: "Remove from Custom Audience (Facebook)", kind: "marketing" },
  facebook_conversion_api: { name: "Facebook Conversion API", kind: "marketing" },
  generate_marketing_audit_report: { name: "Generate Marketing Audit Report", kind: "marketing" },
  bulk_email_verification: { name: "Bulk Email Verification", kind: "marketing" },
  add_to_affiliate_manager: { name: "Add to Affiliate Manager", kind: "affiliate" },
  update_affiliate: { name: "Update Affiliate", kind: "affiliate" },
  add_to_affiliate_campaign: { name: "Add to Affiliate Campaign", kind: "affiliate" },
  remove_from_affiliate_campaign: { name: "Remove from Affiliate Campaign", kind: "affiliate" },
  "am-add-lead": { name: "Add Leads under an Affiliate", kind: "affiliate" },
  "am-add-manual-commission": { name: "Add manual sales for an Affiliate", kind: "affiliate" },
  membership_grant_offer: { name: "Course Grant Offer", kind: "course" },
  membership_revoke_offer: { name: "Course Revoke Offer", kind: "course" },
  "grant-group-access": { name: "Grant Group Access", kind: "course" },
  "revoke-group-access": { name: "Revoke Group Access", kind: "course" },
  "grant-private-channel-access": { name: "Grant Private Channel Access", kind: "course" },
  "revoke-private-channel-access": { name: "Revoke Private Channel Access", kind: "course" },
  grant_user_group_gamification_points: { name: "Grant Community Group Leaderboard Points", kind: "course" },
  issue_certificates_workflow: { name: "Issue Certificate", kind: "course" },
  ivr_gather: { name: "Gather Input on Call", kind: "ivr" },
  ivr_say: { name: "Say/Play Message", kind: "ivr" },
  ivr_connect_call: { name: "Connect to Call", kind: "ivr" },
  ivr_hangup: { name: "End Call", kind: "ivr" },
  ivr_collect_voicemail: { name: "Record Voicemail", kind: "ivr" },
  create_custom_object: { name: "Create Object", kind: "customObject", supplies: ["customObject"] },
  update_custom_object: { name: "Update Object", kind: "customObject" },
  clear_custom_object_fields: { name: "Clear Object Fields", kind: "customObject" },
  associate_records: { name: "Associate Records", kind: "customObject" },
  remove_associated_record: { name: "Remove Associated Record", kind: "customObject" },
  find_associated_record: {
    name: "Find Associated Record",
    kind: "lookup",
    premium: true,
    branches: true,
    supplies: ["customObject"],
  },
  add_associated_records_to_workflow: { name: "Add Associated Records to Workflow", kind: "enrol" },
  remove_associated_records_from_workflow: { name: "Remove Associated Records from Workflow", kind: "customObject" },
  create_and_associate_company: { name: "Create and Associate Company", kind: "customObject" },
  update_associated_company: { name: "Update Associated Company", kind: "customObject" },
  clear_associated_company_fields: { name: "Clear Associated Company Fields", kind: "customObject" },
} as const satisfies Readonly<Record<string, StepType>>;

export type NativeStepType = keyof typeof stepTypes;

/** Plain words accepted for a step type in graph and action-list documents, and legacy spellings. */
export const stepTypeAliases: ReadonlyMap<string, NativeStepType> = new Map<string, NativeStepType>([
  ["send_sms", "sms"],
  ["text", "sms"],
  ["send_email", "email"],
  ["phone_call", "call"],
  ["whatsapp", "whatsapp_v2"],
  ["instagram", "instagram-dm"],
  ["facebook_message", "messenger"],
  ["review", "review_request"],
  ["notification", "internal_notification"],
  ["notify", "internal_notification"],
  ["slack", "slack_message"],
  ["manual_sms", "manual-sms"],
  ["manual_call", "manual-call"],
  ["delay", "wait"],
  ["condition", "if_else"],
  ["if", "if_else"],
  ["branch", "if_else"],
  ["split", "workflow_split"],
  ["ab_test", "workflow_split"],
  ["go_to", "goto"],
  ["jump", "goto"],
  ["goal", "workflow_goal"],
  ["add_tag", "add_contact_tag"],
  ["remove_tag", "remove_contact_tag"],
  ["update_field", "update_contact_field"],
  ["update_contact", "update_contact_field"],
  ["create_contact", "create_update_contact"],
  ["assign", "assign_user"],
  ["dnd", "dnd_contact"],
  ["note", "add_notes"],
  ["add_note", "add_notes"],
  ["task", "task-notification"],
  ["add_task", "task-notification"],
  ["delete_contact", "internal-delete-contact"],
  ["update_opportunity", "internal_update_opportunity"],
  ["move_opportunity", "internal_update_opportunity"],
  ["new_opportunity", "internal_create_opportunity"],
  ["http", "custom_webhook"],
  ["http_request", "custom_webhook"],
  ["sheets", "google_sheets"],
  ["code", "custom_code"],
  ["gpt", "chatgpt"],
  ["charge", "stripe_one_time_charge"],
  ["invoice", "payments_create_invoice"],
  ["event_date", "event_start_date"],
  ["custom_value", "update_custom_value"],
]);

const byIdentifier: ReadonlyMap<string, StepType> = new Map<string, StepType>(Object.entries(stepTypes));

/** The native step type of an identifier, or undefined for a marketplace or unknown one. */
export function stepTypeOf(identifier: string): StepType | undefined {
  return byIdentifier.get(identifier);
}

/** Identifiers of the steps whose message travels by one of these channels. */
export function typesOnChannels(channels: ReadonlySet<string>): readonly string[] {
  return [...byIdentifier].filter(([, { channel }]) => channels.has(channel ?? "")).map(([identifier]) => identifier);
}
