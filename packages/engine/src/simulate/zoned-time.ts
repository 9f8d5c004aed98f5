/**
 * Instants and the clocks on the wall. Instants are milliseconds since 1970 UTC; a clock reading is a date and a minute of the day in
 * an IANA zone. Offsets come from the runtime's time zone data, never from the machine's own zone.
 */

/** A reading of a wall clock. `month` and `day` count from 1, `weekday` from 0 (Sunday). */
export interface ClockReading {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly weekday: number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Offsets change at whole quarters of an hour of UTC everywhere, so one look-up serves a quarter. */
const QUARTER = 15 * MINUTE;

/** A clock of one zone. */
export interface Clock {
  readonly zone: string;
  readonly read: (instant: number) => ClockReading;
  /**
   * The instant at which the clock shows a date and a minute of the day. A time that a change of clocks leaves out is taken as much
   * later as the clocks jump (02:30 becomes 03:30); one that comes twice is the first.
   */
  readonly instantOf: (year: number, month: number, day: number, minuteOfDay: number) => number;
}

export function isZone(zone: unknown): zone is string {
  if (typeof zone !== "string" || zone === "" || zone.length > 60) return false;
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** Throws RangeError when the runtime does not know the zone: ask `isZone`. */
export function createClock(zone: string): Clock {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
    era: "short",
  });
  const offsets = new Map<number, number>();
  const offsetAt = (instant: number): number => {
    const quarter = Math.floor(instant / QUARTER);
    const known = offsets.get(quarter);
    if (known !== undefined) return known;
    const offset = wallTime(format, quarter * QUARTER) - quarter * QUARTER;
    offsets.set(quarter, offset);
    return offset;
  };
  return {
    zone,
    read: (instant) => readingOf(instant + offsetAt(instant)),
    instantOf(year, month, day, minuteOfDay) {
      const wall = Date.UTC(year, month - 1, day, 0, minuteOfDay);
      // Both offsets around a change are tried; the earlier instant that shows this time is the first of the two.
      const before = wall - offsetAt(wall - DAY);
      const after = wall - offsetAt(wall + DAY);
      const [early, late] = before < after ? [before, after] : [after, before];
      if (early + offsetAt(early) === wall) return early;
      if (late + offsetAt(late) === wall) return late;
      return before;
    },
  };
}

/** What the zone's clock shows, as if it were UTC. */
function wallTime(format: Intl.DateTimeFormat, instant: number): number {
  const parts: Record<string, string> = {};
  for (const { type, value } of format.formatToParts(instant)) parts[type] = value;
  const number = (name: string) => Number(parts[name]);
  const year = parts["era"] === "BC" ? 1 - number("year") : number("year");
  const wall = new Date(0);
  wall.setUTCFullYear(year, number("month") - 1, number("day"));
  wall.setUTCHours(number("hour"), number("minute"), number("second"));
  return wall.getTime();
}

function readingOf(wall: number): ClockReading {
  const date = new Date(wall);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    weekday: date.getUTCDay(),
  };
}

const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;

/** `Tue 2026-11-24 23:40:00`. */
export function written(reading: ClockReading): string {
  const { hour, minute, second, weekday } = reading;
  return `${weekdays[weekday] ?? ""} ${dayOf(reading)} ${two(hour)}:${two(minute)}:${two(second)}`;
}

/** `2026-11-24`. */
export function dayOf({ year, month, day }: ClockReading): string {
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}`;
}

export function minuteOfDay({ hour, minute }: ClockReading): number {
  return hour * 60 + minute;
}

export function two(number: number): string {
  return String(number).padStart(2, "0");
}

/** An instant in ISO form with a zone (`2026-11-24T23:40:00-06:00`, `…Z`); NaN for anything else. */
export function readInstant(value: unknown): number {
  if (typeof value !== "string" || value.length > 40) return Number.NaN;
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/.test(value)) return Number.NaN;
  return Date.parse(value);
}

/** An instant, or a date or date and time on a clock. NaN when it is neither. */
export function readMoment(value: string, clock: Clock): number {
  const instant = readInstant(value);
  if (!Number.isNaN(instant) || value.length > 40) return instant;
  const local = /^\s?(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::\d{2}(?:\.\d{1,9})?)?)?\s?$/.exec(value);
  if (local === null) return Number.NaN;
  const [year, month, day, hour, minute] = local.slice(1).map((part) => Number(part ?? 0));
  if (year === undefined || month === undefined || day === undefined) return Number.NaN;
  if (month < 1 || month > 12 || day < 1 || day > 31 || (hour ?? 0) > 23 || (minute ?? 0) > 59) return Number.NaN;
  return clock.instantOf(year, month, day, (hour ?? 0) * 60 + (minute ?? 0));
}
