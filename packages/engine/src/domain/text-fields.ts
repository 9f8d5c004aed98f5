import type { DatedSource } from "./dated-source.ts";

/** Who reads a text. */
export type TextRole =
  /** The contact, as a message. */
  | "message"
  /** The contact, as the subject line of an email. */
  | "subject"
  /** The team: notifications, tasks, notes, Slack. */
  | "internal"
  /** Another system: addresses, headers, bodies and code of calls out of HighLevel. */
  | "payload"
  /** HighLevel itself: values written to fields, prompts, settings of apps. */
  | "data";

export interface TextField {
  /** Where the text stands in the step's settings. */
  readonly keys: readonly string[];
  readonly role: TextRole;
  /** The text is HTML; else it is sent as it stands. */
  readonly html: boolean;
}

export const textFieldsSource: DatedSource = {
  asOf: "2026-08-19",
  sources: [
    "github.com/uxieee/uxie-ghl-factory catalog/step-examples @ c24d716b",
    "builder documents (docs/WORKFLOW_FORMATS.md)",
  ],
};

const field = (role: TextRole, html: boolean, ...keys: readonly string[]): TextField => ({ keys, role, html });
const body = [field("message", false, "body"), field("message", false, "message")];

/** The texts of steps that write to people. Every other step is searched for texts wherever they stand. */
export const textFields: ReadonlyMap<string, readonly TextField[]> = new Map<string, readonly TextField[]>([
  ["sms", [field("message", false, "body")]],
  ["manual-sms", [field("message", false, "body")]],
  ["email", [field("subject", false, "subject"), field("message", true, "html")]],
  ["messenger", body],
  ["instagram-dm", body],
  ["gmb", body],
  ["whatsapp_v2", body],
  ["send_whatsapp_message", body],
  ["tiktok-dm", [field("message", false, "tiktok_message")]],
  ["live_chat_response", [field("message", true, "liveChatResponse")]],
  ["conversationai_custom_message", [field("message", false, "message")]],
  ["review_request", body],
  ["custom-push-notification", [field("message", false, "title"), field("message", false, "body")]],
  [
    "internal_notification",
    [
      field("internal", false, "email", "subject"),
      field("internal", true, "email", "html"),
      field("internal", true, "email", "body"),
      field("internal", false, "sms", "body"),
      field("internal", false, "notification", "title"),
      field("internal", false, "notification", "body"),
      field("internal", false, "notification", "message"),
      field("internal", false, "whatsapp", "body"),
    ],
  ],
  ["slack_message", [field("internal", false, "text")]],
  ["task-notification", [field("internal", false, "title"), field("internal", true, "body")]],
  ["add_notes", [field("internal", true, "html"), field("internal", true, "body")]],
]);
