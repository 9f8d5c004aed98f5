import type { DatedSource } from "./dated-source.ts";

/** What a stored id or name stands for. */
export type ReferenceKind =
  | "user"
  | "tag"
  | "custom field"
  | "custom value"
  | "pipeline"
  | "stage"
  | "calendar"
  | "form"
  | "survey"
  | "template"
  | "trigger link"
  | "workflow"
  | "product"
  | "sheet"
  | "phone number";

/** A setting that names something of the location. `*` in `keys` stands for every item of a list. */
export interface ReferenceField {
  readonly kind: ReferenceKind;
  readonly keys: readonly string[];
  /** The step makes what it names when it is not there (adding a tag creates it). */
  readonly creates?: true;
}

export const referenceFieldsSource: DatedSource = {
  asOf: "2026-08-19",
  sources: [
    "github.com/uxieee/uxie-ghl-factory catalog/step-examples, trigger-examples and engine/catalog.data.json @ c24d716b",
    "builder documents (docs/WORKFLOW_FORMATS.md)",
  ],
};

const at = (kind: ReferenceKind, ...keys: readonly string[]): ReferenceField => ({ kind, keys });
const newTags: readonly ReferenceField[] = [{ kind: "tag", keys: ["tags", "*"], creates: true }];
const tags = [at("tag", "tags", "*")];
const contactFields = [at("custom field", "fields", "*", "field")];
const followers = [at("user", "users", "*")];
const template = [at("template", "template_id")];
const calendar = [at("calendar", "calendarId"), at("calendar", "calendar_id")];
const byHand = [at("user", "assignedUser")];
const sender = [at("user", "userId")];
const offer = [at("product", "offer_id")];

/** Settings by step type. Fields of opportunity steps stand in {@link opportunityFields}. */
export const referenceFields: ReadonlyMap<string, readonly ReferenceField[]> = new Map([
  ["add_contact_tag", newTags],
  ["add_contact_tag_tool", newTags],
  ["remove_contact_tag", tags],
  ["remove_contact_tag_tool", tags],
  ["update_contact_field", contactFields],
  ["create_update_contact", contactFields],
  ["find_contact", contactFields],
  ["conversationai_objective", [at("custom field", "contactField")]],
  [
    "math_operation",
    [
      at("custom field", "selectField"),
      at("custom field", "updateField"),
      at("custom value", "sourceCustomValueId"),
      at("custom value", "targetCustomValueId"),
    ],
  ],
  ["update_custom_value", [at("custom value", "custom_value_id")]],
  ["assign_user", [at("user", "user_list", "*")]],
  ["assign_to_user_tool", [at("user", "user_list", "*")]],
  ["task-notification", [at("user", "assignedTo")]],
  ["manual-sms", byHand],
  ["manual-call", byHand],
  [
    "internal_notification",
    [
      at("user", "email", "selectedUser", "*"),
      at("user", "sms", "selectedUser", "*"),
      at("user", "notification", "selectedUser", "*"),
      at("user", "whatsapp", "selectedUser", "*"),
    ],
  ],
  ["internal-add-contact-followers", followers],
  ["internal-remove-contact-followers", followers],
  ["internal-add-opportunities-followers", followers],
  ["internal-remove-opportunities-followers", followers],
  ["internal-add-opportunity-owner", [at("user", "user")]],
  ["proposals_estimates_send_document", sender],
  ["payments_create_invoice", sender],
  ["payments_create_estimate", sender],
  ["create_recurring_invoice", sender],
  ["ivr_connect_call", [at("user", "users", "*")]],
  ["create_opportunity", [at("pipeline", "pipeline_id"), at("stage", "pipeline_stage_id")]],
  ["internal_create_opportunity", [at("pipeline", "pipelineId")]],
  ["internal_update_opportunity", [at("pipeline", "pipelineId")]],
  ["remove_opportunity", [at("pipeline", "pipeline_id")]],
  ["appointment_booking", calendar],
  ["appointment_booking_conversation_ai", calendar],
  ["add_appointment_booking_ai_bot", calendar],
  ["calendars_generate_one_time_booking_link", calendar],
  ["conversationai_book_appointment", calendar],
  ["sms", template],
  ["email", template],
  ["messenger", template],
  ["instagram-dm", template],
  ["add_to_workflow", [at("workflow", "workflow_id", "*")]],
  ["remove_from_workflow", [at("workflow", "workflow_id", "*")]],
  ["wait", [at("trigger link", "link", "*")]],
  [
    "workflow_goal",
    [
      at("tag", "segments", "*", "conditions", "*", "extras", "tags", "*"),
      at("form", "segments", "*", "conditions", "*", "extras", "formIds", "*"),
      at("trigger link", "segments", "*", "conditions", "*", "extras", "linkIds", "*"),
      at("calendar", "segments", "*", "conditions", "*", "extras", "calendarId"),
      at("product", "segments", "*", "conditions", "*", "extras", "globalProductIds", "*"),
    ],
  ],
  ["membership_grant_offer", offer],
  ["membership_revoke_offer", offer],
  ["google_sheets", [at("sheet", "spreadsheet", "id")]],
  ["voice_ai_outbound_call", [at("phone number", "fromPhoneNumber")]],
]);

/** Rows of `__customInputFields__` on opportunity steps, by `filterField`; any other id is a custom field. */
export const opportunityFields: ReadonlyMap<string, ReferenceKind> = new Map([
  ["pipelineId", "pipeline"],
  ["pipelineStageId", "stage"],
  ["assignedTo", "user"],
]);

/** Filter rows of triggers. */
export const triggerFields: ReadonlyMap<string, ReferenceKind> = new Map([
  ["tagsAdded", "tag"],
  ["tagsRemoved", "tag"],
  ["contact.tags", "tag"],
  ["opportunity.pipelineId", "pipeline"],
  ["opportunity.pipelineStageId", "stage"],
  ["opportunity.assignedTo", "user"],
  ["contact.assignedTo", "user"],
  ["task.assignedTo", "user"],
  ["calendar.id", "calendar"],
  ["form.id", "form"],
  ["survey.id", "survey"],
  ["link.id", "trigger link"],
  ["workflow.id", "workflow"],
  ["product.id", "product"],
  ["membership.product.id", "product"],
  ["offer.id", "product"],
  ["payment.global_product_ids", "product"],
  ["inbound_number", "phone number"],
]);

/** Fields of conditions, by the key under which the condition reader knows them. */
export const conditionFields: ReadonlyMap<string, ReferenceKind> = new Map([
  ["contact.tags", "tag"],
  ["trigger.tagsadded", "tag"],
  ["trigger.tagsremoved", "tag"],
  ["opportunity.pipelineid", "pipeline"],
  ["opportunity.pipelinestageid", "stage"],
  ["opportunity.assignedto", "user"],
  ["contact.assignedto", "user"],
  ["contact.assigneduser", "user"],
  ["appointment.calendarid", "calendar"],
  ["form.id", "form"],
  ["survey.id", "survey"],
  ["link.id", "trigger link"],
  ["workflow.active", "workflow"],
]);

/** Words in the place of a user's id that mean somebody by his role. */
export const userRoles: ReadonlySet<string> = new Set([
  "all",
  "all_users",
  "any",
  "assign",
  "assigned",
  "assigned_user",
  "assigneduser",
  "contact_owner",
  "owner",
  "opportunity_owner",
  "unassigned",
  "none",
  "admin",
]);
