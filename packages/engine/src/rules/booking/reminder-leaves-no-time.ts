import { bringsAppointment, statusesHeard } from "../../conditions/appointment-status.ts";
import { waitTimings } from "../../graph/wait-timings.ts";
import { Trait } from "../../model/traits.ts";
import { eventOffset } from "../../model/waits.ts";
import type { Step, Trigger } from "../../model/workflow.ts";
import { inOtherLanguages } from "../../text/languages.ts";
import { texts } from "../../text/texts.ts";
import type { View } from "../../view.ts";
import { inWords, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface TooLate {
  /** The reminder that offers another time, or the confirmation that no reminder follows. */
  readonly step: Step;
  /** Seconds before the appointment of the earliest reminder; null: there is none. */
  readonly earliest: number | null;
}

const TWO_HOURS = 7200;

export const reminderLeavesNoTime = defineRule<TooLate>({
  meta: {
    code: "BOOK-007",
    id: "reminder-leaves-no-time",
    category: "booking",
    severity: "medium",
    scope: "W",
    title: "No reminder early enough to do anything about it",
    summary:
      "The first reminder comes less than 2 hours before the appointment and offers another time, or a booking is confirmed and no reminder follows at all.",
    why: "No-shows that a text on the day before would have saved.",
    fix: "Add a reminder 24 hours ahead.",
    sources: ["reasoned"],
  },
  sees: { traits: Trait.send },
  unchecked: ({ workflow }) => (workflow.triggers === null ? "needs the workflow's triggers" : null),
  partlyUnchecked: (view) => (booked(view).length > 0 ? inOtherLanguages(view) : null),
  *find(view) {
    if (booked(view).length === 0) return;
    const shared = view.derive(texts);
    const waits = view.derive(waitTimings).ofKind.date;
    let earliest: number | null = null;
    for (const wait of waits) {
      const { when, seconds } = eventOffset(wait);
      // A wait that cannot be read may be early enough.
      if (when === null || seconds === null) return;
      if (when === "before" && (earliest === null || seconds > earliest)) earliest = seconds;
    }
    const said = earliest === null ? shared.withPhrase("visitBooked") : shared.withPhrase("offersReschedule");
    const text = said.find(({ step }) => (step.traits & Trait.send) !== 0);
    if (text !== undefined && (earliest === null ? waits.length === 0 : earliest < TWO_HOURS))
      yield { step: text.step, earliest };
  },
  tell: ({ step, earliest }) => ({
    message:
      earliest === null
        ? `${quoted(step)} confirms the booking, and no reminder follows in this workflow.`
        : `The first reminder goes out ${inWords(earliest)} before the appointment, and ${quoted(step)} offers another time then.`,
    impact:
      earliest === null
        ? "Who booked days ago forgets it."
        : "It is too late to give the time to somebody else, and too late for many to move it.",
    fix: "Add a wait until 24 hours before the appointment, with a reminder behind it.",
    steps: [step],
    evidence: { earliestReminderSeconds: earliest, needed: "2 hours or more" },
    // Reminders may stand in a workflow of their own, which was not given.
    confidence: earliest === null ? "possible" : "likely",
  }),
  wrong: () => [
    {
      title: "one hour before, with the offer to move it",
      workflow: workflow([before(1), text("See you soon. Need to reschedule? Call us.")]),
    },
    { title: "confirmed, never reminded", workflow: workflow([text("Your appointment is confirmed.")]) },
    { title: "in Spanish", workflow: workflow([text("Tu cita está confirmada")]) },
    { title: "in German", workflow: workflow([text("Ihr Termin ist bestätigt.")]) },
  ],
  right: () => [
    {
      title: "a day before",
      workflow: workflow([
        before(24),
        text("Need to reschedule? Call us."),
        before(1, "hour"),
        text("See you soon", "two"),
      ]),
    },
    { title: "an hour before, without an offer", workflow: workflow([before(1), text("See you soon")]) },
    {
      title: "confirmed and reminded",
      workflow: workflow([text("Your appointment is confirmed."), before(24), text("See you soon", "two")]),
    },
    {
      title: "a cancelled one is not reminded of",
      workflow: {
        triggers: [
          {
            id: "t",
            type: "appointment",
            conditions: [{ field: "appointment.status", operator: "==", value: "cancelled" }],
          },
        ],
        actions: [text("Need to reschedule?")],
      },
    },
    {
      title: "a form books nothing",
      workflow: { triggers: [{ id: "t", type: "form_submission" }], actions: [text("Your booking is confirmed.")] },
    },
    {
      title: "same-day service that says so",
      workflow: {
        name: "Walk-in and same-day visits",
        triggers: [{ id: "t", type: "customer_appointment" }],
        actions: [text("Your appointment is confirmed.")],
      },
    },
    {
      title: "a text in French is not judged",
      workflow: workflow([text("Votre rendez-vous est confirmé, nous vous attendons.")]),
    },
  ],
});

/** Triggers of appointments that are to come. */
function booked({ workflow }: View): readonly Trigger[] {
  if (/\b(?:same[- ]day|walk[- ]?ins?|sofort|mismo d[ií]a)\b/i.test(workflow.name)) return [];
  return (workflow.triggers ?? []).filter((trigger) => {
    if (!trigger.active || !bringsAppointment(trigger)) return false;
    const statuses = statusesHeard(trigger);
    return statuses === null
      ? trigger.type !== "appointment"
      : [...statuses].every((one) => one === "confirmed" || one === "new");
  });
}

function before(hours: number, id = "day"): object {
  return {
    id,
    type: "wait",
    config: { type: "appointment", appointmentStartAfter: { when: "before", type: "hours", value: hours } },
  };
}

function text(body: string, id = "text"): object {
  return { id, type: "sms", name: `Text ${id}`, config: { body } };
}

function workflow(actions: readonly object[]): unknown {
  return { triggers: [{ id: "t", type: "customer_appointment" }], actions };
}
