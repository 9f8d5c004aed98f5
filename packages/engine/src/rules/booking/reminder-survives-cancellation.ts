import { asksAppointmentStatus, bringsAppointment, isSettled } from "../../conditions/appointment-status.ts";
import { NOBODY, spread, startsBy } from "../../graph/spread.ts";
import { waitTimings } from "../../graph/wait-timings.ts";
import type { Member } from "../../location/location-view.ts";
import { activeTriggers, takenOutBy } from "../../location/surroundings.ts";
import { listOf, textOf } from "../../model/attributes.ts";
import { Trait } from "../../model/traits.ts";
import type { Step } from "../../model/workflow.ts";
import type { View } from "../../view.ts";
import { counted, listed, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface Surviving {
  readonly waits: readonly Step[];
  readonly sends: readonly Step[];
  /** A workflow for cancelled appointments that takes contacts out of this one; undefined: none; null: the others are not known. */
  readonly removedBy: Member | null | undefined;
}

export const reminderSurvivesCancellation = defineRule<Surviving>({
  meta: {
    code: "BOOK-002",
    id: "reminder-survives-cancellation",
    category: "booking",
    severity: "critical",
    scope: "W+L",
    title: "Reminders for appointments that were cancelled",
    summary:
      "Messages behind a wait for an appointment with no question about its status after the wait, and no goal that takes cancelled or moved appointments out.",
    why: "People are reminded of a meeting that no longer exists, come, and stand before a closed door.",
    fix: "Ask for the status behind the wait, or let a cancellation workflow take the contact out of this one.",
    sources: ["help articles 155000002470 (wait), 155000002619 (appointment status)", "platform fact F2"],
  },
  sees: { types: ["wait"] },
  *find(view) {
    const waits = view
      .derive(waitTimings)
      .ofKind.date.filter(({ attributes }) => anchored.has(textOf(attributes["type"])));
    if (waits.length === 0 || (view.traits & Trait.send) === 0 || view.graph.goals.length > 0) return;
    const met = waitsOfAppointments(view, waits);
    if (met.length === 0) return;
    const asks = view.derive(asksAppointmentStatus);
    const labels = spread(
      view,
      met.map(({ index }) => [index, index] as const),
      (step) => !step.branches.some(asks),
    );
    const sends = view.stepsWith(Trait.send).filter(({ index }) => labels[index] !== NOBODY);
    if (sends.length === 0) return;
    const removers = takenOutBy(view);
    const removedBy = removers === null ? null : removers.find(({ member }) => hearsCancellation(member))?.member;
    yield { waits: met, sends, removedBy };
  },
  tell({ waits, sends, removedBy }, view) {
    const known = (view.workflow.triggers ?? []).length > 0;
    if (removedBy !== null && removedBy !== undefined)
      return {
        message: `${listed(sends.map(quoted))} ${sends.length === 1 ? "goes" : "go"} out behind ${listed(waits.map(quoted))} without asking whether the appointment still stands; ${quoted(removedBy.view.workflow)} takes cancelled contacts out of this workflow.`,
        impact: "Should that workflow not fire, who cancels is still reminded.",
        fix: `Confirm that ${quoted(removedBy.view.workflow)} starts on cancelled and moved appointments and that this workflow is on its list.`,
        steps: [...sends.slice(0, 30), ...waits.slice(0, 20)],
        hangsOn: waits.slice(0, 50).map(({ id }) => id),
        evidence: { sendsAtRisk: sends.slice(0, 50).map(({ id }) => id), removedBy: removedBy.key },
        severity: "low",
        confidence: "likely",
      };
    return {
      message: `${listed(sends.map(quoted))} ${sends.length === 1 ? "goes" : "go"} out behind ${listed(waits.map(quoted))} without asking whether the appointment still stands, and nothing in this workflow takes cancelled ones out.`,
      impact: `Who cancels or moves still gets ${counted(sends.length, "message")} for the old time.`,
      fix: `Put an If/Else on the appointment status in front of ${listed(sends.map(quoted))}, or let the workflow for cancelled appointments remove contacts from this one.`,
      steps: [...sends.slice(0, 30), ...waits.slice(0, 20)],
      hangsOn: waits.slice(0, 50).map(({ id }) => id),
      evidence: {
        sendsAtRisk: sends.slice(0, 50).map(({ id }) => id),
        waits: waits.slice(0, 50).map(({ id }) => id),
        exitsSearched: [
          "a question about the status behind the wait",
          "a goal",
          `removal by another workflow: ${removedBy === null ? "not given" : "none"}`,
        ],
      },
      // Another workflow, which was not given, may take cancelled contacts out.
      confidence: known ? "likely" : "possible",
    };
  },
  wrong: () => [
    { title: "a reminder the day before", workflow: workflow([before(24), text("See you tomorrow")]) },
    {
      title: "a status that was asked for before the wait",
      workflow: workflow([
        {
          id: "ask",
          type: "condition",
          branches: [
            { name: "Confirmed", conditions: [status("confirmed")], actions: [before(24), text("See you tomorrow")] },
            { name: "None", next: null },
          ],
        },
      ]),
    },
    {
      title: "the second reminder does not ask again",
      workflow: workflow([
        before(24),
        {
          id: "ask",
          type: "condition",
          branches: [
            {
              name: "Confirmed",
              conditions: [status("confirmed")],
              actions: [text("Tomorrow"), before(1, "hour"), text("In one hour", "two")],
            },
            { name: "None", next: null },
          ],
        },
      ]),
    },
  ],
  right: () => [
    {
      title: "the status is asked for behind the wait",
      workflow: workflow([
        before(24),
        {
          id: "ask",
          type: "condition",
          branches: [
            { name: "Confirmed", conditions: [status("confirmed")], actions: [text("See you tomorrow")] },
            { name: "None", next: null },
          ],
        },
      ]),
    },
    {
      title: "a goal takes them out",
      workflow: workflow([
        before(24),
        text("See you tomorrow"),
        { id: "goal", type: "goal", config: { action: "exit", segments: [] } },
      ]),
    },
    {
      title: "a webinar date is no appointment",
      workflow: {
        triggers: [{ id: "t", type: "form_submission" }],
        actions: [
          { id: "date", type: "event_date", config: { event_start_type: "datetime", value: "2027-01-31T10:00" } },
          before(24),
          text("See you tomorrow"),
        ],
      },
    },
    {
      title: "a form brings no appointment at all",
      workflow: { triggers: [{ id: "t", type: "form_submission" }], actions: [before(24), text("See you tomorrow")] },
    },
    {
      title: "a task for your team is no message",
      workflow: workflow([before(24), { id: "task", type: "task", config: { title: "Prepare" } }]),
    },
  ],
});

const anchored: ReadonlySet<string> = new Set(["appointment", "service_booking"]);

/** Waits that runs of an appointment reach before an event date is set, which the wait would count from instead. */
function waitsOfAppointments(view: View, waits: readonly Step[]): readonly Step[] {
  const starts = startsBy(view, (trigger) => trigger === null || (bringsAppointment(trigger) && !isSettled(trigger)));
  if (starts.length === 0) return [];
  const labels = spread(view, starts, (step) => step.type !== "event_start_date" || step.disabled);
  return waits.filter(({ index }) => labels[index] !== NOBODY);
}

function hearsCancellation(member: Member): boolean {
  return activeTriggers(member).some(({ type, conditions }) => {
    if (type !== "appointment" && type !== "customer_appointment") return false;
    const statuses = conditions
      .filter(({ field }) => field === "appointment.status")
      .flatMap(({ value }) => listOf(value).map(textOf));
    return statuses.length === 0 || statuses.some((status) => /cancel|invalid/i.test(status));
  });
}

function status(value: string): object {
  return { field: "appointment.status", operator: "==", value };
}

function before(hours: number, id = "day"): object {
  return {
    id,
    type: "wait",
    config: { type: "appointment", appointmentStartAfter: { when: "before", type: "hours", value: hours } },
  };
}

function text(body: string, id = "text"): object {
  return { id, type: "sms", name: `Reminder ${id}`, config: { body } };
}

function workflow(actions: readonly object[]): unknown {
  return { triggers: [{ id: "t", type: "appointment", conditions: [status("confirmed")] }], actions };
}
