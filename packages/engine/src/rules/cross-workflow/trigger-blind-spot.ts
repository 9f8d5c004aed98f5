import { asked } from "../../conditions/asked.ts";
import { atomsOf } from "../../conditions/ast.ts";
import { branchConditions } from "../../conditions/branch-conditions.ts";
import { waitTimings } from "../../graph/wait-timings.ts";
import { othersStartedBy } from "../../location/surroundings.ts";
import { isBlank, listOf, textOf } from "../../model/attributes.ts";
import { Trait } from "../../model/traits.ts";
import type { Step, Trigger } from "../../model/workflow.ts";
import { texts } from "../../text/texts.ts";
import type { View } from "../../view.ts";
import { listed, quoted } from "../../words.ts";
import { defineRule, type Place } from "../rule.ts";

interface BlindSpot {
  readonly kind: "self-bookings" | "no-such-status" | "opened-only";
  readonly places: readonly (Step | Trigger)[];
  /** The other workflows are known, and none of them looks after bookings by the team. */
  readonly searched?: boolean;
}

export const triggerBlindSpot = defineRule<BlindSpot>({
  meta: {
    code: "XWF-011",
    id: "trigger-blind-spot",
    category: "cross-workflow",
    severity: "medium",
    scope: "W+L",
    title: "An event that does not fire when you think it does",
    summary:
      'Reminders or confirmations that start only with Customer Booked Appointment, a status "rescheduled" that does not exist, or a decision that rests on opened emails alone.',
    why: "Bookings by your staff and recurring ones get no reminder, reschedules are never noticed, and opens are counted by machines.",
    fix: "Start with Appointment Status, and judge emails by clicks or replies.",
    sources: [
      "help articles 155000002675 (customer booked), 155000007768 (email health)",
      "platform facts F29, F30, F46",
    ],
  },
  sees: "workflow",
  partlyUnchecked: ({ workflow }) => (workflow.triggers === null ? "needs the workflow's triggers" : null),
  *find(view) {
    const triggers = (view.workflow.triggers ?? []).filter(({ active }) => active);
    if (triggers.length > 0 && triggers.every(({ type }) => type === "customer_appointment") && informs(view)) {
      const others = othersStartedBy(view, "appointment");
      if (!others?.some(({ member, trigger }) => hearsBookings(trigger) && informs(member.view)))
        yield { kind: "self-bookings", places: triggers, searched: others !== null };
    }
    const phantom = triggers.filter(({ conditions }) =>
      conditions.some(
        ({ field, value }) => field === "appointment.status" && listOf(value).map(textOf).some(isReschedule),
      ),
    );
    if (phantom.length > 0) yield { kind: "no-such-status", places: phantom };
    const opened = triggers.filter(
      ({ type, conditions }) =>
        type === "mailgun_email_event" &&
        conditions.some(({ field, value }) => field === "mailgun.event" && isOpenedOnly(listOf(value))),
    );
    const gates = [...opened, ...openedWaits(view), ...openedDecisions(view)];
    if (gates.length > 0 && (view.traits & Trait.send) !== 0) yield { kind: "opened-only", places: gates };
  },
  tell({ kind, places, searched = false }) {
    const names = listed(places.map(quoted));
    const named: readonly Place[] = places.slice(0, 30);
    const shared = { steps: named, evidence: { reason: kind, places: named.map(({ id }) => id) } };
    if (kind === "self-bookings") {
      return {
        ...shared,
        message: `${names} ${places.length === 1 ? "fires" : "fire"} only when contacts book by themselves. Bookings by your team, recurring appointments and guests added later start nothing.`,
        impact:
          "Everybody whom your team books gets no confirmation and no reminder, and those are the ones who do not come.",
        fix: "Start this workflow with Appointment Status (status confirmed) instead.",
        at: null,
        // Another workflow may look after these bookings, or nobody but the contacts ever books.
        confidence: searched ? "likely" : "possible",
      };
    }
    if (kind === "no-such-status") {
      return {
        ...shared,
        message: `${names} ${places.length === 1 ? "waits" : "wait"} for the status "rescheduled", which appointments never get.`,
        impact: "Nobody who moves an appointment is ever noticed here.",
        fix: 'Take Appointment Status without a status filter, and ask "rescheduled" in an If/Else behind it.',
        at: null,
      };
    }
    return {
      ...shared,
      message: `${names} ${places.length === 1 ? "rests" : "rest"} on opened emails alone.`,
      impact:
        "Mail programs and scanners open emails by themselves, so people are treated as interested who have read nothing.",
      fix: "Ask for a click or a reply instead, or as well.",
      confidence: "likely",
    };
  },
  wrong: () => [
    { title: "reminders for those who book themselves", workflow: booked([before, text("See you soon")]) },
    { title: "a confirmation", workflow: booked([text("Your appointment is confirmed.")]) },
    {
      title: "a status that does not exist",
      workflow: { triggers: [appointment("rescheduled")], actions: [text("New time noted")] },
    },
    {
      title: "an opened email as a sign of interest",
      workflow: { actions: [mail, opened(["opened"]), text("You read it!")] },
    },
    {
      title: "a trigger on opened emails",
      workflow: {
        triggers: [
          {
            id: "t",
            type: "mailgun_email_event",
            conditions: [{ field: "mailgun.event", operator: "==", value: "opened" }],
          },
        ],
        actions: [text("You read it!")],
      },
    },
  ],
  right: () => [
    {
      title: "Appointment Status sees all bookings",
      workflow: { triggers: [appointment("confirmed")], actions: [before, text("See you soon")] },
    },
    {
      title: "both triggers",
      workflow: {
        triggers: [{ id: "b", type: "customer_appointment" }, appointment("confirmed")],
        actions: [before, text("See you soon")],
      },
    },
    {
      title: "a tag needs no staff booking",
      workflow: booked([{ id: "tag", type: "add_tag", config: { tags: ["booked online"] } }]),
    },
    { title: "opened or clicked", workflow: { actions: [mail, opened(["opened", "clicked"]), text("You read it!")] } },
    { title: "clicked", workflow: { actions: [mail, opened(["clicked"]), text("You read it!")] } },
  ],
});

/** Reminders or confirmations of the booking. */
function informs(view: View): boolean {
  if ((view.traits & Trait.send) === 0) return false;
  return view.derive(waitTimings).ofKind.date.length > 0 || view.derive(texts).withPhrase("visitBooked").length > 0;
}

/** Appointment Status with no status, or with that of a booking. */
function hearsBookings({ conditions }: Trigger): boolean {
  const statuses = conditions
    .filter(({ field }) => field === "appointment.status")
    .flatMap(({ value }) => listOf(value).map(textOf));
  return statuses.length === 0 || statuses.some((status) => /^(?:new|confirmed|booked)$/i.test(status));
}

function isReschedule(status: string): boolean {
  return /^re-?schedul/i.test(status);
}

function isOpenedOnly(events: readonly unknown[]): boolean {
  const given = events.filter((event) => !isBlank(event));
  return given.length > 0 && given.every((event) => /^open/i.test(textOf(event)));
}

function openedWaits(view: View): readonly Step[] {
  return view
    .derive(waitTimings)
    .ofKind.event.filter(
      ({ attributes }) => attributes["type"] === "email_event" && isOpenedOnly(listOf(attributes["emailEventTypes"])),
    );
}

function openedDecisions(view: View): readonly Step[] {
  if ((view.traits & Trait.decide) === 0 || !view.derive(asked).kinds.has("email-event")) return [];
  const conditionOf = view.derive(branchConditions);
  return view.stepsWith(Trait.decide).filter((step) => {
    const rows = step.branches.flatMap((branch) => (branch.condition === null ? [] : atomsOf(conditionOf(branch))));
    return (
      rows.length > 0 &&
      rows.every(
        ({ field, values }) => field.kind === "email-event" && (/open/i.test(field.key) || isOpenedOnly(values)),
      )
    );
  });
}

const before = {
  id: "day",
  type: "wait",
  config: { type: "appointment", appointmentStartAfter: { when: "before", type: "hours", value: 24 } },
};
const mail = { id: "mail", type: "email", config: { subject: "Guide", body: "Read it" } };

function text(body: string): object {
  return { id: "text", type: "sms", config: { body } };
}

function opened(emailEventTypes: readonly string[]): object {
  return {
    id: "hold",
    type: "wait",
    config: { type: "email_event", emailEventSteps: ["mail"], emailEventTypes, timeout: { days: 1 } },
  };
}

function appointment(status: string): object {
  return { id: "a", type: "appointment", conditions: [{ field: "appointment.status", operator: "==", value: status }] };
}

function booked(actions: readonly object[]): unknown {
  return { triggers: [{ id: "t", type: "customer_appointment" }], actions };
}
