import { bringsAppointment, reachedUnasked, statusesHeard } from "../../conditions/appointment-status.ts";
import { NOBODY } from "../../graph/spread.ts";
import { Trait } from "../../model/traits.ts";
import type { Trigger } from "../../model/workflow.ts";
import { inOtherLanguages } from "../../text/languages.ts";
import { hitOf } from "../../text/phrase-scan.ts";
import { type StepText, texts } from "../../text/texts.ts";
import type { View } from "../../view.ts";
import { listed, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface Unproven {
  readonly text: StepText;
  readonly triggers: readonly Trigger[];
}

export const noShowMessageWithoutProof = defineRule<Unproven>({
  meta: {
    code: "BOOK-005",
    id: "no-show-message-without-proof",
    category: "booking",
    severity: "critical",
    scope: "W",
    title: 'A "you missed it" that nothing proves',
    summary:
      "A no-show message in a run that starts with an appointment, where neither the trigger nor a question says that the contact did not come, and no wait runs past the appointment.",
    why: "People who came, or whose appointment is still ahead, are told that they did not.",
    fix: "Filter the trigger on no-show.",
    sources: ["help article 155000002619 (appointment status)", "reasoned"],
  },
  sees: { traits: Trait.send },
  unchecked: ({ workflow }) => (workflow.triggers === null ? "needs the workflow's triggers" : null),
  partlyUnchecked: (view) => (unproving(view).length > 0 ? inOtherLanguages(view) : null),
  *find(view) {
    const triggers = unproving(view);
    if (triggers.length === 0) return;
    const said = view.derive(texts).withPhrase("missedVisit");
    if (said.length === 0) return;
    const labels = reachedUnasked(view, triggers);
    for (const text of said)
      if ((text.step.traits & Trait.send) !== 0 && labels[text.step.index] !== NOBODY) yield { text, triggers };
  },
  tell({ text, triggers }, view) {
    const { step } = text;
    const phrase = hitOf(view.derive(texts).reading(text), "missedVisit")?.row.phrase ?? "";
    return {
      message: `${quoted(step)} says "${phrase}", but a run that starts with ${listed(triggers.map(quoted))} comes there without anything that says the contact did not come.`,
      impact: "Contacts who came, and contacts whose appointment is still ahead, are told that they missed it.",
      fix: `Set the status filter of ${listed(triggers.map(quoted))} to no-show, or ask for the status in front of ${quoted(step)}.`,
      steps: [step, ...triggers.slice(0, 20)],
      at: step,
      hangsOn: [step.id],
      evidence: {
        phrase,
        triggers: triggers
          .slice(0, 20)
          .map((trigger) => ({ id: trigger.id, statuses: [...(statusesHeard(trigger) ?? [])] })),
        statusQuestion: false,
        waitPastTheAppointment: false,
      },
      confidence: "likely",
    };
  },
  wrong: () => [
    {
      title: "a booking is told that it was missed",
      workflow: workflow({ type: "customer_appointment" }, [text("Sorry we missed you!")]),
    },
    {
      title: "a filter on another status",
      workflow: workflow({ type: "appointment", conditions: [status("confirmed")] }, [
        text("You missed your appointment."),
      ]),
    },
    {
      title: "an hour after booking is not an hour after the appointment",
      workflow: workflow({ type: "customer_appointment" }, [
        { id: "w", type: "wait", config: { hours: 1 } },
        text("Sorry we missed you!"),
      ]),
    },
  ],
  right: () => [
    {
      title: "a filter on no-show",
      workflow: workflow({ type: "appointment", conditions: [status("noshow")] }, [text("Sorry we missed you!")]),
    },
    {
      title: "also when it is spelt with a blank",
      workflow: workflow({ type: "appointment", conditions: [status("No Show")] }, [text("Sorry we missed you!")]),
    },
    {
      title: "a question in front of it",
      workflow: workflow({ type: "customer_appointment" }, [
        {
          id: "ask",
          type: "condition",
          branches: [
            { name: "Missed", conditions: [status("noshow")], actions: [text("Sorry we missed you!")] },
            { name: "None", next: null },
          ],
        },
      ]),
    },
    {
      title: "a wait past the appointment",
      workflow: workflow({ type: "customer_appointment" }, [
        {
          id: "w",
          type: "wait",
          config: { type: "appointment", appointmentStartAfter: { when: "after", type: "hours", value: 1 } },
        },
        text("Sorry we missed you!"),
      ]),
    },
    {
      title: "an old customer who is missed",
      workflow: workflow({ type: "contact_tag" }, [text("We have missed you!")]),
    },
    {
      title: "contacts that your team puts in by hand",
      workflow: { triggers: [], actions: [text("Sorry we missed you!")] },
    },
    {
      title: "a text in French is not judged",
      workflow: workflow({ type: "customer_appointment" }, [
        text("Vous n'êtes pas venu à votre rendez-vous, nous vous avons attendu."),
      ]),
    },
  ],
});

/** Appointment triggers that let in others than no-shows. */
function unproving({ workflow }: View): readonly Trigger[] {
  return (workflow.triggers ?? []).filter((trigger) => {
    if (!trigger.active || !bringsAppointment(trigger)) return false;
    const statuses = statusesHeard(trigger);
    return statuses === null || [...statuses].some((status) => status !== "noshow");
  });
}

function status(value: string): object {
  return { field: "appointment.status", operator: "==", value };
}

function text(body: string): object {
  return { id: "text", type: "sms", name: "Text", config: { body } };
}

function workflow(trigger: object, actions: readonly object[]): unknown {
  return { triggers: [{ id: "t", ...trigger }], actions };
}
