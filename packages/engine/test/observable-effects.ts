/**
 * What can be seen in a dry run of a workflow that a rule reports, rule by rule; and for the other rules, why nothing can be seen.
 * findings-and-simulation.test.ts simulates every example of every rule and compares.
 */
import { atomsOf } from "../src/conditions/ast.ts";
import { fieldReader } from "../src/conditions/fields.ts";
import { readCondition } from "../src/conditions/read-condition.ts";
import {
  type AnalyzeOptions,
  type ContactState,
  type ScriptedEvent,
  type SimulationOptions,
  type SimulationStart,
  simulate,
  type Trace,
  type TraceEntry,
  type Workflow,
} from "../src/index.ts";
import { createLocation } from "../src/location/location.ts";
import { listOf, textOf } from "../src/model/attributes.ts";
import type { Trigger } from "../src/model/workflow.ts";
import type { LocationExample } from "../src/rules/location-rule.ts";
import type { Example } from "../src/rules/rule.ts";

export interface Observable {
  /** What happens to the contact. */
  readonly effect: string;
  /** The ways in which the contact comes in and acts. Default: once, silent. */
  readonly scripts?: (workflow: Workflow, example: Example) => readonly Script[];
  /** Does it happen in these runs? `steps`: the finding's; null for an example without a finding. */
  readonly shows: (seen: Seen) => boolean;
  /** Titles of examples that a dry run cannot tell from their opposites, each with the reason. */
  readonly apart?: Readonly<Record<string, string>>;
}

export interface Seen {
  readonly traces: readonly Trace[];
  readonly steps: ReadonlySet<string> | null;
  readonly workflow: Workflow;
  readonly example: Example;
}

export interface Script {
  readonly contact?: ContactState;
  readonly start?: Partial<SimulationStart>;
  readonly events?: readonly ScriptedEvent[];
  readonly choices?: Readonly<Record<string, string>>;
  /** Other workflows of the location. */
  readonly beside?: readonly unknown[];
}

/** A contact about whom texts and conditions find what they ask. */
export const dana = {
  firstName: "Dana",
  lastName: "Reyes",
  email: "dana@reyes.example",
  phone: "+15125550100",
  companyName: "Reyes Dental",
  address1: "1 Main Street",
  city: "Austin",
  state: "TX",
  country: "US",
  postalCode: "78701",
  timezone: "America/Chicago",
  source: "website",
  assignedTo: "Nora",
  fields: { roof_type: "flat", webinar: "2027-01-20T10:00", "attributionSource.utmTerm": "roof" },
} satisfies ContactState;

const MORNING = "2026-11-24T10:00:00-06:00";
const HOUR = 3600;
const DAY = 24 * HOUR;

/** Simulates an example once. */
export function run(
  example: Example,
  { contact = dana, start = {}, events = [], choices = {}, beside = [] }: Script,
): Trace {
  const { now, facts }: AnalyzeOptions = example.options ?? {};
  const options: SimulationOptions = {
    start: { at: now === undefined ? MORNING : `${now.slice(0, 10)}T10:00:00-06:00`, ...start },
    events,
    choices,
    timezone: "America/Chicago",
    ...(facts === undefined ? {} : { facts }),
    limits: { steps: 600, horizonDays: 120 },
  };
  return simulate(beside.length === 0 ? example.workflow : [example.workflow, ...beside], contact, options);
}

// What happened.

const some = ({ traces }: Seen, holds: (trace: Trace) => boolean) => traces.some(holds);

/** Whether the contact is taken out of a workflow, of `workflowId` where given, within a minute of coming in. */
const removedWithinAMinute = ({ entries }: Trace, workflowId?: string): boolean =>
  entries.some(
    ({ kind, detail, enrolmentId, elapsedSeconds }) =>
      kind === "exit" &&
      detail["how"] === "removed" &&
      entries.some(
        (entry) =>
          entry.kind === "enrolled" &&
          entry.enrolmentId === enrolmentId &&
          (workflowId === undefined || entry.workflowId === workflowId) &&
          elapsedSeconds - entry.elapsedSeconds < 60,
      ),
  );

/** The entries of the finding's steps; of all steps without a finding. */
const at = ({ steps }: Seen, { entries }: Trace) =>
  steps === null ? entries : entries.filter(({ stepId }) => stepId !== null && steps.has(stepId));

const has = (entries: readonly TraceEntry[], kind: TraceEntry["kind"], reason?: string) =>
  entries.some((entry) => entry.kind === kind && (reason === undefined || entry.detail["reason"] === reason));

const shows = (kind: TraceEntry["kind"], reason?: string) => (seen: Seen) =>
  some(seen, (trace) => has(at(seen, trace), kind, reason));

const messages = ({ entries }: Trace) => entries.filter(({ kind }) => kind === "message");

const assumed = ({ assumptions }: Trace, part: string) => assumptions.some(({ text }) => text.includes(part));

const enrolments = ({ entries }: Trace) => entries.filter(({ kind }) => kind === "enrolled").length;

const left = ({ entries }: Trace, how: string) =>
  entries.some(({ kind, detail }) => kind === "exit" && detail["how"] === how);

const isLooping = ({ summary }: Trace) => summary.stopped !== "done" && summary.stopped !== "held";

/** How often the step that ran most often did, by entries of a kind. */
function mostOften(trace: Trace, kind: TraceEntry["kind"]): number {
  const counts = new Map<string, number>();
  for (const entry of trace.entries)
    if (entry.kind === kind && entry.stepId !== null) counts.set(entry.stepId, (counts.get(entry.stepId) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}

/** Steps that no run came to. */
const neverRun = ({ traces, workflow }: Seen) => {
  const ran = new Set(traces.flatMap(({ entries }) => entries.map(({ stepId }) => stepId)));
  return workflow.steps.map(({ id }) => id).filter((id) => !ran.has(id));
};

/** Branches with conditions that no run took. */
const neverTaken = ({ traces, workflow, steps }: Seen) => {
  const taken = new Set(
    traces.flatMap(({ entries }) => entries.map(({ stepId, detail }) => `${stepId} ${String(detail["branch"])}`)),
  );
  return workflow.steps
    .filter(({ id }) => steps === null || steps.has(id))
    .flatMap(({ id, branches }) =>
      branches.filter(({ condition, name }) => condition !== null && !taken.has(`${id} ${name}`)),
    );
};

// How the contact comes in and acts.

/** Every way out of every decision, one after the other. */
function everyWay(workflow: Workflow): readonly Script[] {
  let ways: readonly Readonly<Record<string, string>>[] = [{}];
  for (const { id, type, branches } of workflow.steps) {
    if (branches.length === 0 || type === "wait" || ways.length > 40) continue;
    ways = branches.flatMap((branch) => ways.map((choices) => ({ ...choices, [id]: branch.id ?? branch.name })));
  }
  return ways.map((choices) => ({ choices }));
}

const inHours = (hours: number) => new Date(Date.parse(MORNING) + hours * HOUR * 1000).toISOString();

/** What makes a trigger fire: the event of its type, with what its filter asks for. */
function eventOf(trigger: Trigger, more: Partial<ScriptedEvent> = {}): ScriptedEvent {
  const wanted = (field: string) =>
    trigger.conditions.filter((row) => row.field === field).flatMap(({ value }) => listOf(value).map(textOf))[0];
  const base = { afterSeconds: 0, type: trigger.type };
  switch (trigger.type) {
    case "contact_tag":
      return { ...base, add: [wanted("tagsAdded") ?? "anything"], ...more };
    case "contact_changed":
      return { ...base, fields: { city: "Houston" }, ...more };
    case "appointment":
    case "customer_appointment":
      return {
        ...base,
        id: "mine",
        action: "booked",
        startTime: inHours(72),
        calendarId: wanted("calendar.id") ?? "c",
        status: wanted("appointment.status") ?? "confirmed",
        ...more,
      };
    case "form_submission":
    case "survey_submission":
      return { ...base, formId: wanted("form.id") ?? "f", surveyId: wanted("survey.id") ?? "s", ...more };
    case "opportunity_created":
    case "pipeline_stage_updated":
    case "opportunity_status_changed":
    case "opportunity_changed":
      return {
        ...base,
        action: "created",
        name: "New roof",
        pipelineId: wanted("opportunity.pipelineId") ?? "sales",
        stageId: "new",
        status: "open",
        monetaryValue: 3000,
        ...more,
      };
    case "trigger_link":
      return { ...base, link: wanted("link.id") ?? "l", ...more };
    case "customer_reply":
      return { ...base, channel: wanted("message.type") ?? "sms", body: "Hello", ...more };
    case "invoice":
      return { ...base, id: "mine", status: "sent", ...more };
    case "inbound_webhook":
      return { ...base, data: { "inboundWebhookRequest.user.name": "Dana" }, ...more };
    case "payment_received":
      return { ...base, data: { "order.number": "7", "invoice.number": "9" }, ...more };
    default:
      return { ...base, ...more };
  }
}

const live = ({ triggers }: Workflow) => (triggers ?? []).filter(({ active }) => active);

/** The first event that starts the workflow, and what follows; added by hand when it has no triggers. */
function starting({ afterSeconds: _, ...trigger }: ScriptedEvent, more: Script = {}): Script {
  return { ...more, start: { ...more.start, trigger } };
}

/** Each live trigger fires once, in a run of its own. */
function eachTrigger(workflow: Workflow, more: Script = {}, event: Partial<ScriptedEvent> = {}): readonly Script[] {
  const triggers = live(workflow);
  return triggers.length === 0 ? [more] : triggers.map((trigger) => starting(eventOf(trigger, event), more));
}

/** All live triggers fire, again and again, so many seconds apart. */
function again(workflow: Workflow, times: number, seconds: number, more: Script = {}): readonly Script[] {
  const [first, ...rest] = live(workflow);
  if (first === undefined) return [more];
  const events = Array.from({ length: times - 1 }, (_, at) =>
    eventOf(first, {
      afterSeconds: (at + 1) * seconds,
      ...(first.type === "contact_tag" ? { add: [`tag ${at}`] } : {}),
    }),
  );
  const others = rest.map((trigger) => eventOf(trigger, { afterSeconds: seconds }));
  return [starting(eventOf(first), { ...more, events: [...events, ...others, ...(more.events ?? [])] })];
}

const hourly = (count: number, event: Omit<ScriptedEvent, "afterSeconds">): readonly ScriptedEvent[] =>
  Array.from({ length: count }, (_, at) => ({ afterSeconds: (at + 1) * HOUR, ...event }));

/** Booked so many hours ahead; for a workflow without triggers the contact has the booking. */
function booked(
  workflow: Workflow,
  hours: number,
  more: Script = {},
  event: Partial<ScriptedEvent> = {},
): readonly Script[] {
  const startTime = inHours(hours);
  if (workflow.triggers === null)
    return [{ ...more, contact: { ...dana, appointments: [{ id: "mine", startTime, status: "confirmed" }] } }];
  return eachTrigger(workflow, more, { startTime, ...event });
}

/** Contacts whose fields hold what the conditions ask for, a little less, a little more, something else, or nothing. */
function candidates(workflow: Workflow, { options }: Example): readonly Script[] {
  const reader = fieldReader(createLocation((options as AnalyzeOptions | undefined)?.facts ?? {}));
  const values = new Map<string, Set<string>>();
  for (const { branches, attributes } of workflow.steps) {
    const conditions = [
      ...branches.map(({ condition }) => readCondition(condition, reader)),
      ...listOf((attributes["condition"] as { branches?: unknown } | undefined)?.branches).map((branch) =>
        readCondition(branch as Record<string, unknown>, reader),
      ),
    ];
    for (const atom of conditions.flatMap(atomsOf)) {
      const known = values.get(atom.field.key) ?? new Set([""]);
      values.set(atom.field.key, known);
      for (const value of atom.values) {
        const number = Number(value);
        const near = Number.isFinite(number) ? [number - 1, number, number + 1] : [value];
        for (const one of near) known.add(String(one));
      }
      const words = [...known].filter((value) => value !== "" && Number.isNaN(Number(value)) && !/[\n ]/.test(value));
      // All of them at once: a multi-select, or a text with all the words.
      if (words.length > 1) known.add(words.join(atom.field.shape === "multiple" ? "\n" : " "));
      if (atom.values.length === 0) known.add("something");
    }
  }
  let contacts: readonly ReadonlyMap<string, string>[] = [new Map()];
  for (const [key, given] of values) {
    const all = key === "contact.tags" ? powerSet([...given]) : [...given];
    contacts = contacts.flatMap((one) => all.map((value) => new Map([...one, [key, value]]))).slice(0, 400);
  }
  return contacts.map((chosen) => {
    const fields: Record<string, string | string[]> = {};
    for (const [key, value] of chosen)
      if (/^(?:contact|custom)[.:]/.test(key) && key !== "contact.tags")
        fields[key.replace(/^(?:contact\.|custom:)/, "")] = value.includes("\n") ? value.split("\n") : value;
    const money = chosen.get("opportunity.monetaryvalue") ?? "";
    return {
      contact: { fields, tags: (chosen.get("contact.tags") ?? "").split("\n") },
      start: {
        workflowId: workflow.name,
        trigger: {
          type: "opportunity",
          action: "created",
          ...(money === "" || Number.isNaN(Number(money)) ? {} : { monetaryValue: Number(money) }),
          stageId: chosen.get("opportunity.pipelinestageid") ?? "",
        },
      },
    };
  });
}

function powerSet(values: readonly string[]): readonly string[] {
  const sets = [""];
  for (const value of values.filter((one) => one !== "" && !/\s/.test(one)).slice(0, 5))
    sets.push(...sets.map((set) => `${set}\n${value}`));
  return sets;
}

// Why an example cannot be told from its opposite.

const WORDS = "whether it is a fault depends on what the words mean";
const ELSEWHERE = "the effect is there, and another rule reports it";
const MEANT = "the same happens, and here it is meant";
const UNREADABLE = "the example leaves open what the goal asks for, so no event can meet it";
const CALLER = "the caller may bring what the contact lacks here";

const nights = Array.from({ length: 24 }, (_, hour) => `2026-11-24T${String(hour).padStart(2, "0")}:00:00-06:00`);

export const observable: Readonly<Record<string, Observable>> = {
  "TIME-001": {
    effect: "the wait lets the contact through at once",
    shows: shows("ignored", "wait-without-length"),
    apart: {
      "a length from a field that may be empty": "seen with an assumption: the field is blank for this contact",
      "a wait with nothing behind it": "the wait does not wait, and nobody notices",
    },
  },
  "TIME-002": {
    effect: "the contact is held with nothing that ends the wait",
    shows: shows("wait", "no-timeout"),
    apart: { "nothing stands behind the wait": "the contact is held, and misses nothing" },
  },
  "TIME-003": {
    effect: "the contact is held for an appointment that it does not have",
    scripts: (workflow) => eachTrigger(workflow),
    shows: shows("wait", "no-anchor"),
    apart: { "a called workflow may be handed an appointment": CALLER },
  },
  "TIME-004": {
    effect: "the contact replies, and the wait does not hear it",
    scripts: (workflow) =>
      everyWay(workflow).map((way) => ({ ...way, events: hourly(3, { type: "reply", channel: "sms", body: "Yes" }) })),
    shows: shows("ignored", "not-heard"),
  },
  "TIME-005": {
    effect: "the date has passed when the contact comes",
    shows: (seen) =>
      some(seen, (trace) =>
        at(seen, trace).some(
          ({ kind, detail, at: now }) =>
            (kind === "ignored" && detail["reason"] === "date-passed") || String(detail["eventDate"] ?? "9") < now,
        ),
      ),
    apart: {
      "yesterday may still be today somewhere": "a day of room, since a clock time has no zone in the analysis",
      "without the date of the analysis nothing is known": "a dry run always has a date",
    },
  },
  "TIME-006": {
    effect: "who books half an hour ahead gets the reminders at once",
    scripts: (workflow) => everyWay(workflow).flatMap((way) => booked(workflow, 0.5, way)),
    shows: (seen) => some(seen, ({ summary }) => summary.mostInOneMinute > 1),
  },
  "TIME-007": {
    effect: "a message is held for hours, or for ever",
    scripts: (workflow) =>
      [21, 33].flatMap((hours) => booked(workflow, 48 + hours, { start: { at: "2026-11-24T13:00:00-06:00" } })),
    shows: (seen) => some(seen, ({ entries }) => has(entries, "wait", "hours") || has(entries, "wait", "no-hours")),
    apart: {
      "windows that overlap": "held for one hour, until both are open",
      "the text names the time": WORDS,
      "a text in French is not judged": WORDS,
    },
  },
  "TIME-008": {
    effect: "messages on one channel follow each other within the minutes that the rule allows",
    scripts: () => [{}],
    shows: ({ traces, example }) => {
      const rules = (example.options as AnalyzeOptions | undefined)?.rules?.["TIME-008"]?.settings;
      const minutes = Number(rules?.["minutes"] ?? 10);
      return traces.some((trace) => {
        const times = (email: boolean) =>
          messages(trace)
            .filter(({ detail }) => (detail["channel"] === "email") === email)
            .map(({ elapsedSeconds }) => elapsedSeconds);
        const texts = times(false);
        const emails = times(true);
        return (
          texts.some((time, index) => index > 0 && time - (texts[index - 1] ?? 0) < minutes * 60) ||
          emails.some((time, index) => index > 1 && time - (emails[index - 2] ?? 0) < HOUR)
        );
      });
    },
    apart: {
      "a picture that follows its text": MEANT,
      "a confirmation and its calendar link": MEANT,
      "a loop sends one text again": ELSEWHERE,
    },
  },
  "TIME-010": {
    effect: "the contact is taken out of a workflow within a minute of being handed to it",
    scripts: () => [
      {
        start: { workflowId: "Unnamed workflow" },
        beside: [
          {
            id: "nurture",
            name: "Nurture",
            status: "published",
            actions: [
              { id: "n-hold", type: "wait", config: { days: 3 } },
              { id: "n-mail", type: "email", config: { subject: "Hi", body: "Hi" } },
            ],
          },
        ],
      },
    ],
    shows: (seen) => some(seen, (trace) => removedWithinAMinute(trace, "nurture")),
    apart: { "a field that is sent on at once": "a dry run writes and reads in order; the race is not simulated" },
  },
  "LOOP-001": {
    effect: "the loop runs into the Loop Lock, by one reading or the other",
    scripts: () => [{}, { contact: { ...dana, appointments: [{ id: "a", startTime: inHours(-90) }] } }],
    shows: (seen) =>
      some(
        seen,
        (trace) => has(trace.entries, "loop-lock") || assumed(trace, "steps for this contact within 30 minutes"),
      ),
  },
  "LOOP-002": {
    effect: "no contact ever leaves, whatever it does and is",
    scripts: (workflow) => [
      ...everyWay(workflow),
      { events: hourly(60, { type: "reply", channel: "sms", body: "Yes" }) },
      { contact: { ...dana, appointments: [{ id: "a", startTime: inHours(-90) }] } },
    ],
    shows: ({ traces }) => traces.every(isLooping),
    apart: { "a goal takes contacts out": UNREADABLE },
  },
  "LOOP-003": {
    effect: "a silent contact gets message after message, to the end of the simulation",
    scripts: () => [{ contact: { ...dana, fields: { offer_ends: "2026-12-01" } } }],
    shows: (seen) => some(seen, (trace) => isLooping(trace) && messages(trace).length > 5),
    apart: { "a condition that cannot be read is not judged": "taken as not met, with a word about it" },
  },
  "LOOP-004": {
    effect: "the workflow hears what it did itself",
    scripts: (workflow) => [
      ...eachTrigger(workflow, {
        contact: { ...dana, appointments: [{ id: "mine", status: "confirmed", startTime: inHours(72) }] },
      }),
      ...eachTrigger(workflow, { contact: { ...dana, tags: ["hot"] } }, { add: ["new"] }),
    ],
    shows: (seen) => some(seen, (trace) => enrolments(trace) > 1 || has(trace.entries, "ignored", "active")),
    apart: { "re-entry is off: nobody comes in twice": "the trigger fires and takes nobody in" },
  },
  "LOOP-005": {
    effect: "who fills in the form again a month later gets the series again",
    scripts: (workflow) => again(workflow, 2, 30 * DAY, { contact: { ...dana, tags: ["welcomed"] } }),
    shows: (seen) => some(seen, (trace) => mostOften(trace, "message") > 1),
    apart: {
      "each enquiry is answered once, by one message": MEANT,
      "a reply comes again by nature": MEANT,
    },
  },
  "LOOP-006": {
    effect: "the second time nothing happens",
    scripts: (workflow) => again(workflow, 2, 30 * DAY),
    shows: (seen) => some(seen, ({ entries }) => has(entries, "ignored", "re-entry-off")),
    apart: { "a form is filled in once by most": MEANT, "first order only, by its name": MEANT },
  },
  "LOOP-007": {
    effect: "the second booking brings the same message word for word",
    scripts: (workflow) =>
      eachTrigger(workflow, {
        contact: { ...dana, tags: ["welcomed"] },
        events: live(workflow).map((trigger) =>
          eventOf(trigger, { afterSeconds: HOUR, id: "second", startTime: inHours(96), name: "Gutters" }),
        ),
      }),
    shows: (seen) =>
      some(seen, (trace) => {
        const texts = messages(trace).map(({ detail }) => String(detail["text"]));
        return new Set(texts).size < texts.length;
      }),
    apart: {
      "the second deal is skipped, as a note": "the second one brings no message at all",
      "one of two texts names it": "the other text is the same, and that does no harm",
      "a reminder hangs on its own appointment": MEANT,
      "a template is not in the document": "the text is not in the document",
      "a form starts one run per contact": MEANT,
    },
  },
  "GRAPH-001": {
    effect: "nothing happens to the contact",
    scripts: (workflow) => (live(workflow).length > 0 ? eachTrigger(workflow) : [starting({ type: "form" })]),
    shows: ({ traces }) => traces.every(({ summary }) => summary.steps === 0),
    apart: {
      "a draft may still get its trigger": "nothing starts it yet",
      "a trigger that is switched off is another fault": ELSEWHERE,
      "triggers that were not supplied are not missing": "without its triggers a form does not start it",
    },
  },
  "GRAPH-002": {
    effect: "the trigger's event happens, and nobody comes in",
    scripts: (workflow) => (workflow.triggers ?? []).map((trigger) => starting(eventOf(trigger))),
    shows: (seen) => some(seen, (trace) => enrolments(trace) === 0 && assumed(trace, "switched off")),
    apart: { "a draft is switched on by publishing": "as a draft it is off, too" },
  },
  "GRAPH-003": {
    effect: "whatever way the contact takes, the step is never run",
    scripts: (workflow) => [
      { start: { workflowId: workflow.name } },
      ...everyWay(workflow),
      ...eachTrigger(workflow),
      { contact: { ...dana, appointments: [{ id: "a", startTime: inHours(-90) }] } },
      { contact: { ...dana, appointments: [{ id: "a", startTime: inHours(90) }] } },
    ],
    shows: (seen) => {
      const missed = neverRun(seen);
      return seen.steps === null ? missed.length > 0 : missed.some((id) => seen.steps?.has(id) === true);
    },
    apart: {
      "a goal is reached by its jump": UNREADABLE,
      "parked steps are switched off": "they are not run, and that is meant",
    },
  },
  "GRAPH-004": {
    effect: "the run ends at a step that does not exist",
    scripts: (workflow) => [
      ...everyWay(workflow),
      ...eachTrigger(workflow),
      { contact: { ...dana, appointments: [{ id: "a", startTime: inHours(-90) }] } },
    ],
    shows: (seen) =>
      some(seen, ({ entries }) => entries.some(({ kind, text }) => kind === "exit" && text.includes("does not exist"))),
    apart: { "two steps carry one id": "the first of the two is run; the other one cannot be named" },
  },
  "GRAPH-005": {
    effect: "the step behind the end is never run",
    scripts: everyWay,
    shows: (seen) => {
      const missed = neverRun(seen);
      return seen.steps === null ? missed.length > 0 : missed.some((id) => seen.steps?.has(id) === true);
    },
  },
  "GRAPH-006": {
    effect: "the way ends at once",
    scripts: everyWay,
    shows: (seen) => some(seen, (trace) => left(trace, "dead-end")),
    apart: {
      "a branch that says that it ends": WORDS,
      "who has booked leaves": WORDS,
      "so does who has the client tag, in Spanish and in German": WORDS,
      "the control group of a test": WORDS,
      "an empty None is another rule's": ELSEWHERE,
      "nothing stands in any branch yet": "the ways end at once, and nobody has built them yet",
      "nobody takes a path with weight 0": "the script takes it all the same",
    },
  },
  "LOGIC-001": {
    effect: "no contact takes the branch, whatever it is",
    scripts: candidates,
    shows: (seen) =>
      neverTaken(seen).length > 0 ||
      (seen.workflow.steps[0]?.type === "wait" && seen.traces.every(({ summary }) => summary.stopped === "held")),
    apart: {
      "one alternative of several can never hold": "the branch is taken by the other alternatives",
      "a branch without conditions is not set up yet, not contradictory": "it is never taken either",
    },
  },
  "LOGIC-002": {
    effect: "no contact takes the branch, since one above it wins",
    scripts: candidates,
    shows: (seen) => neverTaken(seen).length > 0,
    apart: { "ranges cross": "only some of its contacts are taken by the branch above" },
  },
  "LOGIC-004": {
    effect: "who fits no branch is dropped",
    scripts: (workflow, example) => [
      ...candidates(workflow, example),
      { start: { workflowId: workflow.name, trigger: { type: "opportunity", action: "created" } } },
    ],
    shows: (seen) =>
      some(seen, ({ entries }) => entries.some(({ kind, text }) => kind === "exit" && text.includes("“None”"))),
    apart: {
      "a filter on a tag is meant to stop the others": MEANT,
      "an If/Else that is not set up drops nobody on purpose": MEANT,
    },
  },
  "LOGIC-005": {
    effect: "the condition finds nothing, whether or not the contact has such a record",
    scripts: (workflow) =>
      eachTrigger(workflow, {
        contact: {
          ...dana,
          opportunities: [{ id: "d", pipelineId: "sales", stageId: "new", status: "open", monetaryValue: 9 }],
          appointments: [{ id: "a", status: "confirmed", startTime: inHours(9) }],
        },
      }).concat(eachTrigger(workflow)),
    shows: (seen) =>
      some(seen, (trace) =>
        at(seen, trace).some(({ detail }) => JSON.stringify(detail["tested"] ?? "").includes('"found":[]')),
      ),
    apart: {
      "a trigger of an unknown type may bring anything": CALLER,
      "a workflow that others start may get the record from them": CALLER,
      "an earlier step creates it": "the example creates the deal without a stage",
    },
  },
  "LOGIC-006": {
    effect: "the question is asked in the second in which the message goes out",
    scripts: everyWay,
    shows: (seen) =>
      some(seen, (trace) =>
        at(seen, trace).some(
          (entry) =>
            entry.kind === "decision" &&
            messages(trace).some(
              (message) =>
                message.elapsedSeconds === entry.elapsedSeconds &&
                trace.entries.indexOf(message) < trace.entries.indexOf(entry),
            ),
        ),
      ),
    apart: {
      "a tag can be asked for at any time": MEANT,
      "the appointment's status sorts, it does not wait for anything": MEANT,
      "the reply to an earlier message is judged": "it asks about the earlier message, not about the last one",
      "the reply is what started the workflow": "it asks about the reply that came first",
    },
  },
  "LOGIC-009": {
    effect: "who has not met the goal is thanked or held; of two goals one works",
    scripts: () => [{ events: [{ afterSeconds: 60, type: "tag", add: ["other"] }] }],
    shows: (seen) =>
      some(
        seen,
        (trace) =>
          trace.entries.some(
            ({ kind, detail }, index) =>
              kind === "goal" &&
              detail["met"] === false &&
              (String(detail["policy"]) === "wait" ||
                trace.entries.slice(index).some((entry) => entry.kind === "message")),
          ) || assumed(trace, "goals, and only one works"),
      ),
    apart: {
      "the chase stands behind the goal": UNREADABLE,
      "two goals": "which of them works is not known, and without conditions neither can be met",
      "held, with more to come": MEANT,
    },
  },
  "COMP-001": {
    effect: "a text goes out at night",
    scripts: (workflow, example) =>
      nights.flatMap((at) => eachTrigger(workflow, { start: { at }, contact: inAnotherZone(example) })),
    shows: (seen) => some(seen, ({ summary }) => summary.atNight > 0),
    apart: {
      "eight in the evening is too late for the strict profile": "the trace goes by the standard hours",
      "a window that cannot be read is not judged": "taken as no window at all",
    },
  },
  "COMP-003": {
    effect: "who asks to be left alone gets a message",
    scripts: (workflow) => {
      const wish = { type: "reply", channel: "sms", body: "Please remove me, stop texting" };
      const replies = live(workflow).some(({ type }) => type === "customer_reply");
      return replies ? [starting(wish)] : eachTrigger(workflow, { events: [{ afterSeconds: HOUR, ...wish }] });
    },
    shows: (seen) =>
      some(seen, (trace) => {
        const asked = trace.entries.findIndex(({ text }) => text.includes("Please remove me"));
        return trace.entries.slice(asked).some(({ kind }) => kind === "message");
      }),
  },
  "COMP-009": {
    effect: "messages go on after the contact has replied",
    scripts: () => [{ events: [{ afterSeconds: HOUR / 2, type: "reply", channel: "sms", body: "Yes" }] }],
    shows: (seen) =>
      some(seen, (trace) => {
        const times = messages(trace).map(({ elapsedSeconds }) => elapsedSeconds);
        return times.some((time) => time < HOUR / 2) && times.some((time) => time > HOUR / 2);
      }),
    apart: {
      "two messages on one afternoon": "too few of them to be a chase",
      "it waits for the reply": "the message answers the reply",
      "a reminder before an appointment is not a chase": MEANT,
      "the document does not say": "taken as off, with a word about it",
    },
  },
  "COMP-011": {
    effect: "WhatsApp refuses the message",
    scripts: (workflow) => {
      const writes = { type: "reply", channel: "WhatsApp", body: "Hello" };
      const name = workflow.name;
      return [
        ...eachTrigger(
          workflow,
          {},
          live(workflow).some(({ conditions }) => conditions.length > 0) ? { channel: "WhatsApp" } : {},
        ),
        ...(workflow.steps.some(({ type }) => type === "whatsapp_24h_window")
          ? [{ start: { workflowId: name, trigger: writes } }]
          : []),
      ];
    },
    shows: shows("suppressed", "whatsapp-window"),
  },
  "COMP-012": {
    effect: "the answer that the text asks for switches texts off",
    scripts: (workflow) => {
      const body = String(workflow.steps[0]?.attributes["body"] ?? "");
      const words = [...body.matchAll(/(?:reply|text|responde|mit|or)\s+[“"]?([A-Za-z]+)/gi)].map(
        ([, word]) => word ?? "",
      );
      return words.map((word) => ({
        events: [{ afterSeconds: HOUR, type: "reply", channel: "sms", body: word.toUpperCase() }],
      }));
    },
    shows: (seen) => some(seen, ({ entries }) => has(entries, "dnd")),
    apart: {
      "a genuine opt-out line": MEANT,
      "the carriers' own wording": MEANT,
      "END to stop the messages": MEANT,
    },
  },
  "COMP-013": {
    effect: "the window lets a text out at night",
    scripts: (_, example) => nights.map((at) => ({ start: { at }, contact: inAnotherZone(example) })),
    shows: (seen) => some(seen, ({ summary }) => summary.atNight > 0),
    apart: {
      "nine in the evening is too late for the strict profile": "the trace goes by the standard hours",
      "a window that cannot be read is not judged": "taken as no window at all",
      "no window at all is another rule's": ELSEWHERE,
    },
  },
  "CONT-001": {
    effect: "the message has a gap, although everything is known of the contact",
    shows: (seen) => some(seen, (trace) => messages(trace).some(({ detail }) => detail["blanks"] !== undefined)),
    apart: { "an invoice field that the list may lack": "there is no invoice in this run" },
  },
  "CONT-002": {
    effect: "the message shows raw code",
    shows: (seen) =>
      some(seen, (trace) => messages(trace).some(({ detail }) => detail["printedAsTheyStand"] !== undefined)),
    apart: { "in a notification to the team": "what the team reads is not shown" },
  },
  "CONT-003": {
    effect: "the message has a gap, since the run brings no such record",
    scripts: (workflow) => eachTrigger(workflow),
    shows: (seen) =>
      some(
        seen,
        (trace) =>
          messages(trace).some(({ detail }) => detail["blanks"] !== undefined) ||
          has(trace.entries, "ignored", "blank-write"),
      ),
    apart: {
      "a trigger that the engine does not know may bring anything": CALLER,
      "a step creates the deal first": "the example creates the deal without a name",
      "a called workflow may be passed it": CALLER,
    },
  },
  "CONT-004": {
    effect: "the greeting has a gap for a contact without a name",
    scripts: (workflow) => {
      const nameless = { phone: dana.phone, email: dana.email, timezone: dana.timezone };
      return everyContact([nameless, { ...nameless, city: "Rome" }], workflow);
    },
    shows: (seen) =>
      some(seen, (trace) =>
        messages(trace).some(({ detail }) =>
          listOf(detail["blanks"]).some((path) => String(path).startsWith("contact.")),
        ),
      ),
    apart: {
      "the name in the middle of a sentence": WORDS,
      "a fallback in a text is another rule's": ELSEWHERE,
      "in French it is not known what greets": WORDS,
    },
  },
  "CONT-008": {
    effect: "the contact gets the same words twice",
    scripts: everyWay,
    shows: (seen) =>
      some(seen, (trace) => {
        const texts = messages(trace).map(({ detail }) =>
          `${String(detail["channel"])} ${String(detail["text"])}`.toLowerCase().replace(/[^a-z0-9]+/g, " "),
        );
        return new Set(texts).size < texts.length;
      }),
    apart: {
      "both paths of a split test": "a contact takes one of the paths",
      "a loop sends one step again: other rules' matter": ELSEWHERE,
      "a short confirmation": MEANT,
    },
  },
  "CONT-011": {
    effect: "the text has a gap where the fallback should stand",
    scripts: () => [{ contact: { phone: dana.phone, email: dana.email } }],
    shows: (seen) => some(seen, (trace) => messages(trace).some(({ detail }) => detail["blanks"] !== undefined)),
    apart: {
      "a plain field": ELSEWHERE,
    },
  },
  "DATA-005": {
    effect: "everybody's value becomes this contact's",
    shows: (seen) => some(seen, (trace) => at(seen, trace).some(({ detail }) => detail["customValue"] !== undefined)),
    apart: {
      "a schedule that runs without a contact sets the week's offer": MEANT,
      "a counter of the account counts itself": MEANT,
      "an account setting, written for whoever reads it elsewhere": MEANT,
      "another custom value is read": "the value is written for everybody, and nobody reads it here",
    },
  },
  "DATA-006": {
    effect: "the write changes nothing",
    shows: shows("ignored", "blank-write"),
    apart: {
      "a new contact may lack a value": MEANT,
    },
  },
  "DATA-007": {
    effect: "the step does nothing, since no deal belongs to the run",
    scripts: (workflow) => eachTrigger(workflow),
    shows: shows("ignored", "no-deal"),
    apart: {
      "a called workflow may get the opportunity from its caller": CALLER,
    },
  },
  "DATA-009": {
    effect: "the contact has two deals",
    scripts: (workflow) => again(workflow, 2, 10 * DAY, { contact: { ...dana, tags: ["deal open"] } }),
    shows: (seen) => some(seen, ({ contact }) => contact.opportunities.length > 1),
    apart: {
      "nothing is known of re-entry": "taken as on, with a word about it",
      "one deal per order": MEANT,
    },
  },
  "DATA-010": {
    effect: "another appointment is changed than the one that it is about",
    scripts: (workflow) =>
      eachTrigger(workflow, {
        contact: { ...dana, appointments: [{ id: "other", status: "confirmed", startTime: inHours(900) }] },
      }),
    shows: (seen) =>
      some(seen, (trace) =>
        trace.entries.some(
          ({ kind, stepId, detail }) => kind === "appointment" && stepId !== null && detail["id"] === "other",
        ),
      ),
    apart: {
      "a called workflow may get the appointment from its caller": CALLER,
    },
  },
  "DATA-011": {
    effect: "nobody is told, or the text has a gap for the owner",
    scripts: (workflow) => eachTrigger(workflow, { contact: { phone: dana.phone } }),
    shows: (seen) =>
      some(
        seen,
        (trace) =>
          has(trace.entries, "ignored", "no-owner") ||
          messages(trace).some(({ detail }) =>
            listOf(detail["blanks"]).some((path) => String(path).startsWith("user.")),
          ),
      ),
    apart: { "a known contact replied, who may have an owner": "this contact has none" },
  },
  "DATA-015": {
    effect: "a phone number without its country is stored",
    scripts: (workflow) => eachTrigger(workflow, {}, { data: { "inboundWebhookRequest.phone": "030 1234567" } }),
    shows: (seen) =>
      some(seen, ({ entries }) =>
        entries.some(
          ({ kind, stepId, detail }) =>
            kind === "field" &&
            stepId !== null &&
            ["phone", "EXAMPLEFIELD00000001"].includes(String(detail["field"])) &&
            !String(detail["value"]).startsWith("+"),
        ),
      ),
  },
  "BOOK-001": {
    effect: "the message goes out for every status",
    scripts: (_workflow) =>
      ["new", "confirmed", "cancelled", "showed", "noshow"].map((status) =>
        starting({
          type: "appointment",
          id: "mine",
          action: "booked",
          startTime: inHours(-1),
          status,
          calendarId: "c",
        }),
      ),
    shows: ({ traces }) => traces.every((trace) => messages(trace).length > 0),
    apart: {
      "a text that fits every status": WORDS,
      "a text in French is not judged": WORDS,
      "two hours after the appointment": "what is said then is true for most",
    },
  },
  "BOOK-002": {
    effect: "a cancelled appointment is reminded of",
    scripts: (workflow) =>
      [1, 60].flatMap((hours) =>
        booked(workflow, 72, {
          events: [{ afterSeconds: hours * HOUR, type: "appointment", id: "mine", action: "cancelled" }],
        }),
      ),
    shows: (seen) =>
      some(seen, ({ entries }) => {
        const cancelled = entries.findIndex(({ text }) => text.includes("“cancelled”"));
        return cancelled >= 0 && entries.slice(cancelled).some(({ kind }) => kind === "message");
      }),
    apart: { "a goal takes them out": UNREADABLE, "a webinar date is no appointment": "the webinar takes place" },
  },
  "BOOK-003": {
    effect: "who books ten days ahead is reminded days too early",
    scripts: (workflow) => booked(workflow, 240),
    shows: (seen) => some(seen, (trace) => messages(trace).some(({ elapsedSeconds }) => elapsedSeconds < 190 * HOUR)),
    apart: {
      "the time is named": WORDS,
      "said at once, about something else": WORDS,
      "relative to the booking, not to the visit": WORDS,
      "a text in French is not judged": WORDS,
      "no appointment starts it": "there is no visit that it could be about",
    },
  },
  "BOOK-004": {
    effect: "even for an early booking the second reminder is over when the first has gone out",
    scripts: (workflow) => booked(workflow, 240),
    shows: (seen) => some(seen, ({ entries }) => has(entries, "ignored", "date-passed")),
    apart: {
      "a new event date in between": "the appointment of the contact goes before the date that is set",
      "back to the first reminder for the next appointment": "the next appointment is not in the script",
    },
  },
  "BOOK-005": {
    effect: "who has an appointment ahead is told that it was missed",
    scripts: (workflow) => booked(workflow, 72),
    shows: (seen) => some(seen, (trace) => messages(trace).some(({ elapsedSeconds }) => elapsedSeconds < 72 * HOUR)),
    apart: {
      "a text in French is not judged": WORDS,
      "an old customer who is missed": WORDS,
      "contacts that your team puts in by hand": "the team knows who was missed",
      "a filter on no-show": "a no-show has no appointment ahead",
      "also when it is spelt with a blank": "a no-show has no appointment ahead",
    },
  },
  "BOOK-009": {
    effect: "a call that was answered is apologised for",
    scripts: () => [starting({ type: "call", status: "completed", direction: "inbound" })],
    shows: (seen) => some(seen, (trace) => messages(trace).length > 0),
    apart: { "a text that fits answered calls": WORDS, "a text in French is not judged": WORDS },
  },
  "XWF-005": {
    effect: "the contact loses the invoice reminders that it needs",
    scripts: (workflow) =>
      live(workflow).map((trigger) => ({
        start: { trigger: { type: "invoice", status: "sent" } },
        events: [eventOf(trigger, { afterSeconds: DAY, data: { "mailgun.event": "unsubscribed" } })],
        beside: [
          {
            id: "invoices",
            name: "Invoice reminders",
            status: "published",
            triggers: [{ type: "invoice" }],
            actions: [
              { id: "i-hold", type: "wait", config: { days: 5 } },
              { id: "i-mail", type: "email", config: { subject: "Your invoice", body: "Hi" } },
            ],
          },
        ],
      })),
    shows: (seen) => some(seen, (trace) => left(trace, "removed") && messages(trace).length === 0),
    apart: {
      "a tag that says do not contact": MEANT,
      "the trigger for DND": MEANT,
      "a workflow that is called kill switch": MEANT,
      "an unsubscribe by email": MEANT,
      "DND is set as well: an opt-out": MEANT,
      "a payment is a clear sign": MEANT,
    },
  },
  "XWF-008": {
    effect: "the contact does what was asked, and is asked again",
    scripts: () => [
      {
        events: [
          { afterSeconds: DAY, type: "appointment", action: "booked", startTime: inHours(240) },
          { afterSeconds: DAY, type: "payment", amount: 100 },
          { afterSeconds: DAY, type: "tag", add: ["booked"] },
        ],
      },
    ],
    shows: (seen) => some(seen, (trace) => messages(trace).some(({ elapsedSeconds }) => elapsedSeconds > DAY)),
    apart: {
      "a goal takes them out": UNREADABLE,
      "asked once": WORDS,
      "what it is for cannot be told": WORDS,
      "texts in French are not judged": WORDS,
    },
  },
  "XWF-010": {
    effect: "whatever the event is about, the contact gets the message",
    scripts: (workflow) =>
      (workflow.triggers ?? []).map((trigger) =>
        starting({ ...eventOf(trigger), type: trigger.type, channel: "facebook", body: "yes", add: ["anything"] }),
      ),
    shows: (seen) => some(seen, (trace) => messages(trace).length > 0 || has(trace.entries, "ignored", "no-field")),
    apart: { "a form is its own filter": MEANT },
  },
  "XWF-011": {
    effect: "a booking by the team starts nothing",
    scripts: () => [
      starting({
        type: "appointment",
        action: "booked",
        channel: "staff",
        startTime: inHours(72),
        status: "confirmed",
      }),
    ],
    shows: ({ traces }) => traces.every((trace) => enrolments(trace) === 0),
    apart: {
      "an opened email as a sign of interest": "whether a person or a machine opened it is not in a script",
      "a trigger on opened emails": "whether a person or a machine opened it is not in a script",
      "a tag needs no staff booking": MEANT,
      "opened or clicked": "no booking starts it",
      clicked: "no booking starts it",
    },
  },
  "INTG-008": {
    effect: "the charge or call happens twice",
    scripts: (workflow) => again(workflow, 1, DAY, { contact: { ...dana, tags: ["charged"] } }),
    shows: (seen) => some(seen, (trace) => mostOften(trace, "outbound") > 1),
    apart: {
      "billed by the month": MEANT,
      "a call that only asks": MEANT,
      "a call with an idempotency key": "the other system tells them apart",
    },
  },
  "AI-002": {
    effect: "six replies bring six answers",
    scripts: (workflow) =>
      again(workflow, 6, HOUR, { contact: { ...dana, tags: ["bot done"], fields: { bot_answers: "9" } } }),
    shows: (seen) => some(seen, (trace) => messages(trace).length >= 6),
    apart: {
      "a condition on the text of the reply is no cap": "the replies of the script ask for something else",
      "a reply without a model": MEANT,
    },
  },
  "LIFE-001": {
    effect: "the first message comes later than a new lead should wait",
    scripts: (workflow) => eachTrigger(workflow),
    shows: ({ traces, example }) => {
      const settings = (example.options as AnalyzeOptions | undefined)?.rules?.["LIFE-001"]?.settings;
      const minutes = Number(settings?.["minutes"] ?? 5);
      return traces.some((trace) => (messages(trace)[0]?.elapsedSeconds ?? 0) > minutes * 60);
    },
    apart: { "a tag is no new lead": MEANT },
  },
  "LIFE-008": {
    effect: "two replies within the hour bring two alerts",
    scripts: (workflow) => again(workflow, 2, HOUR, { contact: { ...dana, tags: ["in talk"] } }),
    shows: (seen) => some(seen, (trace) => mostOften(trace, "internal") > 1),
    apart: { "a form is no reply": MEANT },
  },
  "COST-001": {
    effect: "the billed step runs again and again",
    scripts: (workflow) => again(workflow, 6, HOUR),
    shows: (seen) => some(seen, (trace) => mostOften(trace, "outbound") >= 5),
    apart: {
      "behind a public form, once per contact: for the strict profile":
        "once for this contact, and for each that comes",
      "a payment is no open door": MEANT,
      "the standard webhook costs nothing": MEANT,
    },
  },
};

/** Where the location's contacts live in several zones, this one lives far from the account. */
function inAnotherZone({ options }: Example): ContactState {
  const zones = (options as AnalyzeOptions | undefined)?.facts?.timezones ?? [];
  return { ...dana, timezone: zones.length > 1 ? "America/Los_Angeles" : "America/Chicago" };
}

function everyContact(contacts: readonly ContactState[], workflow: Workflow): readonly Script[] {
  return contacts.flatMap((contact) => eachTrigger(workflow, { contact }));
}

const UNSEEN = {
  words: "it is about what a text says, not about what happens",
  model: "what a model answers is not known",
  outside: "it happens outside HighLevel, where a dry run does not go",
  others: "it shows over many contacts; a dry run has one",
  upkeep: "it is about upkeep: the contact notices nothing",
  facts: "it is about what the location has; a dry run takes the documents at their word",
  law: "whether it is allowed does not show in what happens",
  policy: "it is about what you ask of the workflow, not about what it does",
  record: "what is missing is a trace for the team; nothing happens",
} as const;

/** Why nothing of these rules can be seen in a dry run. */
export const unobservable: Readonly<Record<string, string>> = {
  "AI-001": UNSEEN.model,
  "AI-003": UNSEEN.model,
  "AI-004": "which way a model takes is not known; the trace says which one it was given",
  "AI-005": UNSEEN.model,
  "AI-006": UNSEEN.model,
  "AI-007": UNSEEN.model,
  "AI-008": UNSEEN.model,
  "AI-009": UNSEEN.law,
  "BOOK-006": UNSEEN.words,
  "BOOK-007": UNSEEN.words,
  "BOOK-008": UNSEEN.facts,
  "COMP-002": UNSEEN.words,
  "COMP-004": "whether the contact wished it is not known",
  "COMP-005": UNSEEN.words,
  "COMP-006": UNSEEN.words,
  "COMP-007": UNSEEN.words,
  "COMP-008": "whether the contact agreed is not known",
  "COMP-010": "how long a call rings and who picks up is not simulated: a call takes no time",
  "CONT-005": UNSEEN.words,
  "CONT-006": "what a text costs is not simulated",
  "CONT-007": UNSEEN.outside,
  "CONT-009": UNSEEN.outside,
  "CONT-010": UNSEEN.facts,
  "CONT-012": UNSEEN.words,
  "CONT-013": UNSEEN.words,
  "CONT-014": UNSEEN.words,
  "COST-002": UNSEEN.others,
  "COST-003": "it is about a cheaper step that does the same",
  "DATA-001": UNSEEN.facts,
  "DATA-004": "both writes are seen, and whether the first one was meant to last is not",
  "DATA-008": "some of it depends on the location's stages, which only facts tell; steps.test.ts shows the rest",
  "DATA-012": UNSEEN.others,
  "DATA-014": UNSEEN.facts,
  "GRAPH-007": "each missing setting has an effect of its own, or none; steps.test.ts shows those that have",
  "INTG-001": UNSEEN.law,
  "INTG-002": UNSEEN.outside,
  "INTG-003": UNSEEN.outside,
  "INTG-004": UNSEEN.outside,
  "INTG-005": UNSEEN.outside,
  "INTG-006": "a dry run always has a contact",
  "INTG-007": UNSEEN.law,
  "INTG-009": UNSEEN.facts,
  "INTG-010": UNSEEN.facts,
  "LIFE-002": "whether a payment succeeded is a matter of what the words of the trigger's filter mean",
  "LIFE-003": "what a purchase gave the contact is not simulated",
  "LIFE-004": "how the contact feels meanwhile is not in a script",
  "LIFE-007": UNSEEN.record,
  "LIFE-009": UNSEEN.policy,
  "LIFE-010": UNSEEN.policy,
  "LOGIC-003": "one run takes one way; that all would take the same does not show in it",
  "LOGIC-007": "what the contact bought meanwhile is not in a script",
  "LOGIC-008": UNSEEN.facts,
  "MAINT-001": UNSEEN.upkeep,
  "MAINT-002": UNSEEN.upkeep,
  "MAINT-003": UNSEEN.upkeep,
  "MAINT-004": UNSEEN.upkeep,
  "MAINT-005": UNSEEN.facts,
  "MAINT-006": UNSEEN.upkeep,
  "MAINT-007": UNSEEN.upkeep,
  "MAINT-008": UNSEEN.others,
  "OBS-001": UNSEEN.record,
  "OBS-003": UNSEEN.record,
  "PERF-001": UNSEEN.others,
  "PERF-002": UNSEEN.others,
  "PERF-003": UNSEEN.upkeep,
  "PERF-004": UNSEEN.outside,
  "TIME-009": "both clocks are used as they are set; which of them was meant is not known",
  "XWF-009": UNSEEN.facts,
};

/** The same for the rules over a location, whose examples are several workflows. */
export interface ObservableTogether {
  readonly effect: string;
  readonly scripts: (workflows: readonly Workflow[]) => readonly Script[];
  readonly shows: (traces: readonly Trace[]) => boolean;
  readonly apart?: Readonly<Record<string, string>>;
}

/** Simulates the example of a location once. */
export function runTogether(
  { workflows, options }: LocationExample,
  { contact = dana, start = {}, events = [] }: Script,
) {
  const { facts }: AnalyzeOptions = options ?? {};
  return simulate({ workflows }, contact, {
    start: { at: MORNING, ...start },
    events,
    timezone: "America/Chicago",
    ...(facts === undefined ? {} : { facts }),
    limits: { steps: 600, horizonDays: 60 },
  });
}

const liveOf = (workflows: readonly Workflow[]) => workflows.flatMap(live);

/** A form that a new contact fills in, with the deal that comes of it; else what the first trigger listens to. */
function arriving(workflows: readonly Workflow[], later: readonly ScriptedEvent[] = []): readonly Script[] {
  const triggers = liveOf(workflows);
  const form = triggers.find(({ type }) => type === "form_submission");
  const first = form ?? triggers[0];
  if (first === undefined) return [];
  const deal = triggers.find(({ type }) => type === "opportunity_created");
  const events = deal === undefined ? later : [eventOf(deal), ...later];
  return [starting(eventOf(first, form === undefined ? {} : { newContact: true }), { events })];
}

const enrolledIn = ({ entries }: Trace) =>
  entries.filter(({ kind }) => kind === "enrolled").map(({ workflowId }) => workflowId);

export const observableTogether: Readonly<Record<string, ObservableTogether>> = {
  "XWF-001": {
    effect: "a workflow starts again, although only one thing happened from outside",
    scripts: (workflows) => [
      ...liveOf(workflows).map((trigger) => starting(eventOf(trigger))),
      ...workflows.map(({ id }) => ({ start: { workflowId: id ?? "" } })),
    ],
    shows: (traces) =>
      traces.some((trace) => {
        const entered = enrolledIn(trace);
        return new Set(entered).size < entered.length || has(trace.entries, "ignored", "re-entry-off");
      }),
    apart: {
      "three workflows, by a tag, a field and a stage":
        "the step names a stage without its pipeline, which moves nothing",
      "by a webhook of the location itself": "what a webhook brings about is not simulated",
      "one workflow that starts itself is another rule's": ELSEWHERE,
    },
  },
  "XWF-002": {
    effect: "two workflows text the contact within minutes",
    scripts: (workflows) => arriving(workflows),
    shows: (traces) =>
      traces.some((trace) => {
        const texts = messages(trace).filter(({ detail }) => detail["channel"] === "sms");
        return texts.some(({ workflowId, elapsedSeconds }) =>
          texts.some(
            (other) =>
              other.workflowId !== workflowId &&
              other.elapsedSeconds - elapsedSeconds <= 600 &&
              other.elapsedSeconds >= elapsedSeconds,
          ),
        );
      }),
  },
  "XWF-003": {
    effect: "the contact is taken out of a workflow within a minute of coming in",
    scripts: (workflows) => arriving(workflows),
    shows: (traces) => traces.some((trace) => removedWithinAMinute(trace)),
  },
  "XWF-004": {
    effect: "the hand-over brings the contact nowhere",
    scripts: (workflows) =>
      arriving(
        workflows,
        liveOf(workflows).map((trigger) => eventOf(trigger, { afterSeconds: 10 * DAY })),
      ),
    shows: (traces) =>
      traces.some(({ entries }) =>
        entries.some(
          ({ kind, detail }) =>
            kind === "ignored" &&
            (detail["reason"] === "not-given" || String(detail["because"]).endsWith("adds the contact")),
        ),
      ),
    apart: {
      "a workflow that the location has, but that was not given": "what was not given is not there in a dry run",
    },
  },
  "XWF-006": {
    effect: "behind the hand-over the text has a gap, or the condition finds nothing",
    scripts: (workflows) => arriving(workflows),
    shows: (traces) =>
      traces.some(
        (trace) =>
          messages(trace).some(({ detail }) => detail["blanks"] !== undefined) || assumed(trace, "cannot be told"),
      ),
    apart: {
      "the workflow has a trigger of its own that brings it":
        "by its own trigger it has the appointment, by the hand-over not",
      "it finds the deal itself": "the example creates the deal without a name",
    },
  },
  "XWF-007": {
    effect: "two workflows write the same field in one second, and the later one stays",
    scripts: (workflows) =>
      arriving(workflows).map((script) => ({ ...script, contact: { ...dana, source: "a friend" } })),
    shows: (traces) =>
      traces.some(({ entries }) => {
        const writes = entries.filter(({ kind, stepId }) => kind === "field" && stepId !== null);
        const plain = (field: unknown) => String(field).replace(/^contact\./, "");
        return writes.some((one) =>
          writes.some(
            (other) =>
              other.workflowId !== one.workflowId &&
              other.elapsedSeconds === one.elapsedSeconds &&
              plain(other.detail["field"]) === plain(one.detail["field"]),
          ),
        );
      }),
    apart: { "two stages": "the steps name stages without their pipeline, which moves nothing" },
  },
};

/** Why nothing of these rules over a location can be seen in a dry run. */
export const unobservableTogether: Readonly<Record<string, string>> = {
  "COMP-014": "that nobody reacts does not show in what happens",
  "DATA-002": UNSEEN.upkeep,
  "DATA-003": UNSEEN.upkeep,
  "DATA-013": UNSEEN.upkeep,
  "LIFE-005": "that a customer has left is not in a script",
  "LIFE-006": UNSEEN.others,
  "OBS-002": "it is about who is told, and whether that person is there",
};
