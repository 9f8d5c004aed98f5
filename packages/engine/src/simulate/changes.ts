/** What changes the contact, by a step or from outside: each writes, says so, and lets everybody listen who does. */
import { listed } from "../words.ts";
import { type Appointment, type Opportunity, plainTag } from "./contact-record.ts";
import type { FieldValue } from "./types.ts";
import { clipped, short } from "./words.ts";
import { dataOf, type Happening, NO_CHANGES, type Records, type Where, type World } from "./world.ts";

type Told = Pick<Happening, "type" | "words"> & Partial<Pick<Happening, "data" | "changed" | "records" | "isStart">>;

/** Lets a happening be heard. */
export function emit(world: World, where: Where, told: Told): void {
  world.emit({
    data: dataOf({}),
    changed: NO_CHANGES,
    records: {},
    isStart: false,
    by: where.run?.place ?? null,
    ...told,
  });
}

function quotes(names: readonly string[]): string {
  return listed(names.map((name) => `“${short(name)}”`));
}

/** Tags written together; one that is there already, or blank, changes nothing. */
export function addTags(world: World, where: Where, given: readonly string[]): void {
  const added: string[] = [];
  const there: string[] = [];
  for (const tag of new Set(given.map(plainTag))) {
    if (tag === "") continue;
    if (world.contact.tags.has(tag)) there.push(tag);
    else {
      world.contact.tags.add(tag);
      added.push(tag);
    }
  }
  if (added.length > 0) world.say(where, "tag", `The contact gets the tag ${quotes(added)}.`, { added, removed: [] });
  if (there.length > 0)
    world.say(where, "ignored", `The contact has the tag ${quotes(there)} already: nothing changes.`, {
      reason: "tag-there",
      tags: there.slice(0, 20),
    });
  for (const tag of added) emitTag(world, where, "added", tag);
}

export function removeTags(world: World, where: Where, given: readonly string[]): void {
  const removed: string[] = [];
  const missing: string[] = [];
  for (const tag of new Set(given.map(plainTag))) {
    if (tag === "") continue;
    if (world.contact.tags.delete(tag)) removed.push(tag);
    else missing.push(tag);
  }
  if (removed.length > 0)
    world.say(where, "tag", `The contact loses the tag ${quotes(removed)}.`, { added: [], removed });
  if (missing.length > 0)
    world.say(where, "ignored", `The contact does not have the tag ${quotes(missing)}: nothing changes.`, {
      reason: "tag-missing",
      tags: missing.slice(0, 20),
    });
  for (const tag of removed) emitTag(world, where, "removed", tag);
}

function emitTag(world: World, where: Where, how: "added" | "removed", tag: string): void {
  const words = `the tag “${short(tag)}” is ${how}`;
  const data = dataOf(how === "added" ? { tagsAdded: [tag] } : { tagsRemoved: [tag] });
  emit(world, where, { type: "contact_tag", words, data });
  emit(world, where, { type: "contact_changed", words, data, changed: new Set(["contact.tags"]) });
}

/** No field holds more; a text that is written into itself again and again would double each time. */
const LONGEST_VALUE = 20_000;

/** A field written; the same value again changes nothing and starts nothing. */
export function writeField(world: World, where: Where, name: string, given: FieldValue): void {
  const value = typeof given === "string" ? given.slice(0, LONGEST_VALUE) : given;
  const { key, changed } = world.contact.set(name, value);
  const shown = value === null || value === "" ? "blank" : `“${short(String(value))}”`;
  if (!changed) {
    world.say(where, "ignored", `The field ${short(name)} is ${shown} already: nothing changes.`, {
      reason: "field-same",
      field: clipped(name),
    });
    return;
  }
  world.say(where, "field", `The field ${short(name)} becomes ${shown}.`, {
    field: clipped(name),
    value: typeof value === "string" ? clipped(value) : value,
  });
  emit(world, where, {
    type: "contact_changed",
    words: `the field ${short(name)} changes`,
    changed: new Set([key]),
  });
}

/** DND of channels ("all": every one), on or off. */
export function setDnd(world: World, where: Where, channels: readonly string[], on: boolean): void {
  const { dnd } = world.contact;
  const before = dnd.size;
  for (const channel of channels) {
    if (on) dnd.add(channel);
    else if (channel === "all") dnd.clear();
    else dnd.delete(channel);
  }
  const name = channels.includes("all") ? "all channels" : listed(channels);
  if (dnd.size === before) {
    const text = `Do not disturb for ${name} is ${on ? "on" : "off"} already: nothing changes.`;
    world.say(where, "ignored", text, { reason: "dnd-same" });
    return;
  }
  world.say(where, "dnd", `Do not disturb is switched ${on ? "on" : "off"} for ${name}.`, { on, channels });
  emit(world, where, {
    type: "dnd_contact",
    words: `do not disturb is switched ${on ? "on" : "off"}`,
    data: dataOf({ dnd: String(on), "dnd.channel": channels }),
    changed: new Set(["contact.dnd"]),
  });
}

export type DealChange = Partial<Omit<Opportunity, "id">>;

export function createOpportunity(world: World, where: Where, change: DealChange): Opportunity {
  const deal: Opportunity = { status: "open", ...change, id: world.nextId("opportunity") };
  world.contact.opportunities.push(deal);
  const name = deal.name === undefined || deal.name === "" ? "A deal" : `The deal “${short(deal.name)}”`;
  const others = world.contact.opportunities.length - 1;
  const more = others === 0 ? "" : ` The contact now has ${others + 1}.`;
  world.say(where, "opportunity", `${name} is created${stageWords(world, deal)}.${more}`, { ...deal, created: true });
  emit(world, where, { type: "opportunity_created", words: "a deal is created", ...dealHappening(world, deal) });
  return deal;
}

/** Changes a deal and says what changed. */
export function changeOpportunity(world: World, where: Where, deal: Opportunity, change: DealChange): void {
  const before = { ...deal };
  Object.assign(deal, change);
  const stageMoved = deal.stageId !== before.stageId || deal.pipelineId !== before.pipelineId;
  const statusMoved = deal.status !== before.status;
  const keys = ["stageId", "pipelineId", "status", "monetaryValue", "name", "source", "assignedTo"] as const;
  const changed = keys.filter((key) => deal[key] !== before[key]);
  if (changed.length === 0) {
    world.say(where, "ignored", "The deal is like that already: nothing changes.", {
      reason: "deal-same",
      id: deal.id,
    });
    return;
  }
  const words = [
    ...(stageMoved ? [`moves${stageWords(world, deal)}`] : []),
    ...(statusMoved ? [`becomes ${deal.status ?? "open"}`] : []),
    ...(stageMoved || statusMoved ? [] : [`changes (${changed.join(", ")})`]),
  ];
  world.say(where, "opportunity", `The deal ${words.join(" and ")}.`, { id: deal.id, ...change });
  const told = dealHappening(world, deal, before.status);
  if (stageMoved)
    emit(world, where, { type: "pipeline_stage_updated", words: `the deal moves${stageWords(world, deal)}`, ...told });
  if (statusMoved)
    emit(world, where, {
      type: "opportunity_status_changed",
      words: `the deal becomes ${deal.status ?? "open"}`,
      ...told,
    });
  emit(world, where, {
    type: "opportunity_changed",
    words: "the deal changes",
    ...told,
    changed: new Set(changed.map((key) => `opportunity.${key.toLowerCase()}`)),
  });
}

function stageWords(world: World, { stageId, pipelineId }: DealChange): string {
  if (stageId !== undefined && stageId !== "")
    return ` to the stage “${short(world.location.stages(stageId)[0]?.name ?? stageId)}”`;
  return pipelineId === undefined || pipelineId === ""
    ? ""
    : ` in the pipeline “${short(world.location.pipeline(pipelineId)?.name ?? pipelineId)}”`;
}

function dealHappening(world: World, deal: Opportunity, oldStatus?: string) {
  const records: Records = { opportunity: deal.id };
  const data = dataOf({
    "opportunity.pipelineId": deal.pipelineId ?? null,
    "opportunity.pipelineStageId": deal.stageId ?? null,
    "opportunity.stageId": deal.stageId ?? null,
    "opportunity.status": deal.status ?? null,
    "opportunity.monetaryValue": deal.monetaryValue ?? null,
    "opportunity.assignedTo": deal.assignedTo ?? null,
    "opportunity.source": deal.source ?? null,
    "opportunity.name": deal.name ?? null,
    ...(oldStatus === undefined ? {} : { "opportunity.oldStatus": oldStatus }),
  });
  return { records, data: new Map([...data, ...stagesByName(world, deal)]) };
}

/** Hand-written filters may name a stage or pipeline instead of its id. */
function stagesByName(world: World, { stageId, pipelineId }: Opportunity): ReadonlyMap<string, readonly string[]> {
  const stage = world.location.stages(stageId ?? "")[0]?.name;
  const pipeline = world.location.pipeline(pipelineId ?? "")?.name;
  const both = (id: string | undefined, name: string | undefined) => [id ?? "", name ?? ""].filter((one) => one !== "");
  return dataOf({
    ...(stage === undefined ? {} : { "opportunity.pipelineStageId": both(stageId, stage) }),
    ...(pipeline === undefined ? {} : { "opportunity.pipelineId": both(pipelineId, pipeline) }),
  });
}

export function appointmentHappening(appointment: Appointment) {
  return {
    records: { appointment: appointment.id } satisfies Records,
    data: dataOf({
      "appointment.status": appointment.status ?? null,
      "appointment.id": appointment.id,
      "calendar.id": appointment.calendarId ?? null,
      "appointment.calendarId": appointment.calendarId ?? null,
      "appointment.startTime": appointment.startTime ?? null,
    }),
  };
}

export function setAppointmentStatus(world: World, where: Where, appointment: Appointment, status: string): void {
  if (appointment.status === status) {
    world.say(where, "ignored", `The appointment is “${short(status)}” already: nothing changes.`, {
      reason: "appointment-same",
      id: appointment.id,
    });
    return;
  }
  appointment.status = status;
  const text = `The appointment is now “${short(status)}”.`;
  world.say(where, "appointment", text, { id: appointment.id, status });
  emit(world, where, {
    type: "appointment",
    words: `the appointment becomes “${short(status)}”`,
    ...appointmentHappening(appointment),
  });
}
