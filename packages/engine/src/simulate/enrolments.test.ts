import { expect, test } from "vitest";
import { simulate } from "./simulate.ts";
import type { ContactState, HappeningData, ScriptedEvent, Trace } from "./types.ts";

type Document = Readonly<Record<string, unknown>>;

const start = "2026-11-24T12:00:00-06:00";
const text = (id: string) => ({ id, type: "sms", config: { body: id } });
const wait = (config: Document) => ({ id: "hold", type: "wait", config });

function run(
  documents: readonly Document[],
  trigger: HappeningData,
  events: readonly ScriptedEvent[] = [],
  contact: ContactState = {},
): Trace {
  return simulate(documents, contact, { start: { at: start, trigger }, events, timezone: "America/Chicago" });
}

const form = (more: Document = {}): Document => ({
  id: "w",
  name: "Form",
  status: "published",
  triggers: [{ type: "form_submission", conditions: [{ field: "form.id", operator: "is-any-of", value: ["f1"] }] }],
  actions: [text("hello"), wait({ days: 1 }), text("later")],
  ...more,
});

const entered = ({ entries }: Trace) => entries.filter(({ kind }) => kind === "enrolled").length;
const reasons = ({ entries }: Trace) =>
  entries.filter(({ kind }) => kind === "ignored").map(({ detail }) => detail["reason"]);
const filled: HappeningData = { type: "form", formId: "f1" };
const again = (afterSeconds: number): ScriptedEvent => ({ afterSeconds, ...filled });
const DAY = 86_400;

test("a filter lets in what it asks for and nothing else", () => {
  expect(entered(run([form()], { type: "form", formId: "f1" }))).toBe(1);
  expect(entered(run([form()], { type: "form", formId: "f2" }))).toBe(0);
  expect(entered(run([form()], { type: "survey", surveyId: "f1" }))).toBe(0);
});

test("data that the event does not give fit with one workflow and not with many, and the trace says so", () => {
  const alone = run([form()], { type: "form" });
  expect([entered(alone), alone.assumptions.length]).toEqual([1, 1]);
  const many = run([form(), form({ id: "w2", name: "Other" })], { type: "form" });
  expect([entered(many), many.assumptions.length]).toEqual([0, 2]);
});

test("nobody enters twice at a time, and again only with re-entry on", () => {
  expect(reasons(run([form({ allowMultiple: true })], filled, [again(60)]))).toEqual(["active"]);
  expect(entered(run([form({ allowMultiple: true })], filled, [again(2 * DAY)]))).toBe(2);
  expect(reasons(run([form({ allowMultiple: false })], filled, [again(2 * DAY)]))).toEqual(["re-entry-off"]);
  const unsaid = run([form()], filled, [again(2 * DAY)]);
  expect(unsaid.assumptions.map(({ text }) => text)).toEqual([
    "“Form” does not say whether contacts may enter again: it is taken that they may.",
  ]);
  expect(reasons(run([form({ allowMultiple: false })], filled, [], { pastWorkflows: ["Form"] }))).toEqual([
    "re-entry-off",
  ]);
});

test("each appointment has a run of its own, whatever the switch says; the same one begins anew", () => {
  const booking: Document = {
    id: "b",
    name: "Booked",
    status: "published",
    allowMultiple: false,
    triggers: [{ type: "customer_appointment" }],
    actions: [wait({ days: 1 }), text("hello")],
  };
  const book = (id: string, afterSeconds: number): ScriptedEvent => ({
    afterSeconds,
    type: "appointment",
    action: "booked",
    id,
    startTime: "2026-12-01T10:00",
  });
  const { afterSeconds: _, ...first } = book("a", 0);
  expect(run([booking], first, [book("b", 60)]).summary.messagesInAll).toBe(2);
  const same = run([booking], first, [book("a", 60)]);
  expect(same.summary.enrolments.map(({ how }) => how)).toEqual(["restarted", "finished"]);
});

test("each deal has a run of its own where that is allowed", () => {
  const deals = (allowMultipleOpportunity: boolean): Document => ({
    id: "d",
    name: "Deals",
    status: "published",
    allowMultipleOpportunity,
    triggers: [{ type: "opportunity_created" }],
    actions: [wait({ days: 1 }), text("hello")],
  });
  const create: ScriptedEvent = { afterSeconds: 60, type: "opportunity", action: "created", name: "Second" };
  expect(entered(run([deals(true)], { type: "opportunity", action: "created" }, [create]))).toBe(2);
  expect(reasons(run([deals(false)], { type: "opportunity", action: "created" }, [create]))).toEqual(["active"]);
});

test("drafts and switched-off triggers take nobody in", () => {
  expect(reasons(run([form({ status: "draft" }), form({ id: "w2", name: "Other", triggers: [] })], filled))).toEqual([
    "draft",
  ]);
  const off = run([form({ triggers: [{ type: "form_submission", active: false }] })], filled);
  expect([entered(off), off.assumptions[0]?.text]).toEqual([
    0,
    "The trigger “Form Submitted” would fire, but it is switched off: nothing begins.",
  ]);
});

test("a workflow that a step names is entered, with the trigger's data only when the step passes them on", () => {
  const called: Document = {
    id: "called",
    name: "Called",
    status: "published",
    actions: [{ id: "say", type: "sms", config: { body: "You wrote {{message.body}}" } }],
  };
  const caller = (pass: boolean): Document => ({
    id: "caller",
    name: "Caller",
    status: "published",
    triggers: [{ type: "customer_reply" }],
    actions: [{ id: "add", type: "add_to_workflow", config: { workflow_id: "called", input_trigger_params: pass } }],
  });
  const said = (pass: boolean) =>
    run([caller(pass), called], { type: "reply", body: "Hello" }).entries.find(({ kind }) => kind === "message")
      ?.detail["text"];
  expect([said(true), said(false)]).toEqual(["You wrote Hello", "You wrote [blank]"]);
  expect(reasons(run([caller(true), form()], { type: "reply", body: "Hello" }))).toEqual(["not-given"]);
});

test("tags, fields, deals and appointments of one workflow start another", () => {
  const first: Document = {
    id: "first",
    name: "First",
    status: "published",
    triggers: [{ type: "form_submission" }],
    actions: [
      { id: "tag", type: "add_tag", config: { tags: ["Hot"] } },
      { id: "field", type: "update_field", config: { fields: [{ field: "city", value: "Austin" }] } },
      { id: "deal", type: "internal_create_opportunity", config: { pipelineId: "sales" } },
      {
        id: "won",
        type: "internal_update_opportunity",
        config: { __customInputFields__: [{ filterField: "status", value: "won" }] },
      },
      { id: "status", type: "update_appointment_status", config: { status_type: "showed" } },
      { id: "dnd", type: "dnd", config: { dnd_contact: "enable" } },
      { id: "note", type: "note", config: { body: "x" } },
    ],
  };
  const listener = (type: string, field = "", operator = "", value = ""): Document => ({
    id: type,
    name: type,
    status: "published",
    triggers: [{ type, ...(field === "" ? {} : { conditions: [{ field, operator, value }] }) }],
    actions: [{ id: "mark", type: "note", config: {} }],
  });
  const trace = run(
    [
      first,
      listener("contact_tag", "tagsAdded", "index-of-true", "hot"),
      listener("contact_changed", "contact.city", "has-changed"),
      listener("opportunity_created", "opportunity.pipelineId", "==", "sales"),
      listener("opportunity_status_changed", "opportunity.status", "==", "won"),
      listener("appointment", "appointment.status", "==", "Showed"),
      listener("dnd_contact"),
      listener("pipeline_stage_updated"),
      listener("survey_submission"),
    ],
    { type: "form" },
    [],
    { appointments: [{ id: "a", status: "confirmed" }] },
  );
  expect(new Set(trace.entries.filter(({ kind }) => kind === "enrolled").map(({ workflowId }) => workflowId))).toEqual(
    new Set([
      "first",
      "contact_tag",
      "contact_changed",
      "opportunity_created",
      "opportunity_status_changed",
      "appointment",
      "dnd_contact",
    ]),
  );
});

test("a reply ends the runs that wrote on that channel, where stop on response is on", () => {
  const replied: readonly ScriptedEvent[] = [{ afterSeconds: 60, type: "reply", channel: "sms", body: "Yes" }];
  const traceOf = (stopOnResponse: boolean | undefined, events = replied) =>
    run([form(stopOnResponse === undefined ? {} : { stopOnResponse })], filled, events);
  expect(traceOf(true).summary.enrolments).toMatchObject([{ how: "response" }]);
  expect(traceOf(false).summary.messagesInAll).toBe(2);
  expect(traceOf(true, [{ afterSeconds: 60, type: "reply", channel: "email" }]).summary.messagesInAll).toBe(2);
  expect(traceOf(undefined).assumptions.map(({ text }) => text)).toEqual([
    "“Form” does not say whether a reply ends it: it is taken that it does not.",
  ]);
});

test("one of the carriers' words switches texts off for good", () => {
  const trace = run([form({ stopOnResponse: false })], filled, [
    { afterSeconds: 60, type: "reply", channel: "SMS", body: " stop " },
  ]);
  expect(trace.contact.dnd).toEqual(["sms"]);
  expect(trace.summary).toMatchObject({ messages: { sms: 1 }, suppressed: { dnd: 1 } });
});

const goal = (action: string): Document => ({
  id: "goal",
  type: "goal",
  name: "Booked",
  config: {
    action,
    op: "or",
    segments: [{ op: "or", conditions: [{ goal_condition: "add_contact_tag", extras: { tags: ["Booked"] } }] }],
  },
});

test("who meets the goal jumps there from anywhere; who has not ends, goes on or waits", () => {
  const chase = (action: string): Document =>
    form({ actions: [text("ask"), wait({ days: 1 }), text("ask again"), goal(action), text("behind")] });
  const booked: readonly ScriptedEvent[] = [{ afterSeconds: 60, type: "tag", add: ["booked"] }];
  const sent = (action: string, events: readonly ScriptedEvent[] = []) =>
    run([chase(action)], filled, events)
      .entries.filter(({ kind }) => kind === "message")
      .map(({ stepId }) => stepId);
  expect(sent("exit", booked)).toEqual(["ask", "behind"]);
  expect(sent("exit")).toEqual(["ask", "ask again"]);
  expect(sent("continue")).toEqual(["ask", "ask again", "behind"]);
  expect(sent("wait")).toEqual(["ask", "ask again"]);
  expect(sent("wait", [{ afterSeconds: 2 * DAY, type: "tag", add: ["booked"] }])).toEqual([
    "ask",
    "ask again",
    "behind",
  ]);
  // Tagged before it came in: goals listen from then on.
  expect(sent("exit", [{ afterSeconds: 60, type: "tag", remove: ["booked"] }])).toEqual(["ask", "ask again"]);
});

test("a person can put the contact in and take it out", () => {
  const trace = run([form()], { type: "enrol", workflowId: "w" }, [
    { afterSeconds: 60, type: "unenrol", workflowId: "Form" },
  ]);
  expect(trace.summary.enrolments).toMatchObject([{ how: "removed" }]);
  expect(
    reasons(run([form()], { type: "unenrol", workflowId: "w" }, [{ afterSeconds: 1, type: "enrol", workflowId: "x" }])),
  ).toEqual(["not-enrolled", "not-given"]);
});

test("a loop that pauses longer than the lock needs runs to the limits, which end the trace with a word", () => {
  const daily = form({
    actions: [text("news"), wait({ days: 1 }), { id: "again", type: "goto", config: { target: "news" } }],
  });
  const options = { start: { at: start, trigger: { type: "form", formId: "f1" } }, timezone: "UTC" };
  const byTime = simulate(daily, {}, { ...options, limits: { horizonDays: 10 } });
  expect(byTime.summary).toMatchObject({ stopped: "horizon", messagesInAll: 11 });
  expect(byTime.entries.at(-1)?.text).toBe("The simulation ends here, 10 days after its start; more would follow.");
  const bySteps = simulate(daily, {}, { ...options, limits: { steps: 10 } });
  expect(bySteps.summary).toMatchObject({ stopped: "steps", steps: 10 });
});

test("the Loop Lock counts starts and passes within its time, and keeps the workflow shut", () => {
  const hot = form({ actions: [text("news"), { id: "again", type: "goto", config: { target: "news" } }] });
  const trace = run([hot], filled, [again(DAY)]);
  expect(trace.summary).toMatchObject({ stopped: "loop-lock", messagesInAll: 49, enrolments: [{ how: "loop-lock" }] });
  expect(reasons(trace)).toEqual(["loop-lock"]);
});
