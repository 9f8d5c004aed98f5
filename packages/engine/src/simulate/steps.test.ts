import { expect, test } from "vitest";
import type { LocationFacts } from "../options.ts";
import { simulate } from "./simulate.ts";
import type { ContactState, ScriptedEvent, SimulationOptions, Trace } from "./types.ts";

type Config = Readonly<Record<string, unknown>>;

const start = { at: "2026-11-24T12:00:00-06:00" };

function run(
  actions: readonly Config[],
  contact: ContactState = {},
  more: Partial<SimulationOptions> & { readonly facts?: LocationFacts } = {},
  document: Config = {},
): Trace {
  return simulate({ id: "w", name: "Example", ...document, actions }, contact, {
    start,
    timezone: "America/Chicago",
    ...more,
  });
}

const one = (type: string, config: Config): readonly Config[] => [{ id: "step", type, config }];

/** What the step under test brought about, without the end of the run. */
const told = ({ entries }: Trace) =>
  entries.filter(({ kind }) => !["enrolled", "exit", "assumption"].includes(kind)).map(({ text }) => text);

/** What was assumed of a step, and not of the start. */
const assumedOf = ({ assumptions }: Trace) => assumptions.filter(({ stepId }) => stepId !== null);

const reasons = ({ entries }: Trace) =>
  entries.filter(({ kind }) => kind === "ignored").map(({ detail }) => detail["reason"]);

test("tags are kept in lower case, and one that is there already changes nothing", () => {
  const trace = run(
    [
      { id: "add", type: "add_tag", config: { tags: ["VIP", "new"] } },
      { id: "off", type: "remove_tag", config: { tags: ["new", "gone"] } },
    ],
    { tags: ["vip"] },
  );
  expect(trace.contact.tags).toEqual(["vip"]);
  expect(reasons(trace)).toEqual(["tag-there", "tag-missing"]);
});

test("a field is written with its merge fields filled; a blank writes nothing, clearing does", () => {
  const rows = [
    { field: "city", value: "{{contact.state}} City" },
    { field: "source", value: "{{contact.nothing}}" },
  ];
  const trace = run(
    [
      { id: "write", type: "update_field", config: { fields: rows } },
      {
        id: "clear",
        type: "update_field",
        config: { actionType: "clear_field_data", fields: [{ field: "phone", value: "" }] },
      },
      { id: "none", type: "update_field", config: { fields: [] } },
    ],
    { state: "Texas", source: "ads", phone: "+1" },
  );
  expect(trace.contact.fields).toMatchObject({ city: "Texas City", source: "ads", phone: "" });
  expect(reasons(trace)).toEqual(["blank-write", "no-field"]);
});

test("numbers are added up, in fields and in the account's values", () => {
  const add = {
    selectField: "visits",
    updateField: "visits",
    operators: [
      { operator: "add", value: 1 },
      { operator: "multiply", value: "2" },
    ],
  };
  expect(run(one("math_operation", add), { fields: { visits: 3 } }).contact.fields).toEqual({ visits: 8 });
  expect(
    told(
      run(one("math_operation", { ...add, operators: [{ operator: "divide", value: 0 }] }), { fields: { visits: 1 } }),
    ),
  ).toEqual(["The calculation has no result: the field stays as it is."]);
  expect(assumedOf(run(one("math_operation", { ...add, operators: [{ operator: "guess", value: 1 }] })))).toHaveLength(
    1,
  );
  const value = { selectField: "visits", targetCustomValueId: "total", operators: [{ operator: "add", value: 1 }] };
  expect(told(run(one("math_operation", value), { fields: { visits: 1 } }))).toEqual([
    "The custom value total becomes “2” for everybody in the account.",
  ]);
  expect(
    run(one("contact_engagement_score", { operator: "Subtract", points: 2 }), { engagementScore: 5 }).contact.fields,
  ).toEqual({ engagementScore: 3 });
});

test("an owner is assigned, kept or missing, and the team's alert follows the owner", () => {
  const facts: LocationFacts = { users: [{ id: "u1", name: "Nora Lind", active: true }] };
  const alert = { id: "alert", type: "notification", config: { type: "sms", sms: { userType: "assign", body: "Hi" } } };
  const assign = (config: Config) => ({ id: "assign", type: "assign_user", config });
  expect(told(run([assign({ user_list: ["u1"] }), alert], {}, { facts }))).toEqual([
    "The field assignedTo becomes “Nora Lind”.",
    "The team is told by sms: “Send Internal Notification”.",
  ]);
  expect(reasons(run([assign({ user_list: [] }), alert]))).toEqual(["nobody", "no-owner"]);
  expect(reasons(run([assign({ user_list: ["u1"], only_unassigned_contact: true })], { assignedTo: "Max" }))).toEqual([
    "has-owner",
  ]);
  expect(assumedOf(run([assign({ user_list: ["u1", "u2"] })]))).toHaveLength(1);
});

test("messages stop for a contact on do not disturb, for all channels or for one", () => {
  const both = [
    { id: "sms", type: "sms", config: { body: "Hi" } },
    { id: "mail", type: "email", config: { subject: "Hi", body: "Hello" } },
  ];
  const dnd = (mode: string, channels: readonly string[] = []) => ({
    id: "dnd",
    type: "dnd",
    config: { dnd_contact: mode, specific_channels: channels },
  });
  expect(run([dnd("enable"), ...both]).summary).toMatchObject({ messages: {}, suppressed: { dnd: 2 } });
  expect(run([dnd("enable_specific", ["SMS"]), ...both]).summary.messages).toEqual({ email: 1 });
  expect(run([dnd("disable"), ...both], { dnd: true }).summary.messagesInAll).toBe(2);
  expect(reasons(run([dnd("disable")]))).toEqual(["dnd-same"]);
  expect(reasons(run([dnd("")]))).toEqual(["no-mode"]);
  expect(run(both, { phone: "", email: "" }).summary.suppressed).toEqual({ "no-address": 2 });
});

const facts: LocationFacts = {
  pipelines: [
    { id: "sales", name: "Sales", stages: ["new", "offer", "won"].map((id) => ({ id, name: id.toUpperCase() })) },
  ],
};
const move = (rows: Readonly<Record<string, string>>, more: Config = {}) => ({
  id: "move",
  type: "internal_update_opportunity",
  config: {
    ...more,
    __customInputFields__: Object.entries(rows).map(([filterField, value]) => ({ filterField, value })),
  },
});
const deal: ContactState = { opportunities: [{ id: "d", pipelineId: "sales", stageId: "offer", status: "open" }] };

test("a deal is created, moved and won; the run knows it from then on", () => {
  const trace = run(
    [
      {
        id: "create",
        type: "internal_create_opportunity",
        config: {
          pipelineId: "sales",
          __customInputFields__: [
            { filterField: "pipelineStageId", value: "new" },
            { filterField: "monetaryValue", value: "{{contact.budget}}" },
          ],
        },
      },
      move({ pipelineId: "sales", pipelineStageId: "won", status: "won" }),
    ],
    { fields: { budget: "1,200" } },
    { facts },
  );
  expect(trace.contact.opportunities).toEqual([
    { id: "opportunity1", pipelineId: "sales", stageId: "won", status: "won", monetaryValue: 1200 },
  ]);
  expect(told(trace)).toEqual([
    "A deal is created to the stage “NEW”.",
    "The deal moves to the stage “WON” and becomes won.",
  ]);
});

test("a deal stays where it is without its pipeline, backward, unchanged, or when none belongs to the run", () => {
  expect(reasons(run([move({ pipelineStageId: "won" })], deal, { facts }))).toEqual(["stage-without-pipeline"]);
  expect(reasons(run([move({ pipelineId: "sales", pipelineStageId: "new" })], deal, { facts }))).toEqual(["backward"]);
  expect(reasons(run([move({ pipelineId: "sales", pipelineStageId: "offer" })], deal, { facts }))).toEqual([
    "deal-same",
  ]);
  expect(reasons(run([move({ status: "won" })], {}, { facts }))).toEqual(["no-deal"]);
  const allowed = run([move({ pipelineId: "sales", pipelineStageId: "new" }, { allowBackward: true })], deal, {
    facts,
  });
  expect(allowed.contact.opportunities).toMatchObject([{ stageId: "new" }]);
  const unordered = run([move({ pipelineId: "sales", pipelineStageId: "new" })], deal);
  expect(unordered.assumptions.map(({ text }) => text)).toContain(
    "The order of the stages is not known: the move is taken to be forward.",
  );
});

test("the old deal step changes the deal of its pipeline, and creates one when there is none", () => {
  const old = one("create_opportunity", { pipeline_id: "sales", pipeline_stage_id: "won", opportunity_status: "Won" });
  expect(run(old, deal, { facts }).contact.opportunities).toMatchObject([{ id: "d", stageId: "won", status: "won" }]);
  expect(run(old, {}, { facts }).contact.opportunities).toHaveLength(1);
});

test("outside an appointment's run the appointment that starts last is changed", () => {
  const cancel = one("update_appointment_status", { status_type: "cancelled" });
  const triggers = { triggers: [{ type: "form_submission" }] };
  const appointments = [
    { id: "late", startTime: "2026-12-24T10:00", status: "confirmed" },
    { id: "soon", startTime: "2026-11-25T10:00", status: "confirmed" },
  ];
  const trace = run(cancel, { appointments }, { start: { ...start, trigger: { type: "form" } } }, triggers);
  expect(trace.contact.appointments.map(({ status }) => status)).toEqual(["cancelled", "confirmed"]);
  expect(reasons(run(cancel))).toEqual(["no-appointment"]);
});

test("what is stored as a single id removes nothing, and what is not given is not there", () => {
  const builder = (attributes: Config) => ({
    workflowData: { templates: [{ id: "out", type: "remove_from_workflow", attributes }] },
  });
  const traceOf = (attributes: Config) => simulate(builder(attributes), {}, { start, timezone: "UTC" });
  expect(reasons(traceOf({ workflow_id: "other" }))).toEqual(["bare-id", "not-enrolled"]);
  expect(
    traceOf({ workflow_id: ["other"] })
      .assumptions.map(({ text }) => text)
      .join(),
  ).toContain("Not among the simulated workflows: other");
  expect(traceOf({ workflow_id: [], includeCurrent: true }).summary.enrolments).toMatchObject([{ how: "removed" }]);
});

test("a person's work holds the run until the script says that it is done", () => {
  const steps = [
    { id: "call", type: "manual_call" },
    { id: "text", type: "sms", config: { body: "Hi" } },
  ];
  const done: readonly ScriptedEvent[] = [{ afterSeconds: 600, type: "manual" }];
  expect(run(steps).summary).toMatchObject({ stopped: "held", messagesInAll: 0 });
  expect(run(steps, {}, { events: done }).entries.find(({ kind }) => kind === "message")?.elapsedSeconds).toBe(600);
});

test("a deleted contact leaves everything and starts nothing", () => {
  const trace = run(
    [
      { id: "gone", type: "delete_contact" },
      { id: "text", type: "sms", config: { body: "Hi" } },
    ],
    {},
    { events: [{ afterSeconds: 9, type: "form" }] },
    { triggers: [{ type: "form_submission" }], allowMultiple: true },
  );
  expect(trace.summary).toMatchObject({ messagesInAll: 0, enrolments: [{ how: "deleted" }] });
  expect(trace.contact.deleted).toBe(true);
});

test("steps that only tell, charge or call are told; what is not known is said", () => {
  const steps = [
    { id: "note", type: "note", config: { body: "Hi" } },
    { id: "task", type: "task", config: { title: "Call {{contact.first_name}}" } },
    { id: "slack", type: "slack", config: {} },
    { id: "charge", type: "charge", config: { amount: 10 } },
    { id: "hook", type: "webhook", config: { url: "https://crm.example/in" } },
    { id: "gpt", type: "chatgpt", config: {} },
    { id: "format", type: "text_formatter", config: {} },
    { id: "drip", type: "drip", config: { batchSize: 10 } },
    { id: "fax", type: "acme_fax", config: {} },
  ];
  const trace = run(steps, { firstName: "Dana" });
  expect(told(trace)).toEqual([
    "The note “Add to Notes” is added to the contact.",
    "A task is made for the team: “Call Dana”.",
    "The team is told by Slack: “Send Slack Message”.",
    "“Stripe One-Time Charge” asks for money or a signature.",
    "“Webhook” sends data out of HighLevel to https://crm.example/in.",
    "“GPT - Powered by OpenAI” asks a model; what it answers is not known.",
    "“Text Formatter” runs.",
  ]);
  expect(assumedOf(trace).map(({ stepId }) => stepId)).toEqual(["drip", "fax"]);
});

test("merge fields show what the run brings, gaps and what only HighLevel knows are marked", () => {
  const body =
    "Hi {{contact.first_name}} {{contact.last_name}}, {{appointment.only_start_time}} on {{appointment.day_of_week}}, {{user.first_name}}, {{location.name}}, {{custom_values.offer}}, {first_name}, {{right_now.year}}";
  const trace = run(
    one("sms", { body }),
    { name: "Dana Reyes", appointments: [{ startTime: "2026-11-26T15:30" }], assignedTo: "Nora Lind" },
    { facts: { users: [{ id: "u", name: "Nora Lind", active: true }], customValues: { offer: "10%" } } },
  );
  expect(trace.entries.find(({ kind }) => kind === "message")?.detail).toMatchObject({
    text: "Hi Dana Reyes, 15:30 on Thursday, Nora, [location.name], 10%, {first_name}, 2026",
    unknown: ["location.name"],
  });
  const blank = run(
    one("email", { subject: '{{default contact.first_name "there"}}', body: "Hi {{contact.first_name}}" }),
  );
  expect(blank.entries.find(({ kind }) => kind === "message")?.detail).toMatchObject({
    subject: "there",
    text: "Hi [blank]",
    blanks: ["contact.first_name"],
  });
});

test("a field that is written into itself, round after round, stays bounded, and so does the trace", () => {
  const doubled = "{{contact.notes}}{{contact.notes}}";
  const trace = run(
    [
      { id: "write", type: "update_field", config: { fields: [{ field: "notes", value: doubled.repeat(50) }] } },
      { id: "value", type: "custom_value", config: { custom_value_id: "notes", new_value: doubled.repeat(50) } },
      { id: "again", type: "goto", config: { target: "write" } },
    ],
    { fields: { notes: "x".repeat(1000) } },
  );
  expect(trace.summary.stopped).toBe("loop-lock");
  expect(String(trace.contact.fields["notes"]).length).toBeLessThanOrEqual(20_000);
  expect(JSON.stringify(trace).length).toBeLessThan(300_000);
});
