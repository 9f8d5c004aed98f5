/** What each kind of step does to the contact. Settings: docs/WORKFLOW_FORMATS.md; platform facts F22 to F44. */

import { stepTypeOf } from "../domain/step-types.ts";
import { recordOf, textOf } from "../model/attributes.ts";
import { Trait } from "../model/traits.ts";
import { END, type Step } from "../model/workflow.ts";
import { addTags, emit, removeTags, writeField } from "./changes.ts";
import { valuesOf } from "./contact-record.ts";
import { assignUser, calculate, changeDnd, changeScore, setCustomValue, tagsOf, writeFields } from "./contact-steps.ts";
import { appointmentStatus, createDeal, noDeal, onDeal, updateDeal } from "./deal-steps.ts";
import { ahead, decide, isDecision } from "./decisions.ts";
import { enrolElsewhere, unenrol } from "./enrolment-steps.ts";
import { endRun } from "./enrolments.ts";
import { fillPlain } from "./fill.ts";
import { send } from "./messages.ts";
import { opportunityOf } from "./read-values.ts";
import { runWait } from "./waits.ts";
import { short } from "./words.ts";
import type { Outcome, Run, Thread, Where, World } from "./world.ts";
import { readMoment } from "./zoned-time.ts";

type Effect = (world: World, run: Run, step: Step) => void;

/** Executes a step and says where the run goes on. */
export function execute(world: World, thread: Thread, step: Step): Outcome {
  const { run } = thread;
  const where = { run, step };
  if (step.disabled && step.type !== "wait") {
    world.say(where, "ignored", `“${short(step.name)}” is switched off: the run passes it over.`, {
      reason: "switched-off",
    });
    return isDecision(step) ? decide(world, thread, step) : ahead(step);
  }
  const kind = stepTypeOf(step.type)?.kind;
  if ((step.traits & Trait.send) !== 0) return send(world, thread, step, () => behindSend(world, thread, step));
  switch (kind) {
    case "wait":
      return runWait(world, thread, step);
    case "jump":
      if (step.jump !== END)
        world.say(where, "step", `The contact jumps to “${short(run.place.workflow.steps[step.jump]?.name ?? "")}”.`);
      return {
        go: "to",
        target: step.jump,
        missing: step.missingJump,
        ...(step.jump === END ? { emptyWay: "Go To" } : {}),
      };
    case "goal":
      return arriveAtGoal(world, run, step);
    case "unenrol":
      return unenrol(world, run, step);
    case "manual":
      return manual(world, step, where);
    case "drip":
      world.assume(
        where,
        `“${short(step.name)}” lets contacts through in batches: the contact is taken to be in the first one.`,
      );
      return ahead(step);
    case "deleteContact":
      world.contact.deleted = true;
      world.say(where, "step", "The contact is deleted.", { deleted: true });
      for (const place of world.places)
        for (const other of [...place.active])
          if (other !== run) endRun(world, other, "deleted", "The contact was deleted.");
      return { go: "end", how: "deleted", text: "The contact was deleted." };
    case undefined:
      if (step.type === "end") return { go: "end", how: "finished", text: "The workflow ends here." };
      world.assume(
        where,
        `What “${short(step.name)}” does is not known (${short(step.type)}): it is taken to change nothing here.`,
      );
      return step.branches.length > 0 ? decide(world, thread, step) : ahead(step);
  }
  if (isDecision(step)) return decide(world, thread, step);
  effectOf(step)(world, run, step);
  if ((step.traits & Trait.terminal) !== 0)
    return { go: "end", how: "finished", text: `“${short(step.name)}” ends the run.` };
  return step.branches.length > 0 ? decide(world, thread, step) : ahead(step);
}

/** A message with ways of its own: delivered or not, the answer to a bot. */
function behindSend(world: World, thread: Thread, step: Step): Outcome {
  return step.branches.length === 0 ? ahead(step) : decide(world, thread, step);
}

const effects: Readonly<Record<string, Effect>> = {
  add_contact_tag: (world, run, step) => addTags(world, { run, step }, tagsOf(world, run, step)),
  add_contact_tag_tool: (world, run, step) => addTags(world, { run, step }, tagsOf(world, run, step)),
  remove_contact_tag: (world, run, step) => removeTags(world, { run, step }, tagsOf(world, run, step)),
  remove_contact_tag_tool: (world, run, step) => removeTags(world, { run, step }, tagsOf(world, run, step)),
  update_contact_field: writeFields,
  create_update_contact: writeFields,
  math_operation: calculate,
  contact_engagement_score: changeScore,
  assign_user: assignUser,
  assign_to_user_tool: assignUser,
  remove_assigned_user: (world, run, step) => writeField(world, { run, step }, "assignedTo", ""),
  dnd_contact: changeDnd,
  add_notes: (world, run, step) => {
    world.say({ run, step }, "internal", `The note “${short(step.name)}” is added to the contact.`);
    emit(world, { run, step }, { type: "note_add", words: "a note is added" });
  },
  "task-notification": (world, run, step) => {
    world.say(
      { run, step },
      "internal",
      `A task is made for the team: “${short(fillPlain(world, run, textOf(step.attributes["title"])) || step.name)}”.`,
    );
    emit(world, { run, step }, { type: "task_added", words: "a task is added" });
  },
  internal_notification: notify,
  slack_message: (world, run, step) =>
    world.say({ run, step }, "internal", `The team is told by Slack: “${short(step.name)}”.`),
  internal_create_opportunity: createDeal,
  create_opportunity: createDeal,
  internal_update_opportunity: updateDeal,
  remove_opportunity: (world, run, step) => {
    const deal = opportunityOf(world, run.records);
    if (deal === undefined) return noDeal(world, { run, step });
    world.contact.opportunities.splice(world.contact.opportunities.indexOf(deal), 1);
    world.say({ run, step }, "opportunity", "The deal is removed.", { id: deal.id, removed: true });
  },
  update_appointment_status: appointmentStatus,
  add_to_workflow: enrolElsewhere,
  event_start_date: eventStartDate,
  update_custom_value: (world, run, step) => {
    const key = textOf(step.attributes["custom_value_id"] ?? step.attributes["custom_value_key"]);
    const value = fillPlain(world, run, textOf(step.attributes["new_value"] ?? step.attributes["value"]));
    setCustomValue(world, { run, step }, key, value);
  },
  "internal-add-opportunity-owner": onDeal,
  "internal-remove-opportunity-owner": onDeal,
  "internal-add-opportunities-followers": onDeal,
  "internal-remove-opportunities-followers": onDeal,
  conversationai_end: () => undefined,
};

function effectOf(step: Step): Effect {
  return (Object.hasOwn(effects, step.type) ? effects[step.type] : undefined) ?? other;
}

/** Everything that leaves the contact as it is, but for a record that it makes. */
const other: Effect = (world, run, step) => {
  const where = { run, step };
  makeRecord(world, run, step);
  const name = `“${short(step.name)}”`;
  if ((step.traits & Trait.payment) !== 0)
    world.say(where, "outbound", `${name} asks for money or a signature.`, { payment: true });
  else if ((step.traits & Trait.outbound) !== 0) {
    const url = textOf(step.attributes["url"]);
    world.say(
      where,
      "outbound",
      `${name} sends data out of HighLevel${url === "" ? "" : ` to ${short(url)}`}.`,
      url === "" ? {} : { url: short(url) },
    );
  } else if ((step.traits & Trait.ai) !== 0)
    world.say(where, "outbound", `${name} asks a model; what it answers is not known.`, { model: true });
  else world.say(where, "step", `${name} runs.`);
};

/** A booking or an invoice that a step makes: what stands in it is not known. */
function makeRecord(world: World, run: Run, step: Step): void {
  const supplies: readonly string[] = stepTypeOf(step.type)?.supplies ?? [];
  if (supplies.includes("appointment")) {
    const appointment = { id: world.nextId("appointment"), status: "confirmed" };
    world.contact.appointments.push(appointment);
    run.records = { ...run.records, appointment: appointment.id };
    world.assume({ run, step }, `“${short(step.name)}” is taken to book an appointment, at a time that is not known.`);
  }
  if (supplies.includes("invoice")) {
    const invoice = { id: world.nextId("invoice"), status: "sent" };
    world.contact.invoices.push(invoice);
    run.records = { ...run.records, invoice: invoice.id };
  }
}

/** To the contact's owner it goes only when there is one (platform fact F44). */
function notify(world: World, run: Run, step: Step): void {
  const where = { run, step };
  const kind = textOf(step.attributes["type"]);
  const settings = recordOf(step.attributes[kind]);
  const owner = valuesOf(world.contact.get("contact.assignedto"));
  if (/assign/i.test(textOf(settings["userType"])) && owner.length === 0) {
    world.say(
      where,
      "ignored",
      "The team's notification goes to the contact's owner, and there is none: nobody is told.",
      { reason: "no-owner" },
    );
    return;
  }
  world.say(where, "internal", `The team is told by ${kind === "" ? "a notification" : kind}: “${short(step.name)}”.`, {
    channel: kind,
  });
}

/** A person has to act; the script says when (`manual`). */
function manual(world: World, step: Step, where: Where & { readonly run: Run }): Outcome {
  world.say(where, "wait", `“${short(step.name)}” waits until someone of the team has done it.`, {
    until: null,
    reason: "person",
  });
  const then = () => ahead(step);
  return {
    go: "hold",
    hold: { step, kind: "person", alarm: null, hears: ({ type }) => type === "manual", onHeard: then, onAlarm: then },
  };
}

/** A run that comes to the goal without having met it ends, goes on or waits, as the goal says (platform fact F19). */
function arriveAtGoal(world: World, run: Run, step: Step): Outcome {
  const where = { run, step };
  if (run.goalsDone.has(step.index)) return ahead(step);
  run.goalsDone.add(step.index);
  const policy = textOf(step.attributes["action"]).toLowerCase();
  const told = (then: string) =>
    world.say(where, "goal", `The contact comes to the goal “${short(step.name)}” without having met it: ${then}.`, {
      met: false,
      policy,
    });
  if (policy.startsWith("wait")) {
    run.goalsDone.delete(step.index);
    told("the run waits until it is met");
    const then = () => ahead(step);
    return { go: "hold", hold: { step, kind: "goal", alarm: null, hears: () => false, onHeard: then, onAlarm: then } };
  }
  if (/^(?:continue|next|proceed)/.test(policy)) {
    told("the run goes on");
    return ahead(step);
  }
  if (!/^(?:exit|end)/.test(policy))
    world.assume(where, `What happens to a contact that has not met the goal is not said: the run is taken to end.`);
  told("the run ends");
  return { go: "end", how: "exit", text: `The goal “${short(step.name)}” was not met.` };
}

/** Always in the account's zone (platform fact F9). */
function eventStartDate(world: World, run: Run, step: Step): void {
  const where = { run, step };
  const value = textOf(step.attributes["value"]);
  const isField = step.attributes["event_start_type"] === "custom_field" && !value.includes("{{");
  const given = fillPlain(world, run, isField ? `{{contact.${value.replace(/^contact\./, "")}}}` : value);
  const instant = readMoment(given, world.accountClock);
  for (const thread of run.threads) thread.skipsSends = false;
  run.eventDate = instant;
  if (Number.isNaN(instant))
    world.say(
      where,
      "ignored",
      `“${short(step.name)}” finds no date (“${short(given)}”): the waits behind it have nothing to count from.`,
      { reason: "no-date" },
    );
  else
    world.say(where, "step", `The event start date is set to ${new Date(instant).toISOString()}.`, {
      eventDate: new Date(instant).toISOString(),
    });
}
