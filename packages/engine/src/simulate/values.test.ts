import { expect, test } from "vitest";
import type { LocationFacts } from "../options.ts";
import { simulate } from "./simulate.ts";
import type { ContactState, HappeningData, ScriptedEvent } from "./types.ts";

type Document = Readonly<Record<string, unknown>>;

const at = "2026-11-24T15:04:05-06:00";
const facts: LocationFacts = {
  users: [{ id: "u1", name: "Nora Lind Berg", active: true }],
  pipelines: [{ id: "sales", name: "Sales", stages: [{ id: "s1", name: "Offer" }] }],
  calendars: [{ id: "c1", name: "First visit" }],
};
const contact: ContactState = {
  name: "Dana Maria Reyes",
  companyName: "Reyes & Co",
  timezone: "America/New_York",
  tags: ["VIP", "new"],
  assignedTo: "u1",
  fields: { services: ["roof", "gutter"], dob: null },
};

/** What a text shows in a run of this event. */
function shown(body: string, trigger: HappeningData, type = trigger.type, given: ContactState = contact): unknown {
  const workflow = {
    id: "w",
    name: "w",
    triggers: [{ type }],
    timezone: "contact",
    actions: [{ id: "a", type: "sms", config: { body } }],
  };
  const trace = simulate(workflow, given, {
    start: { at, trigger, workflowId: "w" },
    timezone: "America/Chicago",
    facts,
  });
  return trace.entries.find(({ kind }) => kind === "message")?.detail["text"];
}

test.each([
  ["{{contact.first_name}} {{contact.last_name}} {{contact.full_name}}", "Dana Maria Reyes Dana Maria Reyes"],
  ["{{contact.first_name_lower_case}}, {{contact.company}}, {{contact.tags}}", "dana, Reyes & Co, vip, new"],
  ["{{contact.services}} {{contact.dob}} {{contact.timezone}}", "roof, gutter [blank] America/New_York"],
  [
    "{{user.name}}, {{user.first_name}} {{user.last_name}} {{user.email}}",
    "Nora Lind Berg, Nora Lind Berg [user.email]",
  ],
  [
    "{{right_now.time}} {{right_now.time_ampm}} {{right_now.hour}} {{right_now.hour_ampm}} {{right_now.ampm}}",
    "15:04 3:04 PM 15 3 PM",
  ],
  [
    "{{right_now.day_of_week}} {{right_now.day}} {{right_now.month}} {{right_now.year}} {{right_now.minute}} {{right_now.second}}",
    "Tuesday 24 11 2026 04 5",
  ],
  [
    "{{right_now.date}} {{right_now.middle_endian_date}} {{right_now.little_endian_date}} {{right_now.month_english}}",
    "2026-11-24 11/24/2026 24/11/2026 [right_now.month_english]",
  ],
  [
    "{{custom_values.offer}} {{trigger_link.L1}} {{location.name}} {{chatgpt.1.response}}",
    "[custom_values.offer] [trigger_link.L1] [location.name] [chatgpt.1.response]",
  ],
  ["{{message.body}} {{order.number}} {{nonsense.field}} {{unsubscribe}}", "[blank] [blank] [blank] [unsubscribe]"],
  ['Hi {{default contact.nickname "there"}}', "Hi [blank]"],
])("a text shows the contact, its owner, the hour and what is not known: %s", (body, expected) => {
  expect(shown(body, { type: "form" }, "form_submission")).toBe(expected);
});

test("a text shows the deal, the booking, the invoice, the reply and the webhook of its run, and gaps without them", () => {
  const deal: HappeningData = {
    type: "opportunity",
    action: "created",
    name: "Roof",
    pipelineId: "sales",
    stageId: "s1",
    status: "open",
    monetaryValue: 900,
  };
  const fields = ["name", "pipeline_name", "pipeline_stage", "pipeline_id", "status", "monetary_value", "source", "id"];
  const dealText = fields.map((field) => `{{opportunity.${field}}}`).join(" ");
  expect(shown(dealText, deal, "opportunity_created")).toBe("Roof Sales Offer sales open 900 [blank] opportunity1");
  expect(shown("{{opportunity.name}}", { type: "form" }, "form_submission")).toBe("[blank]");

  const visit: HappeningData = {
    type: "appointment",
    action: "booked",
    calendarId: "c1",
    title: "Check-up",
    startTime: "2026-11-26T09:30",
    endTime: "2026-11-26T10:00",
  };
  const visitText = [
    "start_time",
    "only_start_date",
    "only_start_time",
    "end_time",
    "only_end_date",
    "only_end_time",
    "day_of_week",
    "timezone",
    "title",
    "status",
    "meeting_location",
    "add_to_ical",
  ]
    .map((field) => `{{appointment.${field}}}`)
    .join(" | ");
  expect(shown(`${visitText} | {{calendar.name}}`, visit, "appointment")).toBe(
    "2026-11-26 10:30 | 2026-11-26 | 10:30 | 2026-11-26 11:00 | 2026-11-26 | 11:00 | Thursday | America/New_York | Check-up | confirmed | [blank] | [appointment.add_to_ical] | First visit",
  );
  expect(shown("{{appointment.start_time}}", { ...visit, startTime: "soon" }, "appointment")).toBe("soon");
  expect(shown("{{calendar.name}}", { type: "form" }, "form_submission")).toBe("[blank]");

  expect(
    shown(
      "{{invoice.number}} {{invoice.total}}",
      { type: "invoice", status: "sent", data: { "invoice.number": "7" } },
      "invoice",
    ),
  ).toBe("7 [invoice.total]");
  expect(shown("{{invoice.number}}", { type: "form" }, "form_submission")).toBe("[blank]");
  expect(shown("{{message.body}}", { type: "reply", body: "Hello" }, "customer_reply")).toBe("Hello");
  expect(
    shown(
      "{{inboundWebhookRequest.user.name}}",
      { type: "inbound_webhook", data: { "inboundWebhookRequest.user.name": "Al" } },
      "inbound_webhook",
    ),
  ).toBe("Al");
});

/** Does a condition hold in a run of this event? */
function holds(
  field: string,
  operator: string,
  value: unknown,
  trigger: HappeningData,
  given: ContactState = contact,
): boolean | null {
  const workflow: Document = {
    id: "w",
    name: "w",
    actions: [
      {
        id: "ask",
        type: "condition",
        branches: [{ name: "Yes", conditions: [{ field, operator, value }] }, { name: "None" }],
      },
    ],
  };
  const trace = simulate(workflow, given, {
    start: { at, trigger, workflowId: "w" },
    timezone: "America/Chicago",
    facts,
  });
  if (trace.assumptions.some(({ stepId }) => stepId === "ask")) return null;
  return trace.entries.find(({ kind }) => kind === "decision")?.detail["branch"] === "Yes";
}

const form: HappeningData = { type: "form", formId: "f1", data: { "inboundWebhookRequest.plan": "gold" } };
const visit: HappeningData = {
  type: "appointment",
  action: "booked",
  calendarId: "c1",
  title: "Check-up",
  startTime: "2026-11-26T09:30",
  endTime: "2026-11-26T10:00",
};
const bill: HappeningData = {
  type: "invoice",
  id: "i7",
  status: "sent",
  dueDate: "2026-12-01",
  amount: 100,
  name: "Roof",
};

test.each<readonly [string, string, unknown, HappeningData, boolean | null]>([
  ["contact.tags", "index-of-true", ["new"], form, true],
  ["contact.tags", "index-of-true", ["new", "old"], form, null],
  ["contact.tags", "contains-any", ["new", "old"], form, true],
  ["contact.tags", "contains-all", ["new", "old"], form, false],
  ["contact.tags", "index-of-false", ["old"], form, true],
  ["contact.company_name", "contains", "reyes", form, true],
  ["contact.company_name", "not-contains", "reyes", form, false],
  ["contact.company_name", "starts-with", "Rey", form, true],
  ["contact.company_name", "ends-with", "Inc", form, false],
  ["contact.company_name", "!=", "Other", form, true],
  ["contact.city", "has_no_value", "", form, true],
  ["contact.city", "has_value", "", form, false],
  ["contact.dnd", "==", "false", form, true],
  ["contact.timezone", "==", "America/New_York", form, true],
  ["contact.assigned_to", "==", "u1", form, true],
  ["contact.score", ">", "5", form, false],
  ["contact.company_name", ">", "5", form, false],
  ["custom_values.offer", "==", "x", form, null],
  ["inboundWebhookRequest.plan", "==", "gold", form, true],
  ["inboundWebhookRequest.other", "==", "gold", form, null],
  ["current_time.hour", "==", "9", form, null],
  ["appointment.calendarId", "==", "c1", visit, true],
  ["calendar.id", "==", "c1", visit, true],
  ["appointment.title", "contains", "check", visit, true],
  ["appointment.startTime", "after", "2026-11-01", visit, true],
  ["appointment.endTime", "before", "2026-11-01", visit, false],
  ["appointment.anything", "==", "x", visit, false],
  ["appointment.status", "==", "confirmed", form, false],
  ["invoice.status", "==", "sent", bill, true],
  ["invoice.id", "==", "i7", bill, true],
  ["invoice.amount", ">=", "100", bill, true],
  ["invoice.dueDate", "before", "2026-12-24", bill, true],
  ["invoice.name", "==", "roof", bill, true],
  ["invoice.number", "has_value", "", bill, false],
  ["invoice.anything", "==", "x", bill, false],
  ["invoice.amount", ">=", "100", form, false],
])("%s %s %s", (field, operator, value, trigger, expected) => {
  expect(holds(field, operator, value, trigger)).toBe(expected);
});

test("dates are compared with the hour of the simulation, days with the whole day", () => {
  const next = (conditionOperator: string, birthday: string) => {
    const row = {
      conditionType: "contact_detail",
      conditionSubType: "renewal",
      conditionOperator,
      conditionValueOperator: "in-the-next",
      conditionValue: "5",
      conditionValueUnit: "days",
    };
    const workflow: Document = {
      id: "w",
      name: "w",
      actions: [{ id: "ask", type: "condition", branches: [{ name: "Yes", conditions: [row] }, { name: "None" }] }],
    };
    const trace = simulate(workflow, { fields: { renewal: birthday } }, { start: { at }, timezone: "America/Chicago" });
    return trace.entries.find(({ kind }) => kind === "decision")?.detail["branch"];
  };
  expect([
    next("is", "2026-11-26"),
    next("is", "2026-12-26"),
    next("is-not", "2026-12-26"),
    next("is", "soon"),
  ]).toEqual(["Yes", "None", "Yes", "None"]);
  expect(
    holds("contact.renewal", "after", "2026-11-26", form, { fields: { renewal: "2026-11-26T10:00:00Z" } }),
  ).toBeNull();
});

test.each<readonly [string, Document, HappeningData, boolean]>([
  ["add_contact_tag", { tags: ["Paid"] }, { type: "tag", add: ["paid"] }, true],
  ["add_contact_tag", { tags: ["paid"] }, { type: "tag", add: ["other"] }, false],
  ["add_contact_tag", {}, { type: "tag", add: ["other"] }, true],
  ["remove_contact_tag", { tags: ["new"] }, { type: "tag", remove: ["new"] }, true],
  ["form_submission", { formIds: ["f1"] }, { type: "form", formId: "f1" }, true],
  ["form_submission", { formIds: ["f1"] }, { type: "form", formId: "f2" }, false],
  ["survey_submission", {}, { type: "survey", surveyId: "s" }, true],
  ["payment_received", {}, { type: "payment", amount: 5 }, true],
  ["invoice_paid", {}, { type: "invoice", status: "paid" }, true],
  ["invoice_paid", {}, { type: "invoice", status: "sent" }, false],
  ["appointment_status", { status: "No Show" }, { type: "appointment", action: "booked", status: "noshow" }, true],
  ["email_event", { events: ["clicked"] }, { type: "email", action: "clicked" }, true],
  ["email_event", { events: ["clicked"] }, { type: "email", action: "opened" }, false],
  ["trigger_link", { linkIds: ["l1"] }, { type: "click", link: "l1" }, true],
  ["customer_reply", {}, { type: "reply" }, true],
  ["user_replied", {}, { type: "user_reply" }, true],
  ["mystery", {}, { type: "reply" }, false],
])("a goal of the kind %s %j is met by %j: %s", (goal_condition, extras, event, expected) => {
  const workflow: Document = {
    id: "w",
    name: "w",
    actions: [
      { id: "hold", type: "wait", config: { days: 9 } },
      {
        id: "goal",
        type: "goal",
        config: { action: "exit", op: "and", segments: [{ op: "and", conditions: [{ goal_condition, extras }] }] },
      },
    ],
  };
  const events: readonly ScriptedEvent[] = [{ ...event, afterSeconds: 60 }];
  const trace = simulate(workflow, { tags: ["new"] }, { start: { at }, events, timezone: "UTC" });
  expect(trace.entries.some(({ kind, detail }) => kind === "goal" && detail["met"] === true)).toBe(expected);
  expect(trace.assumptions.some(({ stepId }) => stepId === "goal")).toBe(goal_condition === "mystery");
});
