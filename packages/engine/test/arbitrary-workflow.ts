import fc from "fast-check";
import { type AnalyzeOptions, rules } from "../src/index.ts";
import { type Export, exported, type Flow, type Piece, row, step } from "./builder-document.ts";

/** Any workflow that the builder could store, healthy or not: every kind of edge, wait, condition, trigger and text. */

const fragments = [
  "Hi {{contact.first_name}}, ",
  "{{contact.first_nam}} ",
  "{contact.last_name} ",
  "{{appointment.start_time}} ",
  "{{custom_values.offer}} ",
  "{{chatgpt.1.response}} ",
  "{{inboundWebhookRequest.user.email}} ",
  "see you tomorrow. ",
  "Reply STOP to unsubscribe. ",
  "Reply CANCEL to cancel your booking. ",
  "Just reply to this email. ",
  "Our CBD oil is back. ",
  "{{chatgpt.2.response}} ",
  '{{default contact.first_name "there"}} ',
  "Call (312) 555-7290. ",
  "Responde STOP para darte de baja. ",
  "Bonjour, votre rendez-vous est confirmé. ",
  "[INSERT OFFER] ",
  "https://bit.ly/x ",
  "http://localhost:3000/?token=Zk39dkLmQp2x ",
  "https://acme.dental/book ",
  "50% off today only!!! ",
  "\u2019\u{1f600} ",
  "a".repeat(170),
];
const text = fc.array(fc.constantFrom(...fragments), { maxLength: 4 }).map((parts) => parts.join(""));
const word = fc.constantFrom("vip", "hot lead", "a", "stop", "paid", "");
const sometimes = (value: fc.Arbitrary<unknown>) => fc.option(value, { nil: undefined, freq: 4 });

const length = fc.record({
  type: fc.constantFrom("minutes", "hour", "days", "weeks", "", "fortnights"),
  value: fc.constantFrom<unknown>(0, 1, 5, "2", "", -3, 400, "{{contact.days}}", null),
  when: fc.constant("after"),
});
const window = fc.record({
  condition: fc.constant("when"),
  days: fc.subarray([0, 1, 2, 3, 4, 5, 6]),
  start: fc.constantFrom("09:00", "00:00", "22:00", "9"),
  end: fc.constantFrom("17:00", "23:59", "06:00", ""),
});

const attributes: Readonly<Record<string, fc.Arbitrary<Record<string, unknown>>>> = {
  sms: fc.record({ body: text, attachments: fc.constantFrom([], ["https://acme.dental/a.png"]) }),
  email: fc.record({
    subject: text,
    html: fc
      .tuple(
        text,
        fc.constantFrom("", '<img src="https://acme.dental/a.png">', '<a href="#">Go</a>', '<a href="www.a.b">Go</a>'),
      )
      .map(([body, more]) => `<p>${body}</p>${more}`),
    from_name: sometimes(word),
    from_email: fc.constantFrom("", "acme@gmail.com", "no-reply@acme.dental", "care@acme.dental"),
  }),
  "custom-push-notification": fc.record({ title: text, body: text }),
  whatsapp_v2: fc.record({ body: text, template_id: sometimes(word) }),
  whatsapp_media: fc.record({ media_url: word }),
  call: fc.record({ timeout: fc.constantFrom(10, 60, ""), disable_detect_voicemail: fc.boolean() }),
  voicemail: fc.record({ attachment: word }),
  "manual-sms": fc.record({ body: text }),
  internal_notification: fc.record({
    type: fc.constantFrom("email", "sms", "notification", ""),
    sms: fc.record({ body: text, userType: fc.constantFrom("all", "assign", "user", ""), selectedUser: word }),
  }),
  wait: fc.record({
    type: fc.constantFrom("time", "reply", "condition", "appointment", "specific_date", "email_event", "overdue", "?"),
    startAfter: sometimes(length),
    appointmentStartAfter: sometimes(
      fc.record({ when: fc.constantFrom("before", "after"), type: fc.constant("hours"), value: fc.nat(48) }),
    ),
    appointmentCondition: fc.constantFrom("skip", "next", "exit", "specific-step"),
    appointmentSpecificStep: fc.constantFrom("5eed0000-0000-4000-8000-000000000002", "gone"),
    window: sometimes(window),
    reply: fc.constantFrom([], ["5eed0000-0000-4000-8000-000000000001"], ["gone"]),
  }),
  drip: fc.record({ batchSize: fc.constantFrom(1, 100, 20_000, ""), interval: length }),
  add_contact_tag: fc.record({ tags: fc.oneof(word, fc.array(word, { maxLength: 3 })) }),
  remove_contact_tag: fc.record({ tags: fc.array(word, { maxLength: 3 }) }),
  update_contact_field: fc.record({
    actionType: fc.constantFrom("update_field_data", "clear_field_data"),
    fields: fc.array(fc.record({ field: fc.constantFrom("phone", "city", "AbCdEfGhIjKlMnOpQrSt"), value: text })),
  }),
  update_custom_value: fc.record({ custom_value_id: word, value: text }),
  dnd_contact: fc.record({ dnd_contact: fc.constantFrom("enable", "disable", "enable_specific") }),
  add_to_workflow: fc.record({ workflow_id: fc.oneof(word, fc.array(word)) }),
  remove_from_workflow: fc.record({
    workflow_id: fc.oneof(word, fc.array(word)),
    includeCurrent: fc.boolean(),
    allWorkflows: fc.boolean(),
  }),
  assign_user: fc.record({ user_list: fc.array(word, { maxLength: 2 }) }),
  internal_create_opportunity: fc.record({
    pipelineId: word,
    __customInputFields__: fc.array(
      fc.record({ filterField: fc.constantFrom("pipelineId", "pipelineStageId", "status"), value: word }),
    ),
  }),
  internal_update_opportunity: fc.record({ __customInputFields__: fc.constant([]), allowBackward: fc.boolean() }),
  webhook: fc.record({ method: fc.constant("POST"), url: text, headers: fc.constant([]), customData: fc.constant([]) }),
  custom_webhook: fc.record({
    method: fc.constantFrom("GET", "POST"),
    url: text,
    headers: fc.array(fc.record({ key: fc.constant("Authorization"), value: text })),
    body: fc.record({ contentType: fc.constant("application/json"), rawData: text }),
  }),
  custom_code: fc.record({ language: fc.constant("javascript"), code: text, inputData: fc.constant({}) }),
  chatgpt: fc.record({ promptText: text }),
  ai_agent: fc.record({ prompt: text, tools: fc.subarray(["search_contacts", "update_contact"]) }),
  google_sheets: fc.record({ action: fc.constant({ id: "lookup_row" }), values: fc.array(text, { maxLength: 2 }) }),
  stripe_one_time_charge: fc.record({ amount: fc.constantFrom(10, "", "{{contact.amount}}") }),
  update_appointment_status: fc.record({ status_type: fc.constantFrom("confirmed", "cancelled", "") }),
  "internal-delete-contact": fc.constant({}),
  event_start_date: fc.record({
    event_start_type: fc.constant("datetime"),
    value: fc.constant("2025-03-01T10:00:00Z"),
  }),
  workflow_goal: fc.record({ action: fc.constantFrom("exit", "next", "wait"), segments: fc.constant([]) }),
  add_notes: fc.record({ html: text }),
  acme_fax: fc.record({ number: word }),
};

const name = fc.constantFrom("Say hello", "Follow up", "Wait", "Check", "x", " ", "Booked?", "a".repeat(300));

const plainPiece: fc.Arbitrary<Piece> = fc
  .constantFrom(...Object.keys(attributes))
  .chain((type) => fc.tuple(fc.constant(type), name, attributes[type] ?? fc.constant({})))
  .map(([type, label, given]) => step(type, label, given));

const condition = fc
  .tuple(
    fc.constantFrom("contact_detail", "opportunities", "appointment", "trigger", "contact_reply", "workflow_contact"),
    fc.constantFrom("tags", "city", "pipelineStageId", "monetaryValue", "status", "AbCdEfGhIjKlMnOpQrSt", ""),
    fc.constantFrom("index-of-true", "index-of-false", "==", "contain", "has_value", "has_no_value", ">=", "is", "?"),
    fc.oneof(word, fc.array(word, { maxLength: 2 }), fc.nat(5)),
  )
  .map(([type, subType, operator, value]) => row(type, subType, operator, value));

const { flow } = fc.letrec<{ flow: Flow; piece: Piece }>((tie) => {
  const inner = tie("flow") as fc.Arbitrary<Flow>;
  const way = fc.record({ name, steps: inner });
  return {
    flow: fc.array(tie("piece"), { maxLength: 4, depthIdentifier: "flow" }),
    piece: fc.oneof(
      { depthIdentifier: "flow", depthSize: "small", withCrossShrink: true },
      { weight: 6, arbitrary: plainPiece },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant("choice" as const),
          name,
          branches: fc.array(fc.record({ name, rows: fc.array(condition, { maxLength: 3 }), steps: inner }), {
            minLength: 1,
            maxLength: 3,
          }),
          none: inner,
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant("ways" as const),
          type: fc.constantFrom(
            "wait",
            "workflow_split",
            "find_contact",
            "find_opportunity",
            "conversation_ai",
            "workflow_ai_decision_maker",
            "whatsapp_24h_window",
          ),
          name,
          attributes: fc.record({ type: fc.constantFrom("reply", "condition", "email_event"), startAfter: length }),
          ways: fc.tuple(
            fc.record({ name, transition: fc.constant({ condition: "primary" }), steps: inner }),
            fc.record({ name, transition: fc.constant({ condition: "timeout" }), steps: inner }),
          ),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.oneof(
          fc.record({
            kind: fc.constant("router" as const),
            name,
            lanes: fc.array(way, { minLength: 1, maxLength: 3 }),
          }),
          fc.record({ kind: fc.constant("loop" as const), name, body: inner }),
        ),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant("goto" as const), name, to: name }) },
    ),
  };
});

const trigger = fc.record(
  {
    type: fc.constantFrom(
      ...["form_submission", "contact_tag", "customer_reply", "appointment", "customer_appointment", "invoice"],
      ...[
        "inbound_webhook",
        "scheduler_trigger",
        "birthday_reminder",
        "contact_changed",
        "pipeline_stage_updated",
        "?",
      ],
    ),
    name,
    active: fc.boolean(),
    deleted: fc.constant(false),
    targetActionId: fc.constantFrom("5eed0000-0000-4000-8000-000000000003", "gone"),
    conditions: fc.array(
      fc.record({
        field: fc.constantFrom("tagsAdded", "form.id", "message.body", "contact.city", "appointment.status"),
        operator: fc.constantFrom("index-of-true", "is-any-of", "==", "has-changed"),
        value: fc.oneof(word, fc.array(word, { maxLength: 2 })),
      }),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: ["type", "name", "active", "conditions"] },
);

const settings = fc.record(
  {
    status: fc.constantFrom("published", "draft"),
    allowMultiple: fc.boolean(),
    stopOnResponse: fc.boolean(),
    timezone: fc.constantFrom("account", "contact"),
    timeWindow: window,
    senderAddress: fc.record({ from_name: word, from_email: word }),
  },
  { requiredKeys: [] },
);

/** A builder document with its triggers. */
export const workflow: fc.Arbitrary<Export> = fc
  .tuple(name, flow, settings, fc.array(trigger, { maxLength: 3 }))
  .map(([label, pieces, given, triggers]) => exported(label, pieces, given, triggers));

/** Options that change what is analysed and what is reported. */
export const options: fc.Arbitrary<AnalyzeOptions> = fc.record(
  {
    now: fc.constantFrom("2026-11-23", "2026-01-01T00:00:00Z"),
    timezone: fc.constant("America/New_York"),
    profile: fc.constantFrom("strict", "standard", "quiet"),
    rules: fc.dictionary(
      fc.constantFrom(...rules.map(({ code }) => code)),
      fc.record({ off: fc.boolean() }, { requiredKeys: [] }),
      { maxKeys: 3 },
    ),
    facts: fc.record(
      {
        tags: fc.array(word),
        users: fc.array(fc.record({ id: word, name: word, active: fc.boolean() })),
        customValues: fc.dictionary(fc.constantFrom("offer"), text),
        customFields: fc.array(
          fc.record({ id: fc.constant("AbCdEfGhIjKlMnOpQrSt"), key: word, type: fc.constant("TEXT") }),
        ),
        workflows: fc.array(fc.record({ id: word, name: word, status: fc.constantFrom("draft", "published") })),
        toggles: fc.record({ smsOptOutText: fc.boolean(), emailUnsubscribeFooter: fc.boolean() }),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);
