import type { TraceEntry, TraceSummary } from "./types.ts";

const MINUTE = 60;

/** What a reader wants to know before the story: how many messages, when, and how each passage ended. */
export function summarise(
  entries: readonly TraceEntry[],
  known: Pick<TraceSummary, "steps" | "enrolments" | "stopped" | "elapsedSeconds">,
): TraceSummary {
  const messages = new Map<string, number>();
  const perHour = new Map<string, number>();
  const suppressed = new Map<string, number>();
  const times: number[] = [];
  let atNight = 0;
  for (const { kind, detail, local, elapsedSeconds } of entries) {
    if (kind === "suppressed") count(suppressed, String(detail["reason"]));
    if (kind !== "message") continue;
    count(messages, String(detail["channel"]));
    count(perHour, local.slice(4, 17));
    times.push(elapsedSeconds);
    if (detail["atNight"] === true) atNight++;
  }
  return {
    messages: Object.fromEntries(messages),
    messagesInAll: times.length,
    messagesPerHour: Object.fromEntries(perHour),
    mostInOneMinute: densest(times),
    atNight,
    suppressed: Object.fromEntries(suppressed),
    ...known,
  };
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Times rise. */
function densest(times: readonly number[]): number {
  let most = 0;
  let first = 0;
  for (let last = 0; last < times.length; last++) {
    while ((times[last] ?? 0) - (times[first] ?? 0) > MINUTE) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
