import type { DatedSource } from "./dated-source.ts";

/**
 * The settings without which a step does nothing, per step type, for GRAPH-007. It is a table of its own: the
 * catalogue's `required` lists are unions over all modes of a step and would accuse healthy ones.
 */
export interface RequiredSetting {
  /** What the user must fill, in the builder's words. */
  readonly label: string;
  /** Attribute paths, dotted; the setting is present when any one of them is filled. */
  readonly anyOf: readonly string[];
  /** The setting is needed only when this attribute has one of these values. */
  readonly when?: { readonly path: string; readonly is: readonly string[] };
  /** The stored value must be a list: a bare string is saved but does nothing. */
  readonly list?: true;
}

export const requiredSettingsSource: DatedSource = {
  asOf: "2026-08-19",
  sources: [
    "github.com/uxieee/uxie-ghl-factory skills/ghl-defect-catalog @ c24d716b",
    "help article 155000004872 (highlighting errors)",
  ],
};

const tags: readonly RequiredSetting[] = [{ label: "at least one tag", anyOf: ["tags"] }];
const messageText: readonly RequiredSetting[] = [
  { label: "the message text", anyOf: ["body", "message", "template_id", "templateId", "attachments"] },
];
const whatsApp: readonly RequiredSetting[] = [
  { label: "the message text or template", anyOf: ["body", "message", "template_id", "templateId", "template"] },
];

export const requiredSettings: ReadonlyMap<string, readonly RequiredSetting[]> = new Map<
  string,
  readonly RequiredSetting[]
>([
  ["sms", messageText],
  ["manual-sms", messageText],
  ["messenger", messageText],
  ["instagram-dm", messageText],
  ["gmb", messageText],
  ["live_chat_response", [{ label: "the message text", anyOf: ["liveChatResponse", "body", "message"] }]],
  ["whatsapp_v2", whatsApp],
  ["send_whatsapp_message", whatsApp],
  [
    "email",
    [
      { label: "the subject", anyOf: ["subject", "template_id", "templateId"] },
      { label: "the email text or a template", anyOf: ["html", "body", "template_id", "templateId"] },
    ],
  ],
  ["voicemail", [{ label: "the recording", anyOf: ["attachment", "attachments"] }]],
  ["review_request", [{ label: "the channel (SMS or email)", anyOf: ["review_type"] }]],
  ["webhook", [{ label: "the URL", anyOf: ["url"] }]],
  [
    "custom_webhook",
    [
      { label: "the URL", anyOf: ["url"] },
      { label: "the method", anyOf: ["method"] },
    ],
  ],
  ["slack_message", [{ label: "the message text", anyOf: ["text"] }]],
  [
    "custom_code",
    [
      { label: "the code", anyOf: ["code"] },
      { label: "a test run, so that its output can be used", anyOf: ["output"] },
    ],
  ],
  ["chatgpt", [{ label: "the prompt", anyOf: ["promptText", "instructions", "actionParams.message"] }]],
  ["wait", [{ label: "what to wait for", anyOf: ["type"] }]],
  ["drip", [{ label: "the batch size", anyOf: ["batchSize"] }]],
  ["goto", [{ label: "the step to go to", anyOf: ["targetNodeId"] }]],
  ["add_to_workflow", [{ label: "the workflow to add to", anyOf: ["workflow_id"] }]],
  [
    "remove_from_workflow",
    [
      {
        label: "the workflow to remove from",
        anyOf: ["workflow_id", "includeCurrent", "allWorkflows"],
        list: true,
      },
    ],
  ],
  ["add_contact_tag", tags],
  ["remove_contact_tag", tags],
  ["update_contact_field", [{ label: "the field to update", anyOf: ["fields"] }]],
  ["create_update_contact", [{ label: "the fields to write", anyOf: ["fields"] }]],
  ["find_contact", [{ label: "the field to search by", anyOf: ["fields"] }]],
  ["assign_user", [{ label: "who to assign", anyOf: ["user_list", "customUserList"] }]],
  ["dnd_contact", [{ label: "whether DND is switched on or off", anyOf: ["dnd_contact"] }]],
  ["add_notes", [{ label: "the note", anyOf: ["html", "body", "note"] }]],
  ["task-notification", [{ label: "the task's title", anyOf: ["title"] }]],
  [
    "math_operation",
    [
      { label: "the field to calculate with", anyOf: ["selectField", "sourceCustomValueId"] },
      { label: "the calculation", anyOf: ["operators"] },
    ],
  ],
  ["update_custom_value", [{ label: "the custom value to change", anyOf: ["custom_value_id"] }]],
  ["create_opportunity", [{ label: "the pipeline", anyOf: ["pipeline_id"] }]],
  ["update_appointment_status", [{ label: "the new status", anyOf: ["status_type"] }]],
  ["membership_grant_offer", [{ label: "the offer", anyOf: ["offer_id"] }]],
  ["membership_revoke_offer", [{ label: "the offer", anyOf: ["offer_id"] }]],
  ["stripe_one_time_charge", [{ label: "the amount", anyOf: ["amount"] }]],
  ["payments_create_invoice", [{ label: "the invoice template", anyOf: ["templateId"] }]],
  ["proposals_estimates_send_document", [{ label: "the document", anyOf: ["templateId"] }]],
  ["copy_contact_to_subaccount", [{ label: "the sub-account to copy to", anyOf: ["newLocations"] }]],
  [
    "internal_notification",
    [
      { label: "the kind of notification", anyOf: ["type"] },
      {
        label: "the notification's text",
        anyOf: ["email.html", "email.body"],
        when: { path: "type", is: ["email"] },
      },
      { label: "the notification's text", anyOf: ["sms.body"], when: { path: "type", is: ["sms"] } },
      {
        label: "the notification's text",
        anyOf: ["notification.message", "notification.body"],
        when: { path: "type", is: ["notification"] },
      },
      {
        label: "the notification's text",
        anyOf: ["whatsapp.body", "whatsapp.template_id"],
        when: { path: "type", is: ["whatsapp"] },
      },
      { label: "who receives it", anyOf: ["email.userType"], when: { path: "type", is: ["email"] } },
      { label: "who receives it", anyOf: ["sms.userType"], when: { path: "type", is: ["sms"] } },
      { label: "who receives it", anyOf: ["notification.userType"], when: { path: "type", is: ["notification"] } },
      {
        label: "the email address to notify",
        anyOf: ["email.to", "email.customEmail", "email.emails", "email.selectedUser"],
        when: { path: "email.userType", is: ["custom_email", "custom", "customEmail"] },
      },
      {
        label: "the user to notify",
        anyOf: ["email.selectedUser", "email.user"],
        when: { path: "email.userType", is: ["user", "specific_user"] },
      },
      {
        label: "the user to notify",
        anyOf: ["sms.selectedUser", "sms.user"],
        when: { path: "sms.userType", is: ["user", "specific_user"] },
      },
      {
        label: "the user to notify",
        anyOf: ["notification.selectedUser", "notification.user"],
        when: { path: "notification.userType", is: ["user", "specific_user"] },
      },
    ],
  ],
]);
