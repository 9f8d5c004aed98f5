import { expect, test } from "vitest";
import { simulate } from "./simulate.ts";
import type { ContactState, ScriptedEvent, Trace } from "./types.ts";

const text = (id: string, next: string | null = null) => ({
  id,
  type: "sms",
  name: id,
  attributes: { body: id },
  next,
});

const held = (attributes: Readonly<Record<string, unknown>>, settings: Readonly<Record<string, unknown>> = {}) => ({
  workflow: {
    id: "w",
    name: "Example",
    status: "published",
    ...settings,
    workflowData: {
      templates: [
        text("before", "hold"),
        { id: "hold", type: "wait", name: "Hold", attributes, next: "after" },
        text("after"),
      ],
    },
  },
});

function run(workflow: unknown, at: string, contact: ContactState = {}, events: readonly ScriptedEvent[] = []): Trace {
  return simulate(workflow, contact, { start: { at }, events, timezone: "America/Chicago" });
}

/** When the message behind the wait goes out, on the contact's clock; null: never. */
const after = ({ entries }: Trace) =>
  entries.find(({ kind, stepId }) => kind === "message" && stepId === "after")?.local ?? null;

const noon = "2026-11-24T12:00:00-06:00";

test("a set time is that long, also over a change of clocks", () => {
  const days = { type: "time", startAfter: { type: "days", value: 1, when: "after" } };
  expect(after(run(held(days), noon))).toBe("Wed 2026-11-25 12:00:00");
  expect(after(run(held(days), "2026-03-07T12:00:00-06:00"))).toBe("Sun 2026-03-08 13:00:00");
});

test("until nine o'clock is nine o'clock on the clock, also over a change", () => {
  const nine = (condition: string) => ({
    type: "time",
    startAfter: { type: "hours", value: 1 },
    window: { condition, days: [0, 1, 2, 3, 4, 5, 6], start: "09:00", end: "17:00" },
  });
  expect(after(run(held(nine("when")), "2026-03-07T20:00:00-06:00"))).toBe("Sun 2026-03-08 09:00:00");
  expect(after(run(held(nine("when")), noon))).toBe("Tue 2026-11-24 13:00:00");
  expect(after(run(held(nine("exact")), noon))).toBe("Wed 2026-11-25 09:00:00");
});

test("a weekday in the contact's zone is that weekday there", () => {
  const sunday = {
    type: "time",
    startAfter: { type: "minutes", value: 1 },
    window: { days: [0], start: "09:00", end: "10:00" },
  };
  const trace = run(held(sunday, { timezone: "contact" }), noon, { timezone: "Asia/Tokyo" });
  expect(after(trace)).toBe("Sun 2026-11-29 09:00:00");
});

test("a length from a field is as long as the field says", () => {
  const dynamic = { type: "time", startAfter: { type: "days", value: "{{contact.days}}" } };
  expect(after(run(held(dynamic), noon, { fields: { days: 3 } }))).toBe("Fri 2026-11-27 12:00:00");
  const blank = run(held(dynamic), noon);
  expect(after(blank)).toBe("Tue 2026-11-24 12:00:00");
  expect(blank.assumptions.map(({ text }) => text).join()).toContain("comes from a field that holds “”");
});

test("a wait for a reply ends with the reply, or with its timeout", () => {
  const reply = {
    type: "reply",
    reply: ["before"],
    startAfter: { type: "days", value: 2 },
  };
  const answered: readonly ScriptedEvent[] = [{ afterSeconds: 3600, type: "reply", channel: "sms", body: "Yes" }];
  expect(after(run(held(reply), noon, {}, answered))).toBe("Tue 2026-11-24 13:00:00");
  expect(after(run(held(reply), noon))).toBe("Thu 2026-11-26 12:00:00");
  const byEmail: readonly ScriptedEvent[] = [{ afterSeconds: 3600, type: "reply", channel: "email" }];
  expect(after(run(held(reply), noon, {}, byEmail))).toBe("Thu 2026-11-26 12:00:00");
});

test("waits for a click, an email and a user end with what they wait for and with nothing else", () => {
  const events: readonly ScriptedEvent[] = [
    { afterSeconds: 60, type: "click", link: "other" },
    { afterSeconds: 120, type: "click", link: "offer" },
    { afterSeconds: 180, type: "email", action: "opened" },
    { afterSeconds: 240, type: "email", action: "clicked" },
    { afterSeconds: 300, type: "user_reply" },
  ];
  const at = (attributes: Readonly<Record<string, unknown>>) =>
    after(run(held(attributes), noon, {}, events))?.slice(15);
  expect(at({ type: "link_clicked", link: "offer" })).toBe("12:02:00");
  expect(at({ type: "email_event", emailEventTypes: ["clicked"] })).toBe("12:04:00");
  expect(at({ type: "user_reply" })).toBe("12:05:00");
  expect(at({ type: "contact_action" })).toBe("12:01:00");
});

test("a wait for a condition ends when the contact has become so", () => {
  const vip = {
    type: "condition",
    condition: {
      branches: [
        {
          segments: [
            {
              conditions: [
                {
                  conditionType: "contact_detail",
                  conditionSubType: "tags",
                  conditionOperator: "index-of-true",
                  conditionValue: ["vip"],
                },
              ],
            },
          ],
        },
      ],
    },
  };
  const tagged: readonly ScriptedEvent[] = [{ afterSeconds: 60, type: "tag", add: ["VIP"] }];
  expect(after(run(held(vip), noon, {}, tagged))).toBe("Tue 2026-11-24 12:01:00");
  expect(after(run(held(vip), noon, { tags: ["vip"] }))).toBe("Tue 2026-11-24 12:00:00");
  expect(run(held(vip), noon).summary).toMatchObject({
    stopped: "held",
    enrolments: [{ how: "held", stepId: "hold" }],
  });
});

const appointment = (condition: string, hours = 24) => ({
  type: "appointment",
  appointmentStartAfter: { when: "before", type: "hours", value: hours },
  appointmentCondition: condition,
  appointmentSpecificStep: "before",
});
const booked = (startTime: string): ContactState => ({ appointments: [{ id: "a", startTime, status: "confirmed" }] });

test("a wait counts back from the appointment on the account's clock", () => {
  const trace = run(held(appointment("next")), noon, booked("2026-11-27T10:00"));
  expect(after(trace)).toBe("Thu 2026-11-26 10:00:00");
});

test("a date that has passed continues, skips messages, ends the run or jumps, as the wait says", () => {
  const late = booked("2026-11-24T13:00");
  expect(after(run(held(appointment("next")), noon, late))).toBe("Tue 2026-11-24 12:00:00");
  const skipped = run(held(appointment("skip")), noon, late);
  expect([after(skipped), skipped.summary.suppressed]).toEqual([null, { "date-passed": 1 }]);
  expect(run(held(appointment("exit")), noon, late).summary.enrolments).toMatchObject([{ how: "exit" }]);
  expect(run(held(appointment("specific-step")), noon, late).summary.stopped).toBe("loop-lock");
  const unsaid = run(held(appointment("")), noon, late);
  expect(unsaid.assumptions.map(({ text }) => text).join()).toContain(
    "does not say what happens when its date has passed",
  );
});

test("a fixed date, the event start date and an invoice's due date are waited for", () => {
  expect(after(run(held({ type: "specific_date", specificDate: "2026-12-01T09:00" }), noon))).toBe(
    "Tue 2026-12-01 09:00:00",
  );
  const overdue = { type: "overdue", appointmentStartAfter: { when: "after", type: "days", value: 1 } };
  expect(after(run(held(overdue), noon, { invoices: [{ id: "i", dueDate: "2026-12-01" }] }))).toBe(
    "Wed 2026-12-02 00:00:00",
  );
  const event = { type: "event_start_date", appointmentStartAfter: { when: "before", type: "hours", value: 1 } };
  expect(after(run(held(event, { eventStartDate: "2026-12-01T09:00" }), noon))).toBe("Tue 2026-12-01 08:00:00");
});

test("a wait whose kind or times are not known lets the contact go on, and says so", () => {
  for (const type of ["until_the_cows_come_home", "recurring"]) {
    const trace = run(held({ type }), noon);
    expect(after(trace)).toBe("Tue 2026-11-24 12:00:00");
    expect(trace.assumptions.map(({ stepId }) => stepId)).toContain("hold");
  }
  const weekly = { type: "recurring", window: { days: [5], start: "15:00", end: "16:00" } };
  expect(after(run(held(weekly), noon))).toBe("Fri 2026-11-27 15:00:00");
});

test("a message waits for the workflow's hours; tags do not", () => {
  const workflow = {
    timeWindow: { condition: "when", days: [1, 2, 3, 4, 5], start: "09:00", end: "17:00" },
    timezone: "contact",
    actions: [
      { id: "tag", type: "add_tag", config: { tags: ["new"] } },
      { id: "after", type: "sms", config: { body: "Hi" } },
    ],
  };
  const trace = run(workflow, "2026-11-27T20:00:00-06:00", { timezone: "America/Los_Angeles" });
  expect(trace.entries.find(({ kind }) => kind === "tag")?.local).toBe("Fri 2026-11-27 18:00:00");
  expect(after(trace)).toBe("Mon 2026-11-30 09:00:00");
  expect(trace.summary).toMatchObject({ atNight: 0, steps: 2 });
});
