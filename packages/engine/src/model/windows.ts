/** Hours of the week in which something may happen: a workflow's sending window, or a wait's resume window. */
import { isRecord, listOf, numberOf, textOf } from "./attributes.ts";

export interface Window {
  /** Bit 0 is Sunday; null: the document does not say, or in words that are not known. */
  readonly days: number | null;
  /** Minutes since midnight; `to` is at or before `from` in a window over midnight. */
  readonly from: number;
  readonly to: number;
}

/** A window that says from when to when; null when it does not, or not readably. */
export function readWindow(value: unknown): Window | null {
  if (!isRecord(value)) return null;
  const from = minutesOf(value["start"]);
  const to = minutesOf(value["end"]);
  if (from === null || to === null) return null;
  return { days: daysOf(value["days"]), from, to };
}

function daysOf(value: unknown): number | null {
  if (!Array.isArray(value)) return null;
  let days = 0;
  for (const day of listOf(value)) {
    const number = numberOf(day);
    if (!(number >= 0 && number <= 6)) return null;
    days |= 1 << number;
  }
  return days;
}

/** Is there a minute of the week in both? Windows over midnight and unknown days count as open wherever they may be. */
export function meet(a: Window, b: Window): boolean {
  if (a.days !== null && b.days !== null && (a.days & b.days) === 0) return false;
  if (a.to <= a.from || b.to <= b.from) return true;
  return Math.max(a.from, b.from) < Math.min(a.to, b.to);
}

/** Minutes since midnight of "09:00", "9:00 AM" or "17:30"; null for anything else. */
export function minutesOf(value: unknown): number | null {
  const read = /^\s?(\d{1,2})(?::(\d{2}))?(?::\d{2})?\s?([ap]m)?\s?$/i.exec(textOf(value));
  if (read === null) return null;
  const half = read[3]?.toLowerCase();
  const hour = Number(read[1]);
  const minute = Number(read[2] ?? 0);
  if (hour > 24 || minute > 59 || (half !== undefined && (hour < 1 || hour > 12))) return null;
  return (half === undefined ? hour : (hour % 12) + (half === "pm" ? 12 : 0)) * 60 + minute;
}
