/**
 * The records a merge field or a condition can read. A trigger supplies some of them, a step may create or find others;
 * `contact`, `user` and `location` need no trigger of their own (a contactless trigger is the exception for `contact`).
 */
export type RecordContext =
  | "contact"
  | "user"
  | "location"
  | "appointment"
  | "opportunity"
  | "invoice"
  | "order"
  | "payment"
  | "message"
  | "call"
  | "inboundWebhook"
  | "note"
  | "task"
  | "form"
  | "document"
  | "campaign"
  | "review"
  | "course"
  | "customObject";
