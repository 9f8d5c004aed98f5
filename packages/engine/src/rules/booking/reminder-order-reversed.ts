import { components } from "../../graph/components.ts";
import { previousDateWait } from "../../graph/previous-date-wait.ts";
import { waitTimings } from "../../graph/wait-timings.ts";
import { textOf } from "../../model/attributes.ts";
import { eventOffset } from "../../model/waits.ts";
import type { Step } from "../../model/workflow.ts";
import { inWords, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface Reversed {
  readonly first: Step;
  readonly second: Step;
}

export const reminderOrderReversed = defineRule<Reversed>({
  meta: {
    code: "BOOK-004",
    id: "reminder-order-reversed",
    category: "booking",
    severity: "high",
    scope: "W",
    title: "Reminders in the wrong order",
    summary: "A wait for a time before the appointment that comes behind a wait for a later time.",
    why: "When the second wait is reached its time is over: its reminder is skipped, or goes out at once.",
    fix: "Put the wait that is furthest from the appointment first.",
    sources: ["help article 155000002470 (wait)", "platform fact F11"],
  },
  sees: { types: ["wait"] },
  *find(view) {
    const waits = view.derive(waitTimings).ofKind.date;
    if (waits.length < 2) return;
    const previous = view.derive(previousDateWait);
    const { of } = view.derive(components);
    for (const second of waits) {
      const first = view.workflow.steps[previous[second.index] as number];
      if (first === undefined || of[first.index] === of[second.index]) continue;
      const from = signed(first);
      const to = signed(second);
      if (from !== null && to !== null && to < from && kindOf(first) === kindOf(second)) yield { first, second };
    }
  },
  tell: ({ first, second }) => ({
    message: `${quoted(second)} (${inTime(second)}) stands behind ${quoted(first)} (${inTime(first)}), whose time comes later.`,
    impact: `When a contact reaches ${quoted(second)}, its time is over: what stands behind it is skipped or goes out at once.`,
    fix: `Put ${quoted(second)} and its message in front of ${quoted(first)}.`,
    steps: [second, first],
    hangsOn: [second.id],
    evidence: { first: { id: first.id, time: inTime(first) }, second: { id: second.id, time: inTime(second) } },
    confidence: "likely",
  }),
  wrong: () => [
    {
      title: "1 hour before, then 24 hours before",
      workflow: reminders([
        ["before", 1],
        ["before", 24],
      ]),
    },
    {
      title: "after the visit, then before it",
      workflow: reminders([
        ["after", 2],
        ["before", 2],
      ]),
    },
  ],
  right: () => [
    {
      title: "from far to near",
      workflow: reminders([
        ["before", 24],
        ["before", 3],
        ["before", 1],
      ]),
    },
    {
      title: "before, then after",
      workflow: reminders([
        ["before", 1],
        ["after", 2],
      ]),
    },
    {
      title: "two waits after the visit",
      workflow: reminders([
        ["after", 1],
        ["after", 24],
      ]),
    },
    {
      title: "a new event date in between",
      workflow: {
        actions: [
          before("a", "before", 1),
          { id: "date", type: "event_date", config: { event_start_type: "datetime", value: "2027-01-01T10:00" } },
          before("b", "before", 24),
        ],
      },
    },
    {
      title: "back to the first reminder for the next appointment",
      workflow: {
        actions: [
          before("a", "before", 24),
          before("b", "before", 1),
          { id: "again", type: "goto", config: { target: "a" } },
        ],
      },
    },
  ],
});

function kindOf({ attributes }: Step): string {
  return textOf(attributes["type"]);
}

/** Seconds from the event, negative before it. */
function signed(step: Step): number | null {
  const { when, seconds } = eventOffset(step);
  if (when === null || seconds === null) return null;
  return when === "before" ? -seconds : seconds;
}

function inTime(step: Step): string {
  const { when, seconds } = eventOffset(step);
  return `${inWords(seconds ?? 0)} ${when ?? "before"}`;
}

function before(id: string, when: string, value: number): object {
  return {
    id,
    type: "wait",
    name: `${value} hours ${when}`,
    config: { type: "appointment", appointmentStartAfter: { when, type: "hours", value } },
  };
}

function reminders(offsets: readonly (readonly [string, number])[]): unknown {
  return {
    triggers: [{ id: "t", type: "appointment" }],
    actions: offsets.flatMap(([when, value], at) => [
      before(`wait-${at}`, when, value),
      { id: `text-${at}`, type: "sms", config: { body: "Hello" } },
    ]),
  };
}
