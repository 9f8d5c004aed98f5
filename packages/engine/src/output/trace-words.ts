import type { Trace, TraceEntry } from "../simulate/types.ts";
import { counted, inWords, listed } from "../words.ts";

/** Many: [one, many]. */
const channelWords: Readonly<Record<string, readonly [string, string]>> = {
  sms: ["text", "texts"],
  email: ["email", "emails"],
  call: ["call", "calls"],
  voicemail: ["voicemail", "voicemails"],
  whatsapp: ["WhatsApp message", "WhatsApp messages"],
};

/** "3 texts and 1 email". */
export function messagesInWords(messages: Readonly<Record<string, number>>): string {
  const parts = Object.entries(messages).map(([channel, count]) => {
    const [one, many] = Object.hasOwn(channelWords, channel)
      ? (channelWords[channel] ?? ["", ""])
      : [`message by ${channel}`, `messages by ${channel}`];
    return counted(count, one, many);
  });
  return parts.length === 0 ? "no message" : listed(parts);
}

/** What the trace comes to, in a few sentences. */
export function inShortWords({ summary }: Trace): string {
  const { messages, messagesInAll, mostInOneMinute, atNight, suppressed, elapsedSeconds } = summary;
  const held = Object.values(suppressed).reduce((sum, count) => sum + count, 0);
  return [
    `The contact gets ${messagesInWords(messages)} within ${elapsedSeconds === 0 ? "one second" : inWords(elapsedSeconds)}.`,
    ...(mostInOneMinute > 1
      ? [`${mostInOneMinute === messagesInAll ? "All" : mostInOneMinute} of them come within one minute.`]
      : []),
    ...(atNight > 0 ? [`${counted(atNight, "text or call comes", "texts or calls come")} at night.`] : []),
    ...(held > 0 ? [`${counted(held, "message")} did not go out.`] : []),
    stopped[summary.stopped],
  ].join(" ");
}

const stopped: Readonly<Record<Trace["summary"]["stopped"], string>> = {
  done: "Then nothing is left to happen.",
  held: "Then the contact is held, with nothing in the script that ends it.",
  "loop-lock": "HighLevel's Loop Lock stops it.",
  steps: "The simulation stopped at its limit of steps.",
  horizon: "The simulation stopped at its last day.",
};

/** Entries of one day on the contact's clock. */
export interface TraceDay {
  /** `Tue 2026-11-24`. */
  readonly day: string;
  readonly entries: readonly TraceEntry[];
}

/** More entries than anybody reads; all of them are in the JSON. */
const MOST_ENTRIES = 2000;

export function daysOf({ entries }: Trace): { readonly days: readonly TraceDay[]; readonly more: number } {
  const days: { readonly day: string; readonly entries: TraceEntry[] }[] = [];
  for (const entry of entries.slice(0, MOST_ENTRIES)) {
    const day = entry.local.slice(0, -9);
    const last = days.at(-1);
    if (last?.day === day) last.entries.push(entry);
    else days.push({ day, entries: [entry] });
  }
  return { days, more: Math.max(0, entries.length - MOST_ENTRIES) };
}

/** `23:40:00`. */
export function timeOf({ local }: TraceEntry): string {
  return local.slice(-8);
}
