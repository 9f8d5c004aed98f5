/** How long steps hold a run. Kinds and fields: docs/WORKFLOW_FORMATS.md; platform facts F10, F11, F14. */
import { isRecord, numberOf, recordOf, textOf } from "./attributes.ts";
import type { Attributes, Step } from "./workflow.ts";

export type WaitKind =
  /** A set length of time. */
  | "time"
  /** Until the contact or a user does something; may have a timeout. */
  | "event"
  /** Until a date, or a time before or after an appointment, booking or due date. */
  | "date"
  /** A kind the engine does not know: it may pause, and nothing more is claimed. */
  | "unknown";

export interface WaitTiming {
  readonly kind: WaitKind;
  /** Least seconds the step holds a run: the set length for a time wait, else 0. */
  readonly leastSeconds: number;
  /** Seconds after which an event wait gives up; null when it has no timeout, or one of unreadable length. */
  readonly timeoutSeconds: number | null;
  /** An event wait gives up at some time: the timeout is switched on. */
  readonly timesOut: boolean;
  /** False only for a time wait that holds nobody (F14). */
  readonly pauses: boolean;
}

const kinds: ReadonlyMap<string, WaitKind> = new Map<string, WaitKind>([
  ["time", "time"],
  ["reply", "event"],
  ["contact_reply", "event"],
  ["condition", "event"],
  ["email_event", "event"],
  ["link_clicked", "event"],
  ["trigger_link", "event"],
  ["user_reply", "event"],
  ["user_replied", "event"],
  ["contact_action", "event"],
  ["appointment", "date"],
  ["service_booking", "date"],
  ["overdue", "date"],
  ["specific_date", "date"],
  ["event_start_date", "date"],
  ["event_time", "date"],
  ["recurring", "date"],
  ["recurring_schedule", "date"],
]);

export function waitKind(step: Step): WaitKind {
  return kinds.get(textOf(step.attributes["type"])) ?? "unknown";
}

const unitSeconds: ReadonlyMap<string, number> = new Map([
  ["second", 1],
  ["seconds", 1],
  ["minute", 60],
  ["minutes", 60],
  ["hour", 3600],
  ["hours", 3600],
  ["day", 86_400],
  ["days", 86_400],
  ["week", 604_800],
  ["weeks", 604_800],
  ["month", 2_592_000],
  ["months", 2_592_000],
]);

/** Seconds of `{type, value}`; null when value or unit is missing, unreadable or negative. */
export function durationSeconds(value: unknown): number | null {
  if (!isRecord(value)) return null;
  const unit = unitSeconds.get(textOf(value["type"]).toLowerCase());
  const amount = numberOf(value["value"]);
  return unit === undefined || Number.isNaN(amount) || amount < 0 ? null : amount * unit;
}

export function readWait(step: Step): WaitTiming {
  const { attributes } = step;
  const kind = waitKind(step);
  const seconds = durationSeconds(attributes["startAfter"]);
  switch (kind) {
    case "time":
      // A length taken from a field is unknown, but it is one (TIME-001 looks at its guard).
      return seconds === null && isDynamic(attributes)
        ? { kind, leastSeconds: 0, timeoutSeconds: null, timesOut: false, pauses: true }
        : { kind, leastSeconds: seconds ?? 0, timeoutSeconds: null, timesOut: false, pauses: (seconds ?? 0) > 0 };
    case "event":
      return { kind, leastSeconds: 0, timeoutSeconds: seconds, timesOut: hasTimeout(step), pauses: true };
    default:
      return { kind, leastSeconds: 0, timeoutSeconds: null, timesOut: false, pauses: true };
  }
}

/** Where a date wait ends, seen from its event: 2 hours before the appointment. null: not given, or not readable. */
export interface EventOffset {
  readonly when: "before" | "after" | null;
  readonly seconds: number | null;
}

export function eventOffset({ attributes }: Step): EventOffset {
  const given = recordOf(attributes["appointmentStartAfter"]);
  const when = given["when"];
  return { when: when === "before" || when === "after" ? when : null, seconds: durationSeconds(given) };
}

/** A length that comes from a merge field: `{{contact.days_to_wait}}`. */
export function isDynamic(attributes: Attributes): boolean {
  const value = recordOf(attributes["startAfter"])["value"];
  return typeof value === "string" && value.includes("{{");
}

/** The timeout is a switch in the builder: on, it leaves a timeout branch or at least a length in `startAfter`. */
function hasTimeout(step: Step): boolean {
  if (step.branches.some((branch) => branch.kind === "timeout")) return true;
  return step.branches.length === 0 && durationSeconds(step.attributes["startAfter"]) !== null;
}

/** Can a pause hold a run for a time that nobody knows beforehand (an event, a date, a person, a drip)? null: not a Wait step. */
export function holdsOpenEnded(timing: WaitTiming | null): boolean {
  if (timing === null) return true;
  return timing.kind === "time" ? timing.pauses && timing.leastSeconds === 0 : true;
}
