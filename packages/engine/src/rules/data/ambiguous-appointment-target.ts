import { type RecordGap, recordGaps } from "../../conditions/record-gaps.ts";
import { isBlank, textOf } from "../../model/attributes.ts";
import type { Step } from "../../model/workflow.ts";
import { listed, quoted } from "../../words.ts";
import { exampleWorkflow } from "../logic/example-workflow.ts";
import { defineRule } from "../rule.ts";

interface Ambiguous {
  readonly step: Step;
  readonly gap: RecordGap;
}

/** Settings in which a step may name its appointment. */
const targets = ["appointmentId", "appointment_id", "eventId"];

export const ambiguousAppointmentTarget = defineRule<Ambiguous>({
  meta: {
    code: "DATA-010",
    id: "ambiguous-appointment-target",
    category: "data",
    severity: "high",
    scope: "W",
    title: "A step changes an appointment without saying which",
    summary: "An Update Appointment Status step in runs that no appointment started.",
    why: "HighLevel takes the contact's appointment with the latest start time. Who has two bookings gets the wrong one confirmed or cancelled.",
    fix: "Start the workflow with an appointment trigger, so that the run has its own appointment.",
    sources: ["platform fact F43", "github.com/uxieee/uxie-ghl-factory (silent failures)"],
  },
  sees: { types: ["update_appointment_status"] },
  unchecked: (view) => (view.workflow.triggers === null ? "needs the workflow's triggers" : null),
  *find(view) {
    const gap = view.derive(recordGaps)("appointment");
    if (gap === null) return;
    for (const step of view.stepsOfType("update_appointment_status"))
      if (!step.disabled && gap.missingAt(step) && targets.every((key) => isBlank(step.attributes[key])))
        yield { step, gap };
  },
  tell({ step, gap }) {
    const status = textOf(step.attributes["status_type"]);
    return {
      message: `${quoted(step)} sets an appointment${status === "" ? "" : ` to "${status}"`}, but a run that starts with ${listed(gap.lacking.map(quoted))} has no appointment of its own.`,
      impact: "The contact's latest-starting booking is changed, which may be another one than is meant.",
      fix: "Use an appointment trigger for this step, or book the appointment in the same run before it.",
      steps: [step],
      evidence: { status, triggersWithout: gap.lacking.slice(0, 20).map(({ name }) => name) },
      confidence: "likely",
    };
  },
  wrong: () => [
    { title: "a reply cancels some booking", workflow: exampleWorkflow([cancel], [{ type: "customer_reply" }]) },
    {
      title: "one of two triggers brings no appointment",
      workflow: exampleWorkflow([cancel], [{ type: "appointment" }, { type: "contact_tag" }]),
    },
  ],
  right: () => [
    { title: "an appointment started the run", workflow: exampleWorkflow([cancel], [{ type: "appointment" }]) },
    {
      title: "the run booked it itself",
      workflow: exampleWorkflow([
        { id: "book", type: "appointment_booking", attributes: { calendarId: "c1" } },
        cancel,
      ]),
    },
    {
      title: "the step names its appointment",
      workflow: exampleWorkflow([
        { ...cancel, attributes: { ...cancel.attributes, appointmentId: "{{contact.last_booking_id}}" } },
      ]),
    },
    { title: "a called workflow may get the appointment from its caller", workflow: exampleWorkflow([cancel], []) },
  ],
});

const cancel = {
  id: "cancel",
  type: "update_appointment_status",
  name: "Cancel the visit",
  attributes: { category: "appointment", status_type: "cancelled" },
};
