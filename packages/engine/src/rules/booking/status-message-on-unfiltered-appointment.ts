import { appointmentStatuses, reachedUnasked, statusesHeard } from "../../conditions/appointment-status.ts";
import { NOBODY } from "../../graph/spread.ts";
import { Trait } from "../../model/traits.ts";
import type { Trigger } from "../../model/workflow.ts";
import { inOtherLanguages } from "../../text/languages.ts";
import { hitOf } from "../../text/phrase-scan.ts";
import { type StepText, texts } from "../../text/texts.ts";
import type { View } from "../../view.ts";
import { listed, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";
import { sayings } from "./sayings.ts";

interface Wrong {
  readonly text: StepText;
  readonly kind: keyof typeof sayings;
  readonly triggers: readonly Trigger[];
}

export const statusMessageOnUnfilteredAppointment = defineRule<Wrong>({
  meta: {
    code: "BOOK-001",
    id: "status-message-on-unfiltered-appointment",
    category: "booking",
    severity: "critical",
    scope: "W",
    title: "A message for one outcome that every appointment gets",
    summary:
      "An Appointment Status trigger without a status filter, and a message behind it that fits one status only (missed, cancelled, thanks for coming), with no question about the status before it.",
    why: 'Somebody who has just booked is told "sorry we missed you" half a minute later.',
    fix: "Add the appointment status to the trigger's filters.",
    sources: ["help article 155000002619 (appointment status)", "reasoned"],
  },
  sees: { traits: Trait.send },
  unchecked: ({ workflow }) => (workflow.triggers === null ? "needs the workflow's triggers" : null),
  partlyUnchecked: (view) => (unfiltered(view).length > 0 ? inOtherLanguages(view) : null),
  *find(view) {
    const triggers = unfiltered(view);
    if (triggers.length === 0) return;
    const shared = view.derive(texts);
    let labels: Int32Array | null = null;
    for (const kind of kinds)
      for (const text of shared.withPhrase(kind)) {
        labels ??= reachedUnasked(view, triggers);
        if ((text.step.traits & Trait.send) !== 0 && labels[text.step.index] !== NOBODY) yield { text, kind, triggers };
      }
  },
  tell({ text, kind, triggers }, view) {
    const { step } = text;
    const phrase = hitOf(view.derive(texts).reading(text), kind)?.row.phrase ?? "";
    return {
      message: `${quoted(step)} says "${phrase}", which fits ${sayings[kind]}, but ${listed(triggers.map(quoted))} ${triggers.length === 1 ? "starts" : "start"} with every status of an appointment.`,
      impact: "People who have just booked or confirmed get it as well, seconds later.",
      fix: `Add the filter "Appointment status is" to ${listed(triggers.map(quoted))}, or ask for the status in front of ${quoted(step)}.`,
      steps: [step, ...triggers.slice(0, 20)],
      at: step,
      hangsOn: [step.id],
      evidence: {
        phrase,
        fits: sayings[kind],
        statusesThatReachIt: appointmentStatuses,
        triggers: triggers.slice(0, 20).map(({ id }) => id),
      },
      confidence: "likely",
    };
  },
  wrong: () => [
    {
      title: "a no-show text for everybody",
      workflow: workflow([text("Sorry we missed you today. Pick a new time.")]),
    },
    { title: "a cancellation", workflow: workflow([text("Your appointment was cancelled. Book again?")]) },
    { title: "thanks for coming, to who has just booked", workflow: workflow([text("Thanks for coming in!")]) },
    {
      title: "the calendar is no status",
      workflow: workflow([text("No se presentó a su cita.")], [{ field: "calendar.id", operator: "==", value: "c" }]),
    },
    { title: "in German", workflow: workflow([text("Sie haben Ihren Termin verpasst.")]) },
  ],
  right: () => [
    {
      title: "the trigger asks for the status",
      workflow: workflow([text("Sorry we missed you today.")], [status("noshow")]),
    },
    { title: "the first step asks for it", workflow: workflow([ask([text("Sorry we missed you today.")])]) },
    { title: "a text that fits every status", workflow: workflow([text("There is news about your appointment.")]) },
    { title: "two hours after the appointment", workflow: workflow([after, text("Thanks for coming in!")]) },
    {
      title: "another trigger",
      workflow: { triggers: [{ id: "t", type: "contact_tag" }], actions: [text("We have missed you!")] },
    },
    {
      title: "a text in French is not judged",
      workflow: workflow([text("Nous vous avons attendu pour votre rendez-vous, vous n'êtes pas venu.")]),
    },
  ],
});

const kinds = ["missedVisit", "cancelledVisit", "visitThanks"] as const;

function unfiltered(view: View): readonly Trigger[] {
  return (view.workflow.triggers ?? []).filter(
    (trigger) => trigger.active && trigger.type === "appointment" && statusesHeard(trigger) === null,
  );
}

const after = {
  id: "after",
  type: "wait",
  config: { type: "appointment", appointmentStartAfter: { when: "after", type: "hours", value: 2 } },
};

function status(value: string): object {
  return { field: "appointment.status", operator: "==", value };
}

function ask(actions: readonly object[]): object {
  return {
    id: "ask",
    type: "condition",
    branches: [
      { name: "Missed", conditions: [status("noshow")], actions },
      { name: "None", next: null },
    ],
  };
}

function text(body: string): object {
  return { id: "text", type: "sms", name: "Text", config: { body } };
}

function workflow(actions: readonly object[], conditions: readonly object[] = []): unknown {
  return { triggers: [{ id: "t", type: "appointment", conditions }], actions };
}
