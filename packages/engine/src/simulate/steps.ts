/** What each kind of step does to the contact. Settings: docs/WORKFLOW_FORMATS.md; platform facts F22 to F44. */

import { readNumber } from "../conditions/ranges.ts";
import { stepTypeOf } from "../domain/step-types.ts";
import { isBlank, isRecord, listOf, numberOf, recordOf, textOf } from "../model/attributes.ts";
import { readDealMove } from "../model/deal-moves.ts";
import { channelOfLabel } from "../model/reply-channels.ts";
import { Trait } from "../model/traits.ts";
import { END, type Step } from "../model/workflow.ts";
import { listed } from "../words.ts";
import {
  addTags,
  changeOpportunity,
  createOpportunity,
  type DealChange,
  emit,
  removeTags,
  setAppointmentStatus,
  setDnd,
  writeField,
} from "./changes.ts";
import { valuesOf } from "./contact-record.ts";
import { ahead, along, decide, isDecision } from "./decisions.ts";
import { endRun, enrol } from "./enrolments.ts";
import { fillPlain } from "./fill.ts";
import { send } from "./messages.ts";
import { appointmentOf, customValue, opportunityOf } from "./read-values.ts";
import { runWait } from "./waits.ts";
import { short } from "./words.ts";
import type { Outcome, Run, Thread, Where, World } from "./world.ts";
import { plainKey } from "./world.ts";
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
  contact_engagement_score: score,
  assign_user: assign,
  assign_to_user_tool: assign,
  remove_assigned_user: (world, run, step) => writeField(world, { run, step }, "assignedTo", ""),
  dnd_contact: dnd,
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

/** Account-wide: everybody reads the new value (platform fact F40). */
function setCustomValue(world: World, where: Where, key: string, value: string): void {
  const before = customValue(world, key)?.join(", ") ?? null;
  world.customValues.set(plainKey(key), value);
  const text = `The custom value ${short(key)} becomes “${short(value)}” for everybody in the account.`;
  world.say(where, "field", text, { customValue: key, value, before });
}

/** Owners and followers of a deal: nothing that anybody listens to, but it needs the deal. */
function onDeal(world: World, run: Run, step: Step): void {
  if (opportunityOf(world, run.records) === undefined) noDeal(world, { run, step });
  else world.say({ run, step }, "opportunity", `“${short(step.name)}” changes who looks after the deal.`);
}

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

function tagsOf(world: World, run: Run, { attributes }: Step): readonly string[] {
  return listOf(attributes["tags"]).map((tag) => fillPlain(world, run, textOf(tag)));
}

/** Writing a blank changes nothing; clearing is a mode of its own (platform fact F41). */
function writeFields(world: World, run: Run, step: Step): void {
  const where = { run, step };
  const clears = step.attributes["actionType"] === "clear_field_data";
  let rows = 0;
  for (const row of listOf(step.attributes["fields"])) {
    if (!isRecord(row)) continue;
    const name = textOf(row["field"]);
    if (name === "") continue;
    rows++;
    if (clears) {
      writeField(world, where, name, "");
      continue;
    }
    const value = Array.isArray(row["value"])
      ? row["value"].map(textOf)
      : fillPlain(world, run, textOf(row["value"]) || textOf(row["date"]));
    if (isBlank(value))
      world.say(
        where,
        "ignored",
        `The field ${short(name)} is written with nothing, and writing a blank changes nothing.`,
        { reason: "blank-write", field: name },
      );
    else writeField(world, where, name, value);
  }
  if (rows === 0)
    world.say(where, "ignored", `“${short(step.name)}” names no field: nothing changes.`, { reason: "no-field" });
}

const operations: Readonly<Record<string, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
};

function calculate(world: World, run: Run, step: Step): void {
  const where = { run, step };
  const { attributes } = step;
  // The plain formats say it in one row: `{field, operator, value}`.
  const source = textOf(attributes["selectField"]) || textOf(attributes["field"]);
  const target = textOf(attributes["updateField"]) || source;
  if (target === "" && textOf(attributes["targetCustomValueId"]) === "") {
    world.say(where, "ignored", `“${short(step.name)}” names no field: nothing changes.`, {
      reason: "no-field",
    });
    return;
  }
  const [own] = valuesOf(world.contact.get(world.fields.ofPath(`contact.${source.replace(/^contact\./, "")}`).key));
  let result = readNumber(own ?? "0") ?? Number.NaN;
  for (const row of listOf(attributes["operators"] ?? attributes).filter(isRecord)) {
    const name = textOf(row["operator"]).toLowerCase();
    const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
    const value = readNumber(fillPlain(world, run, textOf(row["value"])));
    if (operation === undefined || value === undefined) {
      world.assume(where, `A part of the calculation cannot be read (${short(name)}): it is left out.`);
      continue;
    }
    result = operation(result, value);
  }
  if (!Number.isFinite(result)) {
    world.say(where, "ignored", "The calculation has no result: the field stays as it is.", {
      reason: "no-result",
    });
    return;
  }
  const customValue = textOf(attributes["targetCustomValueId"]);
  if (customValue !== "") setCustomValue(world, where, customValue, String(result));
  else writeField(world, where, target, result);
}

function score(world: World, run: Run, step: Step): void {
  const points = numberOf(step.attributes["points"]);
  const before = Number(valuesOf(world.contact.get("contact.engagementscore"))[0] ?? 0);
  const sign = /sub|remove|minus/i.test(textOf(step.attributes["operator"])) ? -1 : 1;
  if (Number.isNaN(points)) {
    world.say({ run, step }, "ignored", `“${short(step.name)}” names no points: the score stays.`, {
      reason: "no-points",
    });
    return;
  }
  writeField(world, { run, step }, "engagementScore", before + sign * points);
}

function assign(world: World, run: Run, step: Step): void {
  const where = { run, step };
  const users = listOf(step.attributes["user_list"])
    .map(textOf)
    .filter((user) => user !== "");
  const custom = fillPlain(world, run, textOf(step.attributes["customUserList"]));
  if (
    step.attributes["only_unassigned_contact"] === true &&
    valuesOf(world.contact.get("contact.assignedto")).length > 0
  ) {
    world.say(where, "ignored", "The contact has an owner already, and only contacts without one are assigned.", {
      reason: "has-owner",
    });
    return;
  }
  const [first] = users;
  const user = first ?? custom;
  if (user === "") {
    world.say(where, "ignored", `“${short(step.name)}” names nobody: the owner stays as it is.`, {
      reason: "nobody",
    });
    return;
  }
  if (users.length > 1)
    world.assume(where, `“${short(step.name)}” shares contacts among ${users.length} users: the first one is taken.`);
  writeField(world, where, "assignedTo", world.location.user(user)?.name ?? user);
}

function dnd(world: World, run: Run, step: Step): void {
  const mode = textOf(step.attributes["dnd_contact"]);
  const on = mode.startsWith("enable");
  if (!on && !mode.startsWith("disable")) {
    world.say({ run, step }, "ignored", `“${short(step.name)}” does not say whether do not disturb goes on or off.`, {
      reason: "no-mode",
    });
    return;
  }
  const channels = mode.endsWith("specific")
    ? listOf(step.attributes["specific_channels"]).map((channel) => {
        const label = textOf(channel);
        return channelOfLabel(label) ?? label.toLowerCase();
      })
    : ["all"];
  setDnd(world, { run, step }, channels, on);
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

function dealChange(world: World, run: Run, step: Step): DealChange {
  const { pipeline, stage, status } = readDealMove(step);
  const { attributes } = step;
  const row = (name: string) =>
    textOf(
      listOf(attributes["__customInputFields__"])
        .filter(isRecord)
        .find((one) => one["filterField"] === name)?.["value"],
    );
  const filled = (text: string) => fillPlain(world, run, text);
  const name = filled(row("name") || textOf(attributes["opportunity_name"]));
  const value = readNumber(filled(row("monetaryValue") || textOf(attributes["monetary_value"])));
  const source = filled(row("source") || textOf(attributes["opportunity_source"]));
  return {
    ...(pipeline === "" ? {} : { pipelineId: pipeline }),
    ...(stage === "" ? {} : { stageId: stage }),
    ...(status === "" ? {} : { status }),
    ...(name === "" ? {} : { name }),
    ...(value === undefined ? {} : { monetaryValue: value }),
    ...(source === "" ? {} : { source }),
  };
}

/** The old step changes the deal that is there in the pipeline, and creates one else. */
function createDeal(world: World, run: Run, step: Step): void {
  const where = { run, step };
  const change = dealChange(world, run, step);
  const existing =
    step.type === "create_opportunity"
      ? world.contact.opportunities.find(({ pipelineId }) => pipelineId === change.pipelineId)
      : undefined;
  if (existing !== undefined) {
    run.records = { ...run.records, opportunity: existing.id };
    moveDeal(world, where, existing, change, step);
    return;
  }
  const deal = createOpportunity(world, where, change);
  run.records = { ...run.records, opportunity: deal.id };
}

/** Without a deal in the run nothing happens (platform fact F42). */
function updateDeal(world: World, run: Run, step: Step): void {
  const where = { run, step };
  const deal = opportunityOf(world, run.records);
  if (deal === undefined) {
    noDeal(world, where);
    return;
  }
  moveDeal(world, where, deal, dealChange(world, run, step), step);
}

function noDeal(world: World, where: Where): void {
  world.say(where, "ignored", "No deal belongs to this run, so nothing happens.", { reason: "no-deal" });
}

/** A stage needs its pipeline, and moves backward need to be allowed (platform fact F42). */
function moveDeal(
  world: World,
  where: Where,
  deal: { readonly id: string; readonly stageId?: string },
  change: DealChange,
  step: Step,
): void {
  const target = world.contact.opportunities.find(({ id }) => id === deal.id);
  if (target === undefined) return;
  const { allowsBackward } = readDealMove(step);
  if (change.stageId !== undefined && change.pipelineId === undefined) {
    world.say(where, "ignored", "The step names a stage without its pipeline, so the deal stays where it is.", {
      reason: "stage-without-pipeline",
    });
    return;
  }
  const places = (stage: string | undefined) =>
    world.location
      .stages(stage ?? "")
      .find(({ pipeline }) => pipeline.id === change.pipelineId || pipeline.name === change.pipelineId);
  const [from, to] = [places(target.stageId), places(change.stageId)];
  if (!allowsBackward && from !== undefined && to !== undefined && to.position < from.position) {
    world.say(
      where,
      "ignored",
      "The stage lies before the one the deal is in, and moving backward is not allowed: the deal stays.",
      { reason: "backward" },
    );
    return;
  }
  if (
    !allowsBackward &&
    change.stageId !== undefined &&
    target.stageId !== undefined &&
    target.stageId !== change.stageId &&
    (from === undefined || to === undefined)
  )
    world.assume(where, "The order of the stages is not known: the move is taken to be forward.");
  changeOpportunity(world, where, target, change);
}

/** Outside an appointment trigger it is the contact's appointment that starts last (platform fact F43). */
function appointmentStatus(world: World, run: Run, step: Step): void {
  const where = { run, step };
  const status = textOf(step.attributes["status_type"]);
  const moment = (text: string | undefined) => {
    const instant = readMoment(text ?? "", world.accountClock);
    return Number.isNaN(instant) ? Number.NEGATIVE_INFINITY : instant;
  };
  const latest = world.contact.appointments.reduce<(typeof world.contact.appointments)[number] | undefined>(
    (best, one) => (best === undefined || moment(one.startTime) > moment(best.startTime) ? one : best),
    undefined,
  );
  const named = fillPlain(world, run, textOf(step.attributes["appointmentId"]));
  const appointment =
    textOf(step.attributes["appointmentId"]) === ""
      ? (appointmentOf(world, run.records) ?? latest)
      : world.contact.appointments.find(({ id }) => id === named);
  if (appointment === undefined) {
    world.say(where, "ignored", "The contact has no appointment, so nothing happens.", {
      reason: "no-appointment",
    });
    return;
  }
  if (status === "") {
    world.say(where, "ignored", `“${short(step.name)}” names no status: nothing changes.`, {
      reason: "no-status",
    });
    return;
  }
  setAppointmentStatus(world, where, appointment, status);
}

function enrolElsewhere(world: World, run: Run, step: Step): void {
  const where = { run, step };
  const ids = listOf(step.attributes["workflow_id"])
    .map(textOf)
    .filter((id) => id !== "");
  if (ids.length === 0) {
    world.say(where, "ignored", `“${short(step.name)}” names no workflow: nothing happens.`, {
      reason: "no-workflow",
    });
    return;
  }
  for (const id of ids) {
    const place = world.findPlace(id);
    if (place === undefined) {
      const name = world.location.workflow(id)?.name ?? id;
      world.say(
        where,
        "ignored",
        `The contact is added to “${short(name)}”, which is not among the simulated workflows.`,
        { reason: "not-given", workflowId: id },
      );
      world.assume(where, `“${short(name)}” was not given, so what it does is left out.`);
      continue;
    }
    enrol(world, place, {
      words: `“${short(run.place.workflow.name)}” adds the contact`,
      trigger: null,
      target: place.workflow.entry,
      happening: null,
      from: step.attributes["input_trigger_params"] === true ? run : null,
      byHand: false,
    });
  }
}

/** The stored list of ids must be a list: a bare id removes nothing (platform fact F24). */
function unenrol(world: World, run: Run, step: Step): Outcome {
  const where = { run, step };
  const { attributes } = step;
  const all = attributes["allWorkflows"] === true || step.type === "remove_from_all_workflows";
  const given = attributes["workflow_id"];
  const isBare = typeof given === "string" && given !== "" && run.place.workflow.format === "builder";
  if (isBare && !all)
    world.say(where, "ignored", "The step stores a single workflow instead of a list, and that removes nothing.", {
      reason: "bare-id",
    });
  const ids = isBare ? [] : listOf(given).map(textOf);
  const named = new Set(ids.map((id) => world.findPlace(id)).filter((place) => place !== undefined));
  let removed = 0;
  for (const place of world.places) {
    if (!all && !named.has(place)) continue;
    for (const other of [...place.active]) {
      if (other === run) continue;
      removed++;
      remove(world, run, other, step);
    }
  }
  const current =
    step.type === "remove_from_all_workflows" ||
    attributes["includeCurrent"] === true ||
    (all && attributes["includeCurrent"] !== false) ||
    named.has(run.place);
  const unknown = ids.filter((id) => id !== "" && world.findPlace(id) === undefined);
  if (unknown.length > 0)
    world.assume(
      where,
      `Not among the simulated workflows: ${listed(unknown.map(short))}; the contact is taken not to be in there.`,
    );
  if (current)
    return { go: "end", how: "removed", text: `“${short(step.name)}” takes the contact out of this workflow.` };
  if (removed === 0)
    world.say(where, "ignored", "The contact is in none of the workflows that it is taken out of.", {
      reason: "not-enrolled",
    });
  return step.branches.length > 0 ? along(step.branches[0] as (typeof step.branches)[number]) : ahead(step);
}

function remove(world: World, by: Run, other: Run, step: Step): void {
  if (other.startedAt === world.now() && other.place !== by.place)
    world.assume(
      { run: by, step },
      `“${short(other.place.workflow.name)}” began in the same second in which the contact is taken out of it. HighLevel promises no order for that: the order of the steps is taken.`,
    );
  endRun(
    world,
    other,
    "removed",
    `“${short(by.place.workflow.name)}” takes the contact out (“${short(step.name)}”).`,
    step,
  );
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
