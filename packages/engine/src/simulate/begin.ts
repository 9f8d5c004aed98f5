/** How a simulation starts: by an event, by a person, or, when nothing is said, by the workflow's first trigger. */
import { triggerTypeOf } from "../domain/trigger-types.ts";
import { END, type Trigger } from "../model/workflow.ts";
import { enrol } from "./enrolments.ts";
import { occur } from "./script.ts";
import type { SimulationOptions } from "./types.ts";
import { short } from "./words.ts";
import type { World } from "./world.ts";

/** The first thing that happens, and who comes in by it. */
export function begin(world: World, options: SimulationOptions): void {
  const { start } = options;
  const { places, contact, favoured } = world;
  if (options.timezone === undefined) world.assume({}, "The account's time zone was not given: UTC is taken.");
  const [only] = places;
  if (places.length === 1 && only?.workflow.status === "draft")
    world.assume(
      { place: only },
      `“${short(only.workflow.name)}” is a draft: it is simulated as if it were published.`,
    );
  if (start.trigger !== undefined) {
    world.beginning = [];
    occur(world, start.trigger);
    const happened = world.beginning;
    world.beginning = null;
    if (favoured === undefined) return;
    const heard = (trigger: Trigger) => happened.find(({ type }) => type === trigger.type);
    const trigger = favoured.workflow.triggers?.find((one) => one.active && heard(one) !== undefined) ?? null;
    const happening = (trigger === null ? undefined : heard(trigger)) ?? happened.at(-1) ?? null;
    enrol(world, favoured, {
      words: trigger === null ? "the start of the simulation says so" : `its trigger “${short(trigger.name)}” fires`,
      trigger,
      target: trigger?.target ?? favoured.workflow.entry,
      happening,
      from: null,
      byHand: true,
    });
    return;
  }
  const place = start.workflowId === undefined ? only : world.findPlace(start.workflowId);
  if (place === undefined) return;
  const trigger =
    start.workflowId === undefined ? (place.workflow.triggers?.find(({ active }) => active) ?? null) : null;
  if (trigger !== null)
    world.assume({ place }, `The start names no event: the trigger “${short(trigger.name)}” is taken to fire.`);
  else if (start.workflowId === undefined)
    world.assume(
      { place },
      "The start names no event and the workflow has no trigger that is on: the contact is taken to be added by hand.",
    );
  const deal = contact.opportunities.at(-1);
  const appointment = contact.appointments.at(-1);
  const invoice = contact.invoices.at(-1);
  // Without its triggers nobody knows what the run brings along.
  const isUnknown = place.workflow.triggers === null;
  const supplies: readonly string[] = isUnknown
    ? ["opportunity", "appointment", "invoice"]
    : (triggerTypeOf(trigger?.type ?? "")?.supplies ?? []);
  if (isUnknown && (deal ?? appointment ?? invoice) !== undefined)
    world.assume(
      { place },
      "The workflow came without its triggers: the contact's newest deal, appointment and invoice are taken to belong to the run.",
    );
  enrol(world, place, {
    words: trigger === null ? "somebody adds the contact" : `its trigger “${short(trigger.name)}” fires`,
    trigger,
    target: trigger === null || trigger.target === END ? place.workflow.entry : trigger.target,
    happening: {
      type: trigger?.type ?? "",
      words: "the simulation starts",
      data: new Map(),
      changed: new Set(),
      records: {
        ...(supplies.includes("opportunity") && deal !== undefined ? { opportunity: deal.id } : {}),
        ...(supplies.includes("appointment") && appointment !== undefined ? { appointment: appointment.id } : {}),
        ...(supplies.includes("invoice") && invoice !== undefined ? { invoice: invoice.id } : {}),
      },
      by: null,
      isStart: true,
    },
    from: null,
    byHand: true,
  });
}
