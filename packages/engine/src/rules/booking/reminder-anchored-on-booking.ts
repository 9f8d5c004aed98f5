import { bringsAppointment } from "../../conditions/appointment-status.ts";
import { leastDelay } from "../../graph/least-delay.ts";
import { NOBODY, spread, startsBy } from "../../graph/spread.ts";
import { waitTimings } from "../../graph/wait-timings.ts";
import { Trait } from "../../model/traits.ts";
import type { Step } from "../../model/workflow.ts";
import { inOtherLanguages } from "../../text/languages.ts";
import { hitOf } from "../../text/phrase-scan.ts";
import { type StepText, texts } from "../../text/texts.ts";
import type { View } from "../../view.ts";
import { inWords, listed, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface Misplaced {
  readonly text: StepText;
  readonly waits: readonly Step[];
}

export const reminderAnchoredOnBooking = defineRule<Misplaced>({
  meta: {
    code: "BOOK-003",
    id: "reminder-anchored-on-booking",
    category: "booking",
    severity: "critical",
    scope: "W",
    title: '"Tomorrow", counted from the booking',
    summary:
      "A message that says how soon the appointment is, behind a wait of a set length from the booking instead of a wait for the appointment.",
    why: "It names the wrong day for almost everyone: each contact books another number of days ahead.",
    fix: "Wait until a time before the appointment.",
    sources: ["help article 155000002470 (wait)", "reasoned"],
  },
  sees: { types: ["wait"] },
  unchecked: ({ workflow }) => (workflow.triggers === null ? "needs the workflow's triggers" : null),
  partlyUnchecked: (view) =>
    (view.workflow.triggers ?? []).some(bringsAppointment) && view.derive(waitTimings).ofKind.time.length > 0
      ? inOtherLanguages(view)
      : null,
  *find(view) {
    if (!(view.workflow.triggers ?? []).some((trigger) => trigger.active && bringsAppointment(trigger))) return;
    const { ofKind, of } = view.derive(waitTimings);
    if (ofKind.time.length === 0) return;
    const soon = view.derive(texts).withPhrase("eventSoon");
    if (soon.length === 0) return;
    const isAnchor = (step: Step) => of[step.index]?.kind === "date" || step.type === "event_start_date";
    const starts = startsBy(view, (trigger) => trigger !== null && bringsAppointment(trigger));
    const fromBooking = spread(view, starts, (step) => !isAnchor(step));
    const waits = ofKind.time.filter(({ index }) => fromBooking[index] !== NOBODY && of[index]?.pauses === true);
    const behind = spread(
      view,
      waits.map(({ index }) => [index, index] as const),
      (step) => !isAnchor(step),
    );
    for (const text of soon) {
      const label = behind[text.step.index] as number;
      const wait = view.workflow.steps[label];
      if (wait !== undefined && label >= 0 && (text.step.traits & Trait.send) !== 0) yield { text, waits: [wait] };
    }
  },
  tell({ text, waits }, view) {
    const { step } = text;
    const phrase = hitOf(view.derive(texts).reading(text), "eventSoon")?.row.phrase ?? "";
    const after = afterBooking(view, step);
    return {
      message: `${quoted(step)} says "${phrase}", but it goes out ${inWords(after)} after the booking (${listed(waits.map(quoted))}), whenever the appointment is.`,
      impact: `Who books a week ahead is told "${phrase}" days too early, and who books for the same day gets it after the appointment.`,
      fix: `Replace ${listed(waits.map(quoted))} by a wait until a time before the appointment.`,
      steps: [step, ...waits],
      at: step,
      hangsOn: [step.id],
      evidence: {
        phrase,
        secondsAfterBooking: after,
        examples: [
          `booked 7 days ahead: goes out ${inWords(Math.abs(604_800 - after))} ${after > 604_800 ? "after" : "before"} the appointment`,
          `booked 1 hour ahead: goes out ${inWords(Math.abs(after - 3600))} ${after > 3600 ? "after" : "before"} it`,
        ],
      },
      confidence: "likely",
    };
  },
  wrong: () => [
    {
      title: "tomorrow, a day after the booking",
      workflow: workflow([wait({ days: 1 }), text("Your appointment is tomorrow!")]),
    },
    { title: "in one hour, after a set wait", workflow: workflow([wait({ hours: 23 }), text("See you in one hour")]) },
    { title: "in Spanish", workflow: workflow([wait({ days: 1 }), text("Te esperamos mañana")]) },
    { title: "in German", workflow: workflow([wait({ days: 1 }), text("Bis morgen!")]) },
  ],
  right: () => [
    {
      title: "a wait for the appointment",
      workflow: workflow([
        wait({ type: "appointment", appointmentStartAfter: { when: "before", type: "days", value: 1 } }),
        text("Your appointment is tomorrow!"),
      ]),
    },
    {
      title: "the time is named",
      workflow: workflow([wait({ days: 1 }), text("Your appointment: {{appointment.start_time}}")]),
    },
    { title: "said at once, about something else", workflow: workflow([text("See you tomorrow?")]) },
    {
      title: "no appointment starts it",
      workflow: {
        triggers: [{ id: "t", type: "form_submission" }],
        actions: [wait({ days: 1 }), text("See you tomorrow")],
      },
    },
    {
      title: "relative to the booking, not to the visit",
      workflow: workflow([wait({ days: 1 }), text("Yesterday you booked with us.")]),
    },
    {
      title: "a text in French is not judged",
      workflow: workflow([wait({ days: 1 }), text("Nous vous attendons demain pour votre rendez-vous")]),
    },
  ],
});

function afterBooking(view: View, step: Step): number {
  const starts = startsBy(view, (trigger) => trigger !== null && bringsAppointment(trigger));
  const seconds = leastDelay(
    view.graph,
    starts.map(([node]) => node),
  )[step.index] as number;
  return Number.isFinite(seconds) ? seconds : 0;
}

function wait(config: object): object {
  return { id: "hold", type: "wait", name: "Hold", config };
}

function text(body: string): object {
  return { id: "text", type: "sms", name: "Reminder", config: { body } };
}

function workflow(actions: readonly object[]): unknown {
  return { triggers: [{ id: "t", type: "customer_appointment" }], actions };
}
