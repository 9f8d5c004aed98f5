/** Texts as the contact reads them: merge fields filled, blanks and what nobody knows marked. */
import { meaningOf } from "../text/merge-field-lookup.ts";
import { mergeFieldsOf, replaceFields } from "../text/merge-fields.ts";
import type { Appointment } from "./contact-record.ts";
import {
  appointmentOf,
  appointmentValues,
  contactValues,
  customValue,
  invoiceOf,
  opportunityOf,
  opportunityValues,
} from "./read-values.ts";
import { plainKey, type Run, type World } from "./world.ts";
import { type Clock, type ClockReading, dayOf, readMoment, two } from "./zoned-time.ts";

export interface Filled {
  /** With `[blank]` where a field prints nothing, and `[path]` where its value is not known. */
  readonly text: string;
  /** Paths that print nothing. */
  readonly blanks: readonly string[];
  /** Paths whose value only HighLevel knows: the location's address, an answer of a model. */
  readonly unknown: readonly string[];
  /** Tokens that are printed as they stand, because they are misspelt. */
  readonly raw: readonly string[];
}

/** What stands for a field that prints nothing. */
export const BLANK = "[blank]";

/** Texts know no fallback: one is documented for emails only (platform fact F38). */
export function fill(world: World, run: Run, text: string, hasFallbacks: boolean): Filled {
  const blanks: string[] = [];
  const unknown: string[] = [];
  const raw: string[] = [];
  const written = replaceFields(text, mergeFieldsOf(text), (field) => {
    if (field.path === "" && field.fault === null) return null;
    if (field.fault !== null) {
      raw.push(text.slice(field.start, field.end));
      return null;
    }
    const value = mergeValue(world, run, field.path);
    if (value === null) {
      unknown.push(field.path);
      return `[${field.path}]`;
    }
    if (value !== "") return value;
    if (hasFallbacks && field.fallback !== null && field.fallback !== "") return field.fallback;
    blanks.push(field.path);
    return BLANK;
  });
  return { text: written, blanks, unknown, raw };
}

/** The same for values that are compared or stored: blanks are blank; "" also for what nobody knows. */
export function fillPlain(world: World, run: Run, text: string): string {
  const start = text.slice(0, LONGEST_SOURCE);
  const fields = start.includes("{{") ? mergeFieldsOf(start) : [];
  return replaceFields(start, fields, ({ path, fallback, fault }) =>
    fault !== null || path === "" ? null : mergeValue(world, run, path) || (fallback ?? ""),
  );
}

/** What is read of a text that is filled, and of one value in it: far more than anybody writes. */
const LONGEST_SOURCE = 40_000;
const LONGEST_VALUE = 2_000;

/** The value of a merge field: "" when it is blank, null when only HighLevel knows it. */
function mergeValue(world: World, run: Run, path: string): string | null {
  return readValue(world, run, path)?.slice(0, LONGEST_VALUE) ?? null;
}

function readValue(world: World, run: Run, path: string): string | null {
  const meaning = meaningOf(path);
  const name = path.slice(path.indexOf(".") + 1);
  switch (meaning.root) {
    case "contact":
      return contactValue(world, name);
    case "custom_values":
      return customValue(world, name)?.join(", ") ?? null;
    case "opportunity":
      return opportunityValues(opportunityOf(world, run.records), path, world).join(", ");
    case "appointment":
    case "servicebooking":
      return appointmentValue(world, appointmentOf(world, run.records), name, run);
    case "calendar":
      return calendarValue(world, appointmentOf(world, run.records));
    case "user":
      return userValue(world, name);
    case "right_now":
      return nowValue(world.accountClock.read(world.now()), name);
    case "invoice":
      return dataValue(run, path) ?? (invoiceOf(world, run.records) === undefined ? "" : null);
    case "trigger_link":
    case "location":
    case "location_owner":
      return null;
    default:
      if (meaning.kind === "unknown-field" || meaning.kind === "unknown-root") return dataValue(run, path) ?? "";
      return meaning.kind === "step-output" ? null : (dataValue(run, path) ?? (isBrought(meaning.root) ? "" : null));
  }
}

/** Records that only a trigger brings: without it they are blank. */
const brought = new Set([
  "message",
  "order",
  "payment",
  "task",
  "note",
  "form",
  "review",
  "call",
  "phonecall",
  "inboundwebhookrequest",
]);

function isBrought(root: string): boolean {
  return brought.has(root);
}

function dataValue(run: Run, path: string): string | undefined {
  return run.data.get(plainKey(path))?.join(", ");
}

function contactValue(world: World, name: string): string {
  if (name === "tags") return [...world.contact.tags].join(", ");
  const lowered = name.replace(/_lower_case$/, "");
  const values = contactValues(world, world.fields.ofPath(`contact.${lowered}`).key).join(", ");
  return lowered === name ? values : values.toLowerCase();
}

function userValue(world: World, name: string): string | null {
  const [owner] = contactValues(world, "contact.assignedto");
  if (owner === undefined) return "";
  const full = world.location.user(owner)?.name;
  if (full === undefined) return name === "name" ? owner : null;
  const [first = "", ...rest] = full.split(" ");
  switch (name) {
    case "name":
      return full;
    case "first_name":
      return first;
    case "last_name":
      return rest.join(" ");
    default:
      return null;
  }
}

function calendarValue(world: World, appointment: Appointment | undefined): string | null {
  if (appointment === undefined) return "";
  return world.location.calendar(appointment.calendarId ?? "")?.name ?? null;
}

function appointmentValue(world: World, appointment: Appointment | undefined, name: string, run: Run): string | null {
  if (appointment === undefined) return "";
  const clock = world.clockOf(run.place);
  switch (name) {
    case "start_time":
      return moment(appointment.startTime, world, clock, (at) => `${dayOf(at)} ${clockTime(at)}`);
    case "end_time":
      return moment(appointment.endTime, world, clock, (at) => `${dayOf(at)} ${clockTime(at)}`);
    case "start_date":
    case "only_start_date":
      return moment(appointment.startTime, world, clock, dayOf);
    case "only_start_time":
      return moment(appointment.startTime, world, clock, clockTime);
    case "only_end_date":
      return moment(appointment.endTime, world, clock, dayOf);
    case "only_end_time":
      return moment(appointment.endTime, world, clock, clockTime);
    case "day_of_week":
      return moment(appointment.startTime, world, clock, ({ weekday }) => dayNames[weekday] ?? "");
    case "timezone":
      return clock.zone;
    case "title":
    case "status":
    case "id":
      return appointmentValues(appointment, `appointment.${name}`)[0] ?? "";
    case "meeting_location":
      return appointment.meetingLocation ?? "";
    default:
      return null;
  }
}

const dayNames = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

function moment(
  given: string | undefined,
  world: World,
  clock: Clock,
  write: (reading: ClockReading) => string,
): string {
  if (given === undefined) return "";
  const instant = readMoment(given, world.accountClock);
  return Number.isNaN(instant) ? given : write(clock.read(instant));
}

function clockTime({ hour, minute }: ClockReading): string {
  return `${two(hour)}:${two(minute)}`;
}

function nowValue(reading: ClockReading, name: string): string | null {
  const half = reading.hour < 12 ? "AM" : "PM";
  const hour12 = reading.hour % 12 === 0 ? 12 : reading.hour % 12;
  switch (name) {
    case "second":
      return String(reading.second);
    case "minute":
      return two(reading.minute);
    case "hour":
      return String(reading.hour);
    case "hour_ampm":
      return String(hour12);
    case "ampm":
      return half;
    case "time":
      return clockTime(reading);
    case "time_ampm":
      return `${hour12}:${two(reading.minute)} ${half}`;
    case "day":
      return String(reading.day);
    case "day_of_week":
      return dayNames[reading.weekday] ?? "";
    case "month":
      return String(reading.month);
    case "year":
      return String(reading.year);
    case "date":
      return dayOf(reading);
    case "middle_endian_date":
      return `${two(reading.month)}/${two(reading.day)}/${reading.year}`;
    case "little_endian_date":
      return `${two(reading.day)}/${two(reading.month)}/${reading.year}`;
    default:
      return null;
  }
}
