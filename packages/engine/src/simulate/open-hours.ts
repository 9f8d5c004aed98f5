import type { Window } from "../model/windows.ts";
import { type Clock, DAY, minuteOfDay } from "./zoned-time.ts";

/** A window that no day opens is never open; two weeks look past every day of the week. */
const FARTHEST_DAYS = 8;

/** Is the window open at an instant? `to` is not in it; a window over midnight belongs to the day on which it begins. */
export function isOpen(window: Window, instant: number, clock: Clock): boolean {
  const reading = clock.read(instant);
  const minute = minuteOfDay(reading);
  const { from, to } = window;
  if (from === to) return opensOn(window, reading.weekday);
  if (from < to) return opensOn(window, reading.weekday) && minute >= from && minute < to;
  if (minute >= from) return opensOn(window, reading.weekday);
  return minute < to && opensOn(window, (reading.weekday + 6) % 7);
}

/** The first instant from the given one on at which the window is open; null when it never is. */
export function nextOpening(window: Window, instant: number, clock: Clock): number | null {
  if (isOpen(window, instant, clock)) return instant;
  return nextStart(window, instant, clock);
}

/** The next time after the given instant that the window begins; null when no day has it. */
export function nextStart(window: Window, instant: number, clock: Clock): number | null {
  const { year, month, day } = clock.read(instant);
  for (let ahead = 0; ahead <= FARTHEST_DAYS; ahead++) {
    const noon = new Date(Date.UTC(year, month - 1, day) + ahead * DAY);
    if (!opensOn(window, noon.getUTCDay())) continue;
    const start = clock.instantOf(noon.getUTCFullYear(), noon.getUTCMonth() + 1, noon.getUTCDate(), window.from);
    // A change of clocks may leave the hour out of which the window consists.
    if (start >= instant && isOpen(window, start, clock)) return start;
  }
  return null;
}

function opensOn({ days }: Window, weekday: number): boolean {
  return days === null || (days & (1 << weekday)) !== 0;
}
