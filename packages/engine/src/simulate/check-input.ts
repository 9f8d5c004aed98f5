import { checkFacts } from "../location/check-facts.ts";
import { checkShape, type Shape, type ShapeProblem } from "../shape.ts";
import type { AppointmentState, ContactState, HappeningData, InvoiceState, OpportunityState } from "./types.ts";
import { isZone, readInstant } from "./zoned-time.ts";

/** The only error besides `WorkflowFormatError` that a simulation throws: contact, start, events or options that cannot be meant. */
export class SimulationInputError extends Error {
  override readonly name = "SimulationInputError";
  /** JSON Pointers into `{contact, start, events, …}`. */
  readonly details: readonly ShapeProblem[];

  constructor(details: readonly ShapeProblem[]) {
    const [first] = details;
    super(first === undefined ? "The simulation cannot be run." : `${first.path} ${first.message}`);
    this.details = details;
  }
}

/** What a simulation takes besides the workflows, as a caller gives it. */
export interface SimulationRequest {
  readonly contact: unknown;
  readonly start: unknown;
  readonly events?: unknown;
  readonly timezone?: unknown;
  readonly facts?: unknown;
  readonly seed?: unknown;
  readonly choices?: unknown;
  readonly limits?: unknown;
}

/** Far more than a person writes; a longer script is a mistake. */
const MOST_EVENTS = 2000;
const MOST_ITEMS = 5000;
const LONGEST_TEXT = 20_000;

/** Most that a caller may raise the limits to. */
export const mostSteps = 50_000;
export const mostHorizonDays = 3700;

const text: Shape = {
  holds: (value) => typeof value === "string" && value.length <= LONGEST_TEXT,
  must: `be a text of at most ${LONGEST_TEXT} characters`,
};
const instant: Shape = {
  holds: (value) => isInRange(readInstant(value)),
  must: "be an ISO instant with a zone, such as 2026-11-24T23:40:00-06:00",
};
const zone: Shape = { holds: isZone, must: "be an IANA time zone, such as America/Chicago" };
const texts: Shape = {
  holds: (value) => isListOf(value, (item) => typeof item === "string" && item.length <= LONGEST_TEXT),
  must: `be a list of at most ${MOST_ITEMS} texts`,
};
const fieldValue: Shape = {
  holds: (value) =>
    value === null ||
    typeof value === "boolean" ||
    (typeof value === "number" && Number.isFinite(value)) ||
    (typeof value === "string" && value.length <= LONGEST_TEXT) ||
    isListOf(value, (item) => typeof item === "string"),
  must: "be a text, a number, true, false, null or a list of texts",
};
const fields: Shape = { byName: fieldValue };

const opportunity: Readonly<Record<keyof OpportunityState, Shape>> = {
  id: text,
  name: text,
  pipelineId: text,
  stageId: text,
  status: text,
  monetaryValue: "number",
  source: text,
  assignedTo: text,
  fields,
};

const appointment: Readonly<Record<keyof AppointmentState, Shape>> = {
  id: text,
  title: text,
  calendarId: text,
  status: text,
  startTime: text,
  endTime: text,
  assignedTo: text,
  meetingLocation: text,
};

const invoice: Readonly<Record<keyof InvoiceState, Shape>> = {
  id: text,
  number: text,
  name: text,
  status: text,
  dueDate: text,
  amount: "number",
};

const contact: Readonly<Record<keyof ContactState, Shape>> = {
  id: text,
  firstName: text,
  lastName: text,
  name: text,
  email: text,
  phone: text,
  companyName: text,
  address1: text,
  city: text,
  state: text,
  country: text,
  postalCode: text,
  website: text,
  source: text,
  type: text,
  dateOfBirth: text,
  timezone: zone,
  assignedTo: text,
  fields,
  tags: texts,
  dnd: {
    holds: (value) => typeof value === "boolean" || isListOf(value, (item) => typeof item === "string"),
    must: "be true, false or a list of channels",
  },
  engagementScore: "number",
  opportunities: { list: { optional: opportunity, strict: true } },
  appointments: { list: { optional: appointment, strict: true } },
  invoices: { list: { optional: invoice, strict: true } },
  pastWorkflows: texts,
};

const happening: Readonly<Record<Exclude<keyof HappeningData, "type">, Shape>> = {
  channel: text,
  body: text,
  formId: text,
  surveyId: text,
  calendarId: text,
  link: text,
  workflowId: text,
  action: text,
  status: text,
  direction: text,
  id: text,
  startTime: text,
  endTime: text,
  title: text,
  name: text,
  dueDate: text,
  amount: "number",
  pipelineId: text,
  stageId: text,
  monetaryValue: "number",
  add: texts,
  remove: texts,
  fields,
  on: "flag",
  newContact: "flag",
  data: fields,
};

const eventTime: Readonly<Record<"at" | "afterSeconds", Shape>> = {
  at: instant,
  afterSeconds: {
    holds: (value) => typeof value === "number" && value >= 0 && value <= mostHorizonDays * 86_400,
    must: "be a number of seconds from 0 on",
  },
};

const kind: Shape = {
  holds: (value) => typeof value === "string" && value !== "" && value.length <= 100,
  must: "be the kind of the event, such as reply, form or tag",
};

const request: Readonly<Record<Exclude<keyof SimulationRequest, "facts">, Shape>> = {
  contact: { optional: contact, strict: true },
  start: {
    keys: { at: instant },
    optional: { workflowId: text, trigger: { keys: { type: kind }, optional: happening, strict: true } },
    strict: true,
  },
  events: { list: { keys: { type: kind }, optional: { ...happening, ...eventTime }, strict: true } },
  timezone: zone,
  seed: { holds: Number.isSafeInteger, must: "be a whole number" },
  choices: { byName: text },
  limits: {
    optional: {
      steps: {
        holds: (value) => Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= mostSteps,
        must: `be a whole number from 1 to ${mostSteps}`,
      },
      horizonDays: {
        holds: (value) => typeof value === "number" && value > 0 && value <= mostHorizonDays,
        must: `be a number of days up to ${mostHorizonDays}`,
      },
    },
    strict: true,
  },
};

/**
 * Problems of what a caller gives to simulate, besides the workflows: `{contact, start, events?, timezone?, facts?, seed?, choices?,
 * limits?}`. None: they are `ContactState` and `SimulationOptions`.
 */
export function checkSimulation(given: SimulationRequest): readonly ShapeProblem[] {
  const { facts, ...rest } = given;
  const { contact, start, ...optional } = request;
  const problems = [...checkShape({ keys: { contact, start }, optional }, defined(rest))];
  for (const problem of eventTimes(given.start, given.events)) problems.push(problem);
  if (facts !== undefined)
    problems.push(...checkFacts(facts).map(({ path, message }) => ({ path: `/facts${path}`, message })));
  return problems.slice(0, 20);
}

/** An event stands at one time, and not before the start. */
function eventTimes(start: unknown, events: unknown): readonly ShapeProblem[] {
  if (!Array.isArray(events)) return [];
  if (events.length > MOST_EVENTS) return [{ path: "/events", message: `must be at most ${MOST_EVENTS} events` }];
  const from = readInstant(isObject(start) ? start["at"] : undefined);
  return events.flatMap((event, at) => {
    if (!isObject(event)) return [];
    const given = (event["at"] === undefined ? 0 : 1) + (event["afterSeconds"] === undefined ? 0 : 1);
    if (given !== 1) return [{ path: `/events/${at}`, message: "must say when: either at or afterSeconds" }];
    return readInstant(event["at"]) < from
      ? [{ path: `/events/${at}/at`, message: "must not lie before the start" }]
      : [];
  });
}

function defined(given: object): object {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isListOf(value: unknown, holds: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length <= MOST_ITEMS && value.every(holds);
}

/** Years in which calendars and time zones mean something. */
function isInRange(instant: number): boolean {
  return instant >= Date.UTC(1990, 0, 1) && instant <= Date.UTC(2100, 0, 1);
}
