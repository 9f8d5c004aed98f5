import type { DatedSource } from "./dated-source.ts";

export const aiStepsSource: DatedSource = {
  asOf: "2026-08-19",
  sources: [
    "github.com/uxieee/uxie-ghl-factory engine/catalog.data.json and catalog/step-examples @ c24d716b (settings of AI steps)",
    "help article 155000007600 (AI agent and its tools)",
    "help article 155000000209 (GPT)",
  ],
};

/** Settings of an AI step that reach the model, by step type. */
export const promptKeys: ReadonlyMap<string, readonly string[]> = new Map([
  ["chatgpt", ["promptText", "instructions"]],
  ["ai_agent", ["prompt", "outputDescription"]],
  ["agent_studio_execution", ["message"]],
  ["workflow_ai_decision_maker", ["instructions", "information"]],
  ["workflow_ai_intent_detection", ["inputText"]],
  ["workflow_ai_summarize_text", ["inputText"]],
  ["workflow_ai_translate_content", ["inputText"]],
  ["workflow_ai_extract_data", ["sourceData", "information"]],
  ["workflow_ai_generate_image", ["prompt"]],
  ["conversationai_objective", ["objective", "instructions"]],
  ["conversationai_ai_message", ["message"]],
  ["conversation_ai", ["prompt", "instructions"]],
]);

/** First words of tools that only look something up; every other tool may change something. */
export const readOnlyToolWords: ReadonlySet<string> = new Set(
  "search find get look lookup read list query fetch check knowledge kb retrieve view count".split(" "),
);

/** Merge-field groups whose text strangers write. */
export const untrustedRoots: ReadonlySet<string> = new Set(["message", "inboundwebhookrequest", "form", "review"]);

/** Steps in which a bot talks with the contact by itself. */
export const botTypes: readonly string[] = [
  "conversation_ai",
  "conversationai_ai_message",
  "conversationai_objective",
  "conversationai_ai_splitter",
  "conversationai_book_appointment",
  "conversationai_services_booking",
  "appointment_booking_conversation_ai",
  "add_appointment_booking_ai_bot",
  "send_to_eliza",
];

/** Steps that bring a person in. */
export const humanTypes: readonly string[] = [
  "manual-sms",
  "manual-call",
  "internal_notification",
  "task-notification",
  "slack_message",
  "assign_user",
  "assign_to_user_tool",
  "log-external-call",
];
