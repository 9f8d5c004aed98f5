/** What happens from outside: the words of a script, as changes of the contact and as happenings that others listen to. */
import { plainStatus } from "../conditions/appointment-status.ts";
import { optOutKeywords } from "../domain/phrase-profiles.ts";
import { triggerTypeAliases, triggerTypeOf } from "../domain/trigger-types.ts";
import { channelOfLabel } from "../model/reply-channels.ts";
import { whatsappAdWindowSeconds, whatsappWindowSeconds } from "../model/whatsapp.ts";
import {
  addTags,
  appointmentHappening,
  changeOpportunity,
  createOpportunity,
  type DealChange,
  emit,
  removeTags,
  setAppointmentStatus,
  setDnd,
  writeField,
} from "./changes.ts";
import type { Appointment, Invoice } from "./contact-record.ts";
import { endRun, enrol } from "./enrolments.ts";
import type { FieldValue, HappeningData } from "./types.ts";
import { short } from "./words.ts";
import { dataOf, type World } from "./world.ts";

/** Plain words of a script that HighLevel's triggers do not have, or have under another meaning. */
const words: ReadonlyMap<string, string> = new Map([
  ["click", "trigger_link"],
  ["email", "mailgun_email_event"],
  ["stage", "opportunity"],
  ["opportunity_created", "opportunity"],
  ["pipeline_stage_updated", "opportunity"],
  ["opportunity_status_changed", "opportunity"],
  ["opportunity_changed", "opportunity"],
  ["appointment_booked", "appointment"],
  ["customer_appointment", "appointment"],
  ["customer_booked_appointment", "appointment"],
  ["appointment_status", "appointment"],
  ["contact_tag", "tag"],
  ["tag_added", "tag"],
  ["contact_changed", "field"],
  ["contact_updated", "field"],
  ["dnd_contact", "dnd"],
  ["note", "note_add"],
  ["task", "task_added"],
  ["user_reply", "user_replied"],
]);

/** Words of a script that stand for a change, besides HighLevel's own trigger types. */
const changes = new Set(["tag", "field", "dnd", "opportunity", "appointment", "enrol", "unenrol", "manual"]);

export function kindOf(type: string): string {
  const plain = type
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, "_");
  const own = words.get(plain);
  if (own !== undefined) return own;
  if (changes.has(plain)) return plain;
  return triggerTypeAliases.get(plain) ?? (triggerTypeOf(type) === undefined ? plain : type);
}

/** A type of event that nothing can listen to: a slip of the pen. */
export function isKnownKind(type: string): boolean {
  const kind = kindOf(type);
  return changes.has(kind) || triggerTypeOf(kind) !== undefined;
}

/** Lets an event of the script happen. */
export function occur(world: World, event: HappeningData): void {
  const kind = kindOf(event.type);
  if (event.newContact === true) {
    world.say({}, "event", "The contact is new: Contact Created fires.");
    emit(world, {}, { type: "contact_created", words: "the contact is created" });
  }
  const say = (text: string, detail: Readonly<Record<string, unknown>> = {}) =>
    world.say({}, "event", text, { type: event.type, ...detail });
  switch (kind) {
    case "tag":
      say("Somebody changes the contact's tags.");
      addTags(world, {}, event.add ?? []);
      removeTags(world, {}, event.remove ?? []);
      return;
    case "field":
      say("Somebody changes the contact's fields.");
      writeAll(world, event.fields);
      return;
    case "dnd":
      say("Do not disturb is changed from outside.");
      setDnd(world, {}, [event.channel === undefined ? "all" : plainChannel(event.channel)], event.on !== false);
      return;
    case "opportunity": {
      opportunity(world, event, say);
      return;
    }
    case "appointment":
    case "service_booking":
    case "rental_booking": {
      appointment(world, event, kind, say);
      return;
    }
    case "customer_reply": {
      reply(world, event, say);
      return;
    }
    case "invoice": {
      invoice(world, event, say);
      return;
    }
    case "enrol":
    case "unenrol": {
      byHand(world, event, kind);
      return;
    }
    case "manual":
      say("Someone of the team has done what was waited for.");
      emit(world, {}, { type: "manual", words: "the team has done it" });
      return;
    default:
      if (kind === "whatsapp_referral") world.openUntil.set("whatsapp", world.now() + whatsappAdWindowSeconds * 1000);
      say(`${sentence(kind, event)}.`, told(event));
      writeAll(world, event.fields);
      emit(
        world,
        {},
        { type: kind, words: sentence(kind, event).replace(/^The /, "the "), data: carried(kind, event) },
      );
  }
}

function told(event: HappeningData): Readonly<Record<string, unknown>> {
  const { type: _, fields: __, data: ___, ...rest } = event;
  return rest;
}

function sentence(kind: string, event: HappeningData): string {
  const name = triggerTypeOf(kind)?.name ?? kind;
  switch (kind) {
    case "form_submission":
      return `The contact submits the form${event.formId === undefined ? "" : ` “${short(event.formId)}”`}`;
    case "survey_submission":
      return `The contact submits the survey${event.surveyId === undefined ? "" : ` “${short(event.surveyId)}”`}`;
    case "trigger_link":
      return `The contact clicks the link${event.link === undefined ? "" : ` “${short(event.link)}”`}`;
    case "mailgun_email_event":
      return `The email is ${short(event.action ?? event.status ?? "opened")}`;
    case "call_status":
      return `A call${event.status === undefined ? "" : ` (${short(event.status)})`} takes place`;
    case "payment_received":
      return `A payment${event.amount === undefined ? "" : ` of ${event.amount}`} comes in`;
    case "user_replied":
      return "Someone of the team replies";
    default:
      return `“${short(name)}” happens`;
  }
}

/** What an event carries, under the names by which filters ask. */
function carried(kind: string, event: HappeningData): ReadonlyMap<string, readonly string[]> {
  const channel = event.channel === undefined ? {} : { "message.type": plainChannel(event.channel) };
  const named: Record<string, FieldValue | undefined> = {
    "form.id": event.formId,
    "survey.id": event.surveyId ?? (kind === "survey_submission" ? event.formId : undefined),
    "calendar.id": event.calendarId,
    "link.id": event.link,
    "trigger_link.id": event.link,
    "workflow.id": event.workflowId,
    "message.body": event.body,
    "message.direction": event.direction,
    call_status: kind === "call_status" ? event.status : undefined,
    "call.status": kind === "call_status" ? event.status : undefined,
    "mailgun.event": kind === "mailgun_email_event" ? (event.action ?? event.status ?? "opened") : undefined,
    "email.event": kind === "mailgun_email_event" ? (event.action ?? event.status ?? "opened") : undefined,
    "payment.amount": event.amount,
    "payment.status": kind === "payment_received" ? event.status : undefined,
    "order.amount": event.amount,
    [`${kind}.status`]: event.status,
    status: event.status,
    id: event.id,
    name: event.name,
    title: event.title,
    ...channel,
    ...event.data,
  };
  return dataOf(named);
}

function plainChannel(channel: string): string {
  return channelOfLabel(channel) ?? channel.trim().toLowerCase();
}

function writeAll(world: World, fields: HappeningData["fields"]): void {
  for (const [name, value] of Object.entries(fields ?? {})) writeField(world, {}, name, value);
}

type Say = (text: string, detail?: Readonly<Record<string, unknown>>) => void;

/** A reply; one of the carriers' opt-out words switches texts off for good (platform fact F36). */
function reply(world: World, event: HappeningData, say: Say): void {
  const channel = plainChannel(event.channel ?? "sms");
  const body = event.body ?? "";
  say(`The contact replies by ${channel}${body === "" ? "" : `: “${short(body)}”`}.`, { channel, body });
  world.openUntil.set(channel, world.now() + whatsappWindowSeconds * 1000);
  const isOptOut = channel === "sms" && optOutKeywords.includes(body.trim().toUpperCase());
  if (isOptOut) setDnd(world, {}, ["sms"], true);
  const sender = world.lastSenders.get(channel);
  emit(
    world,
    {},
    {
      type: "customer_reply",
      words: `the contact replies by ${channel}`,
      data: new Map([
        ...dataOf({
          "message.type": channel,
          "message.body": body,
          "message.direction": "inbound",
          reply: body,
          ...(sender === undefined ? {} : { "workflow.id": [sender.key, sender.workflow.name] }),
        }),
        ...dataOf(event.data ?? {}),
      ]),
    },
  );
}

function opportunity(world: World, event: HappeningData, say: Say): void {
  const change: DealChange = {
    ...(event.pipelineId === undefined ? {} : { pipelineId: event.pipelineId }),
    ...(event.stageId === undefined ? {} : { stageId: event.stageId }),
    ...(event.status === undefined ? {} : { status: event.status.toLowerCase() }),
    ...(event.monetaryValue === undefined ? {} : { monetaryValue: event.monetaryValue }),
    ...(event.name === undefined ? {} : { name: event.name }),
  };
  const { opportunities } = world.contact;
  const known = event.id === undefined ? opportunities.at(-1) : opportunities.find(({ id }) => id === event.id);
  const creates =
    known === undefined || event.action === "created" || event.type.toLowerCase() === "opportunity_created";
  say(creates ? "Somebody creates a deal for the contact." : "Somebody changes the contact's deal.");
  if (creates) createOpportunity(world, {}, change);
  else changeOpportunity(world, {}, known, change);
}

function appointment(world: World, event: HappeningData, kind: string, say: Say): void {
  const { appointments } = world.contact;
  const known = event.id === undefined ? undefined : appointments.find(({ id }) => id === event.id);
  const current = known ?? (event.action === "booked" ? undefined : appointments.at(-1));
  const action = plainStatus(event.action ?? "");
  const status =
    event.status ?? (action === "" || action === "booked" || action === "rescheduled" ? undefined : action);
  const books =
    action === "booked" ||
    current === undefined ||
    (action === "" && status === undefined && event.startTime !== undefined) ||
    /booked|customer_appointment/.test(event.type.toLowerCase());
  if (books) {
    const booked: Appointment = {
      id: event.id ?? world.nextId("appointment"),
      status: status ?? "confirmed",
      ...timesOf(event),
    };
    const listedAt = appointments.findIndex(({ id }) => id === booked.id);
    if (listedAt < 0) appointments.push(booked);
    else appointments[listedAt] = booked;
    const byStaff = event.direction === "outbound" || event.channel === "staff";
    say(
      `${byStaff ? "The team books an appointment for the contact" : "The contact books an appointment"}${timeWords(booked)}.`,
      { ...booked },
    );
    const heard = appointmentHappening(booked);
    emit(world, {}, { type: kind, words: "an appointment is booked", ...heard });
    // It does not fire for bookings by staff (platform fact F29).
    if (!byStaff && kind === "appointment")
      emit(world, {}, { type: "customer_appointment", words: "the contact books an appointment", ...heard });
    return;
  }
  if (current === undefined) return;
  if (action === "rescheduled" || (status === undefined && event.startTime !== undefined)) {
    Object.assign(current, timesOf(event));
    say(`The appointment is moved${timeWords(current)}.`, { ...current });
    emit(world, {}, { type: kind, words: "the appointment is moved", ...appointmentHappening(current) });
    return;
  }
  say(`The appointment's status changes from outside.`);
  setAppointmentStatus(world, {}, current, status ?? "confirmed");
}

function timesOf(event: HappeningData): Partial<Omit<Appointment, "id">> {
  return {
    ...(event.startTime === undefined ? {} : { startTime: event.startTime }),
    ...(event.endTime === undefined ? {} : { endTime: event.endTime }),
    ...(event.calendarId === undefined ? {} : { calendarId: event.calendarId }),
    ...(event.title === undefined ? {} : { title: event.title }),
  };
}

function timeWords({ startTime }: Appointment): string {
  return startTime === undefined ? "" : ` for ${short(startTime)}`;
}

function invoice(world: World, event: HappeningData, say: Say): void {
  const { invoices } = world.contact;
  const status = event.status ?? event.action;
  let one: Invoice | undefined = event.id === undefined ? invoices.at(-1) : invoices.find(({ id }) => id === event.id);
  if (one === undefined) {
    one = { id: event.id ?? world.nextId("invoice") };
    invoices.push(one);
  }
  Object.assign(one, {
    ...(status === undefined ? {} : { status }),
    ...(event.dueDate === undefined ? {} : { dueDate: event.dueDate }),
    ...(event.amount === undefined ? {} : { amount: event.amount }),
    ...(event.name === undefined ? {} : { name: event.name }),
  });
  say(`The invoice is ${short(status ?? "changed")}.`, { ...one });
  emit(
    world,
    {},
    {
      type: "invoice",
      words: `the invoice is ${status ?? "changed"}`,
      records: { invoice: one.id },
      data: dataOf({ "invoice.status": one.status ?? null, "invoice.id": one.id, ...event.data }),
    },
  );
}

/** A person puts the contact into a workflow, or takes it out. */
function byHand(world: World, event: HappeningData, kind: "enrol" | "unenrol"): void {
  const place = world.findPlace(event.workflowId ?? "");
  if (place === undefined) {
    world.say({}, "ignored", `The workflow “${short(event.workflowId ?? "")}” is not among the simulated ones.`, {
      reason: "not-given",
    });
    return;
  }
  if (kind === "enrol") {
    const { entry } = place.workflow;
    enrol(world, place, {
      words: "somebody adds the contact",
      trigger: null,
      target: entry,
      happening: null,
      from: null,
      byHand: true,
    });
    return;
  }
  if (place.active.size === 0)
    world.say({ place }, "ignored", "Somebody takes the contact out, but it is not in the workflow.", {
      reason: "not-enrolled",
    });
  for (const run of [...place.active]) endRun(world, run, "removed", "Somebody takes the contact out.");
}
