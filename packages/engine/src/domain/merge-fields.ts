import type { DatedSource } from "./dated-source.ts";
import type { RecordContext } from "./record-contexts.ts";

/** The first word of a merge field (`contact` in `{{contact.first_name}}`) and what may stand behind it. */
export interface MergeFieldRoot {
  /** The record that must exist for the field to have a value; null: always there. */
  readonly context: RecordContext | null;
  /**
   * `closed`: HighLevel's list is complete, any other field is empty. `location`: the location's own custom fields or
   * values may stand here too. `open`: the list is only what is known.
   */
  readonly list: "closed" | "location" | "open";
  /** Known fields, blank-separated. Dots go deeper. */
  readonly fields: string;
  /** Characters a filled field usually has, for message length estimates. */
  readonly typicalLength: number;
}

export const mergeFieldsSource: DatedSource = {
  asOf: "2026-08-02",
  sources: [
    "help article 48001078171 (list of merge fields)",
    "help article 155000007825 (default values)",
    "github.com/uxieee/uxie-ghl-factory merge tag policy (which groups are closed) @ c24d716b",
  ],
};

const person = "name first_name last_name email phone phone_raw email_signature";
const moment =
  "title start_time end_time start_date only_start_date only_start_time only_end_date only_end_time day_of_week month month_name timezone cancellation_link reschedule_link meeting_location meeting_location_name";
const attribution = [
  "sessionSource",
  "url",
  "campaign",
  "utmSource",
  "utmMedium",
  "utmContent",
  "utmCampaign",
  "utmTerm",
  "referrer",
  "campaignId",
  "clickId",
  "fbclid",
  "gclid",
  "fbc",
  "fbp",
  "medium",
  "mediumId",
  "ip",
  "userAgent",
  "utmKeyword",
  "utmMatchType",
  "adGroupId",
  "adId",
  "adName",
];

function under(prefix: string, fields: string | readonly string[]): string {
  const names = typeof fields === "string" ? fields.split(" ") : fields;
  return names.map((name) => `${prefix}.${name}`).join(" ");
}

export const mergeFieldRoots: Readonly<Record<string, MergeFieldRoot>> = {
  contact: {
    context: "contact",
    list: "location",
    fields: `${person} full_name company_name company full_address address1 address city state country postal_code timezone date_of_birth birthday source website id type tags owner assigned_to assigned_user dnd gender created_at date_added date_created updated_at last_activity facebookLeadId engagement_score first_name_lower_case last_name_lower_case ${under("attributionSource", attribution)} ${under("lastAttributionSource", attribution)}`,
    typicalLength: 14,
  },
  user: {
    context: "user",
    list: "closed",
    fields: `${person} id calendar_link twilio_phone_number twilio_phone_number_raw call_provider_phone_number call_provider_phone_number_raw first_name_lower_case last_name_lower_case title`,
    typicalLength: 14,
  },
  location: {
    context: null,
    list: "closed",
    fields:
      "name full_address address address1 city state country postal_code email phone phone_raw website logo_url id timezone",
    typicalLength: 18,
  },
  location_owner: { context: null, list: "closed", fields: "name first_name last_name email phone", typicalLength: 12 },
  appointment: {
    context: "appointment",
    list: "closed",
    fields: `id ${moment} status notes title add_to_calendar add_to_google_calendar add_to_ical add_to_ical_outlook address calendar_id calendar_name recurring.repeats recurring.times_to_repeat ${under("user", `${person} id`)}`,
    typicalLength: 24,
  },
  servicebooking: {
    context: "appointment",
    list: "open",
    fields: `${moment} total_price`,
    typicalLength: 24,
  },
  calendar: { context: "appointment", list: "closed", fields: "name id", typicalLength: 20 },
  campaign: {
    context: null,
    list: "open",
    fields: "event_date_time event_date event_time name id",
    typicalLength: 18,
  },
  message: { context: "message", list: "closed", fields: "body subject attachments type id", typicalLength: 60 },
  opportunity: {
    context: "opportunity",
    list: "location",
    fields:
      "id name status source pipeline_name pipeline_stage pipeline_id pipeline_stage_id stage_name stage monetary_value lead_value value owner assigned_to assignedTo lost_reason created_at",
    typicalLength: 14,
  },
  invoice: {
    context: "invoice",
    list: "open",
    fields: `id name number title issue_date due_date status sub_total total total_amount discount_amount tax_amount amount_due amount_paid currency url ${under("company", "name phone address city state country website logo")} ${under("customer", "name first_name last_name phone email company address city state postal_code")} ${under("sender", "name email")} ${under("card", "brand last4")}`,
    typicalLength: 16,
  },
  order: {
    context: "order",
    list: "open",
    fields: "id number status total total_amount subtotal currency created_at url tracking_url",
    typicalLength: 12,
  },
  payment: { context: "payment", list: "open", fields: "id amount total_amount currency status", typicalLength: 10 },
  task: {
    context: "task",
    list: "open",
    fields: "id title body description dueDate due_date assigned_to assignedTo status",
    typicalLength: 20,
  },
  note: { context: "note", list: "open", fields: "id body", typicalLength: 40 },
  document: { context: "document", list: "open", fields: "id name title url status", typicalLength: 30 },
  form: { context: "form", list: "open", fields: "id name", typicalLength: 14 },
  review: { context: "review", list: "open", fields: "rating body reviewer source url", typicalLength: 30 },
  courses: {
    context: "course",
    list: "open",
    fields: "categoryTitle productTitle postTitle",
    typicalLength: 24,
  },
  call: { context: "call", list: "open", fields: "duration status direction recording_url", typicalLength: 8 },
  phonecall: { context: "call", list: "open", fields: "duration status direction recording_url", typicalLength: 8 },
  right_now: {
    context: null,
    list: "closed",
    fields:
      "second minute hour hour_ampm time time_ampm ampm day day_of_week month month_name month_english year date middle_endian_date little_endian_date",
    typicalLength: 8,
  },
  custom_values: { context: null, list: "location", fields: "", typicalLength: 24 },
  inboundwebhookrequest: { context: "inboundWebhook", list: "open", fields: "", typicalLength: 16 },
  trigger_link: { context: null, list: "open", fields: "", typicalLength: 27 },
  custom_objects: { context: "customObject", list: "open", fields: "", typicalLength: 14 },
  affiliate: { context: null, list: "open", fields: "", typicalLength: 14 },
  workflow: { context: null, list: "open", fields: "id name", typicalLength: 20 },
  email: { context: null, list: "open", fields: "unsubscribe_link", typicalLength: 40 },
  company: { context: null, list: "open", fields: "name email phone website", typicalLength: 18 },
};

/** Merge fields of one word, without a dot. */
export const bareMergeFields: ReadonlySet<string> = new Set([
  "unsubscribe",
  "unsubscribe_link",
  "webview",
  "view_in_browser",
]);

/**
 * Steps whose output is read as `{{<owner>.<step number>.<field>}}`, by the token's first word. The second column is
 * the step type that produces it, where the two differ.
 */
export const stepOutputOwners: ReadonlyMap<string, string> = new Map([
  ["chatgpt", "chatgpt"],
  ["ai_agent", "ai_agent"],
  ["agent_studio_execution", "agent_studio_execution"],
  ["custom_webhook", "custom_webhook"],
  ["custom_code", "custom_code"],
  ["sheet", "google_sheets"],
  ["google_sheets", "google_sheets"],
  ["text_formatter", "text_formatter"],
  ["number_formatter", "number_formatter"],
  ["datetime_formatter", "datetime_formatter"],
  ["array_functions", "array_functions"],
  ["math_operation", "math_operation"],
  ["slack_message", "slack_message"],
  ["kb_search", "kb_search"],
  ["ivr_gather", "ivr_gather"],
  ["ivr_connect_call", "ivr_connect_call"],
  ["conversationai_objective", "conversationai_objective"],
  ["workflow_ai_summarize_text", "workflow_ai_summarize_text"],
  ["workflow_ai_translate_content", "workflow_ai_translate_content"],
  ["workflow_ai_extract_data", "workflow_ai_extract_data"],
  ["workflow_ai_generate_image", "workflow_ai_generate_image"],
  ["workflow_ai_decision_maker", "workflow_ai_decision_maker"],
  ["workflow_ai_intent_detection", "workflow_ai_intent_detection"],
  ["calendars_generate_one_time_booking_link", "calendars_generate_one_time_booking_link"],
]);

/**
 * Placeholders that people bring from other mail tools (`[First Name]`, `%FNAME%`, `*|FNAME|*`) and the merge field
 * that does the same here. Written lower case without blanks, underscores and dashes.
 */
export const foreignPlaceholders: ReadonlyMap<string, string> = new Map([
  ["firstname", "contact.first_name"],
  ["fname", "contact.first_name"],
  ["contactfirstname", "contact.first_name"],
  ["customerfirstname", "contact.first_name"],
  ["clientfirstname", "contact.first_name"],
  ["leadfirstname", "contact.first_name"],
  ["lastname", "contact.last_name"],
  ["lname", "contact.last_name"],
  ["surname", "contact.last_name"],
  ["contactlastname", "contact.last_name"],
  ["name", "contact.name"],
  ["fullname", "contact.name"],
  ["contactname", "contact.name"],
  ["customername", "contact.name"],
  ["clientname", "contact.name"],
  ["leadname", "contact.name"],
  ["email", "contact.email"],
  ["emailaddress", "contact.email"],
  ["phone", "contact.phone"],
  ["phonenumber", "contact.phone"],
  ["company", "contact.company_name"],
  ["companyname", "contact.company_name"],
  ["city", "contact.city"],
  ["vorname", "contact.first_name"],
  ["nachname", "contact.last_name"],
  ["nombre", "contact.first_name"],
  ["apellido", "contact.last_name"],
]);
