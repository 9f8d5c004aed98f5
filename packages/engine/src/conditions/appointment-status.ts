import { triggerTypeOf } from "../domain/trigger-types.ts";
import { spread, startsBy } from "../graph/spread.ts";
import { waitTimings } from "../graph/wait-timings.ts";
import { listOf, textOf } from "../model/attributes.ts";
import { eventOffset } from "../model/waits.ts";
import type { Branch, Step, Trigger } from "../model/workflow.ts";
import type { Analysis, View } from "../view.ts";
import { atomsOf } from "./ast.ts";
import { branchConditions } from "./branch-conditions.ts";

/** The states that HighLevel gives an appointment. */
export const appointmentStatuses = ["new", "confirmed", "cancelled", "showed", "noshow", "invalid"] as const;

/** Does a run of this trigger bring an appointment? */
export function bringsAppointment({ type }: Trigger): boolean {
  return triggerTypeOf(type)?.supplies.includes("appointment") === true;
}

/** The statuses that a trigger lets in, as they are stored; null when it asks for none. */
export function statusesHeard({ conditions }: Trigger): ReadonlySet<string> | null {
  const rows = conditions.filter(({ field }) => field === "appointment.status" || field === "status");
  if (rows.length === 0) return null;
  return new Set(rows.flatMap(({ value }) => listOf(value).map((status) => plainStatus(textOf(status)))));
}

const settled: ReadonlySet<string> = new Set(["showed", "noshow", "cancelled", "invalid"]);

/** Does the trigger let in only appointments of which it is known what became of them? */
export function isSettled(trigger: Trigger): boolean {
  const heard = statusesHeard(trigger);
  return heard !== null && heard.size > 0 && [...heard].every((status) => settled.has(status));
}

/** `No Show`, `no-show` and `noshow` are one. */
export function plainStatus(status: string): string {
  const plain = status.replace(/[\s_-]+/g, "").toLowerCase();
  return plain === "canceled" ? "cancelled" : plain;
}

const NAMED = /\b(?:no[- ]?show(?:ed)?|cancel\w*|storniert|abgesagt|showed|confirmed|rescheduled)\b/i;

/** Is a branch about what became of the appointment: by its status, or by a tag or name that says so? */
export const asksAppointmentStatus: Analysis<(branch: Branch) => boolean> = (view) => {
  const conditionOf = view.derive(branchConditions);
  return (branch) => {
    if (branch.condition === null) return false;
    if (NAMED.test(branch.name)) return true;
    return atomsOf(conditionOf(branch)).some(
      ({ field, values }) => field.kind === "appointment" || values.some((value) => NAMED.test(value)),
    );
  };
};

/**
 * The steps that a run of these triggers reaches (by `NOBODY` or not) before anything tells what became of the appointment: a
 * question about its status, or a wait until after it.
 */
export function reachedUnasked(view: View, triggers: readonly Trigger[]): Int32Array {
  const asks = view.derive(asksAppointmentStatus);
  const timings = view.derive(waitTimings);
  const isOver = (step: Step) => timings.of[step.index]?.kind === "date" && eventOffset(step).when === "after";
  return spread(
    view,
    startsBy(view, (trigger) => trigger !== null && triggers.includes(trigger)),
    (step) => !isOver(step) && !step.branches.some(asks),
  );
}
