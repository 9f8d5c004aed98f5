/** What goes out to the contact, when it may, and how it reads. */
import { lawfulHours, quietHoursChannels } from "../domain/lawful-hours.ts";
import { stepTypeOf } from "../domain/step-types.ts";
import { textFields } from "../domain/text-fields.ts";
import { textOf } from "../model/attributes.ts";
import { isFreeForm } from "../model/whatsapp.ts";
import type { Step } from "../model/workflow.ts";
import { visibleText } from "../text/visible-text.ts";
import { listed } from "../words.ts";
import { valuesOf } from "./contact-record.ts";
import { fill } from "./fill.ts";
import { isOpen, nextOpening } from "./open-hours.ts";
import { short } from "./words.ts";
import type { Outcome, Thread, World } from "./world.ts";
import { minuteOfDay, written } from "./zoned-time.ts";

/** A message is shown so far; nobody reads more of one in a trace. */
const LONGEST_MESSAGE = 1600;
const LONGEST_SOURCE = 40_000;

const channelNames: Readonly<Record<string, string>> = {
  sms: "text",
  email: "email",
  whatsapp: "WhatsApp message",
  messenger: "Messenger message",
  instagram: "Instagram message",
  call: "call",
  voicemail: "voicemail",
  review: "review request",
  push: "push message",
  livechat: "chat message",
  bot: "bot message",
};

export function channelOfStep(step: Step): string {
  return stepTypeOf(step.type)?.channel ?? "other";
}

/** Sends the message, holds it for the workflow's hours, or says why it does not go out. `then`: where the run goes on. */
export function send(world: World, thread: Thread, step: Step, then: () => Outcome): Outcome {
  const { run } = thread;
  const { place } = run;
  const where = { run, step };
  const channel = channelOfStep(step);
  const name = channelNames[channel] ?? "message";
  const suppress = (reason: string, text: string): Outcome => {
    world.say(where, "suppressed", text, { reason, channel });
    return then();
  };
  if (thread.skipsSends)
    return suppress(
      "date-passed",
      `The ${name} is not sent: the date had passed, and messages are passed over until the next wait.`,
    );
  const { dnd } = world.contact;
  if (dnd.has("all") || dnd.has(channel))
    return suppress(
      "dnd",
      `The ${name} is not sent: the contact is on do not disturb${dnd.has("all") ? "" : ` for ${channel}`}.`,
    );
  const address =
    channel === "email" ? "contact.email" : channel === "sms" || channel === "call" ? "contact.phone" : null;
  if (address !== null && world.contact.get(address) !== undefined && valuesOf(world.contact.get(address)).length === 0)
    return suppress(
      "no-address",
      `The ${name} is not sent: the contact has no ${channel === "email" ? "email address" : "phone number"}.`,
    );
  const now = world.now();
  if (isFreeForm(step) && (world.openUntil.get("whatsapp") ?? 0) <= now)
    return suppress(
      "whatsapp-window",
      "The WhatsApp message is refused: it is no template, and the contact did not write by WhatsApp within 24 hours.",
    );
  if (place.window !== null && !isOpen(place.window, now, world.clockOf(place))) {
    const opens = nextOpening(place.window, now, world.clockOf(place));
    if (place.workflow.settings.timezone === null)
      world.assume({ place }, "The workflow does not say whose time zone its hours go by: the account's is taken.");
    if (opens === null) {
      world.say(where, "wait", `The ${name} is held for the workflow's hours, which no day has: it never goes out.`, {
        until: null,
        reason: "no-hours",
      });
      return {
        go: "hold",
        hold: {
          step,
          kind: "forever",
          alarm: null,
          hears: () => false,
          onHeard: () => ({ go: "again" }),
          onAlarm: () => ({ go: "again" }),
        },
      };
    }
    world.say(
      where,
      "wait",
      `The ${name} is held until the workflow's hours begin: ${written(world.contactClock().read(opens))}.`,
      {
        until: new Date(opens).toISOString(),
        seconds: (opens - now) / 1000,
        reason: "hours",
      },
    );
    return {
      go: "hold",
      hold: {
        step,
        kind: "window",
        alarm: opens,
        hears: () => false,
        onHeard: () => ({ go: "again" }),
        onAlarm: () => ({ go: "again" }),
      },
    };
  }
  sayMessage(world, thread, step, channel, name);
  thread.sent.set(channel, run.order);
  return then();
}

function sayMessage(world: World, thread: Thread, step: Step, channel: string, name: string): void {
  const { run } = thread;
  const blanks = new Set<string>();
  const unknown = new Set<string>();
  const raw = new Set<string>();
  const texts = new Map<string, string>();
  for (const { keys, role, html } of textFields.get(step.type) ?? []) {
    if (role !== "message" && role !== "subject") continue;
    const given = textOf(step.attributes[keys[0] ?? ""]).slice(0, LONGEST_SOURCE);
    if (given === "") continue;
    const filled = fill(world, run, html ? visibleText(given) : given, channel === "email");
    for (const path of filled.blanks) blanks.add(path);
    for (const path of filled.unknown) unknown.add(path);
    for (const token of filled.raw) raw.add(token);
    const shown = filled.text.length <= LONGEST_MESSAGE ? filled.text : `${filled.text.slice(0, LONGEST_MESSAGE - 1)}…`;
    texts.set(role === "subject" ? "subject" : "text", shown);
  }
  const minute = minuteOfDay(world.contactClock().read(world.now()));
  const { from, to } = lawfulHours.standard;
  const atNight = quietHoursChannels.has(channel) && (minute < from || minute >= to);
  const subject = texts.get("subject");
  const text = texts.get("text");
  const body = [
    ...(subject === undefined ? [] : [`“${short(subject)}”`]),
    ...(text === undefined ? [] : [`“${short(text)}”`]),
  ];
  const words = [
    `The ${name} “${short(step.name)}” goes out${body.length === 0 ? "" : `: ${body.join(" ")}`}`,
    ...(blanks.size === 0 ? [] : [`blank in it: ${listed([...blanks])}`]),
    ...(raw.size === 0 ? [] : [`printed as it stands: ${listed([...raw].map(short))}`]),
    ...(atNight ? ["it is night for the contact"] : []),
  ];
  world.say({ run, step }, "message", `${words.join("; ")}.`, {
    channel,
    ...(subject === undefined ? {} : { subject }),
    ...(text === undefined ? {} : { text }),
    ...(blanks.size === 0 ? {} : { blanks: [...blanks].slice(0, 50) }),
    ...(unknown.size === 0 ? {} : { unknown: [...unknown].slice(0, 50) }),
    ...(raw.size === 0 ? {} : { printedAsTheyStand: [...raw].slice(0, 20) }),
    ...(atNight ? { atNight } : {}),
  });
  run.sentOn.add(channel);
  world.lastSenders.set(channel, run.place);
}
