/** How long a Wait holds the contact, and what ends it. Kinds and settings: docs/WORKFLOW_FORMATS.md; platform facts F10 to F14. */
import { listOf, numberOf, recordOf, textOf } from "../model/attributes.ts";
import { awaitedChannels, channelOfLabel } from "../model/reply-channels.ts";
import { durationSeconds, eventOffset, isDynamic, readWait } from "../model/waits.ts";
import { readWindow } from "../model/windows.ts";
import { type Branch, END, type Step } from "../model/workflow.ts";
import { inWords, listed } from "../words.ts";
import { evaluate } from "./evaluate.ts";
import { fillPlain } from "./fill.ts";
import { nextOpening, nextStart } from "./open-hours.ts";
import { appointmentOf, invoiceOf } from "./read-values.ts";
import { scopeOf } from "./scope.ts";
import { short, upper } from "./words.ts";
import type { Happening, Hold, Outcome, Thread, World } from "./world.ts";
import { readMoment, written } from "./zoned-time.ts";

const goesOn = (step: Step, kinds: readonly Branch["kind"][]): Outcome => {
  const way =
    step.branches.find(({ kind }) => kinds.includes(kind)) ?? (step.next === END ? step.branches[0] : undefined);
  if (way === undefined) return { go: "to", target: step.next, missing: step.missing };
  return { go: "to", target: way.target, missing: way.missing, ...(way.target === END ? { emptyWay: way.name } : {}) };
};

export function runWait(world: World, thread: Thread, step: Step): Outcome {
  thread.skipsSends = false;
  const kind = textOf(step.attributes["type"]);
  switch (readWait(step).kind) {
    case "time":
      return timeWait(world, thread, step);
    case "event":
      return eventWait(world, thread, step, kind);
    case "date":
      return dateWait(world, thread, step, kind);
    case "unknown":
      world.assume(
        { run: thread.run, step },
        `How long ${kind === "" ? "a wait without a kind" : `a wait of the kind “${short(kind)}”`} holds is not known: it is taken to let the contact go on at once.`,
      );
      return goesOn(step, ["event"]);
  }
}

function alarmHold(step: Step, kind: Hold["kind"], alarm: number | null, then: () => Outcome): Outcome {
  return { go: "hold", hold: { step, kind, alarm, hears: () => false, onHeard: then, onAlarm: then } };
}

function timeWait(world: World, thread: Thread, step: Step): Outcome {
  const where = { run: thread.run, step };
  const now = world.now();
  let seconds = durationSeconds(step.attributes["startAfter"]);
  if (seconds === null && isDynamic(step.attributes)) {
    const given = recordOf(step.attributes["startAfter"]);
    const value = fillPlain(world, thread.run, textOf(given["value"]));
    seconds = durationSeconds({ ...given, value });
    if (seconds === null)
      world.assume(
        where,
        `The length of the wait comes from a field that holds “${short(value)}”: it is taken to hold nobody.`,
      );
  } else if (seconds === null && isStrangeUnit(step))
    world.assume(where, "The unit of the wait's length is not known: it is taken to hold nobody.");
  const until = withinHours(world, thread, step, now + (seconds ?? 0) * 1000);
  if (until === null) {
    const text = "The wait goes on only at certain hours, and no day has them: the contact is held for ever.";
    world.say(where, "wait", text, { until: null, reason: "no-hours" });
    return alarmHold(step, "forever", null, () => goesOn(step, ["event"]));
  }
  if (until <= now) {
    const text = "The wait has no length, so it holds nobody.";
    if ((seconds ?? 0) === 0 && !isStrangeUnit(step))
      world.say(where, "ignored", text, { reason: "wait-without-length" });
    return goesOn(step, ["event"]);
  }
  world.say(where, "wait", `Waits ${inWords((until - now) / 1000)}, until ${at(world, until)}.`, {
    until: iso(until),
    seconds: (until - now) / 1000,
    setSeconds: seconds ?? 0,
  });
  return alarmHold(step, "time", until, () => goesOn(step, ["event"]));
}

/** A length with a unit that the engine does not know. */
function isStrangeUnit({ attributes }: Step): boolean {
  const { type, value } = recordOf(attributes["startAfter"]);
  return textOf(type) !== "" && numberOf(value) > 0 && durationSeconds({ type, value }) === null;
}

/** The wait's own hours: from `time` on, the first moment within them, or exactly their beginning. null: never. */
function withinHours(world: World, thread: Thread, step: Step, time: number): number | null {
  const given = recordOf(step.attributes["window"]);
  const window = readWindow(given);
  if (window === null) return time;
  const clock = world.clockOf(thread.run.place);
  return given["condition"] === "exact" ? nextStart(window, time, clock) : nextOpening(window, time, clock);
}

function at(world: World, instant: number): string {
  return written(world.contactClock().read(instant));
}

export function iso(instant: number): string {
  return new Date(instant).toISOString();
}

interface Listening {
  readonly words: string;
  readonly hears: Hold["hears"];
}

function eventWait(world: World, thread: Thread, step: Step, kind: string): Outcome {
  const where = { run: thread.run, step };
  const { timesOut, timeoutSeconds } = readWait(step);
  const now = world.now();
  if (kind === "condition") {
    const condition = thread.run.place.waitConditionOf(step);
    const verdict = condition === null ? null : evaluate(condition, scopeOf(world, thread.run));
    if (verdict?.holds === true) {
      world.say(where, "resumed", "What the wait is for is true already: the contact goes on.", {
        reasons: verdict.reasons,
      });
      return goesOn(step, ["event", "condition"]);
    }
    if (verdict === null || verdict.holds === null)
      world.assume(where, "Whether the wait's condition is met cannot be told: it is taken as not met.");
  }
  const { words, hears } = listening(world, thread, step, kind);
  let alarm: number | null = null;
  if (timesOut && timeoutSeconds === null)
    world.assume(where, "The wait has a timeout of unknown length: it is taken never to come.");
  else if (timesOut && timeoutSeconds !== null) alarm = withinHours(world, thread, step, now + timeoutSeconds * 1000);
  const end = alarm === null ? ", with nothing that ends the wait otherwise" : `, at most until ${at(world, alarm)}`;
  world.say(where, "wait", `Waits ${words}${end}.`, {
    until: alarm === null ? null : iso(alarm),
    waitsFor: kind,
    ...(alarm === null ? { reason: "no-timeout" } : {}),
  });
  const hold: Hold = {
    step,
    kind: "event",
    alarm,
    hears,
    onHeard: () => goesOn(step, ["event", "condition"]),
    onAlarm: () => goesOn(step, ["timeout"]),
  };
  return { go: "hold", hold };
}

function listening(world: World, thread: Thread, step: Step, kind: string): Listening {
  switch (kind) {
    case "reply":
    case "contact_reply":
      return replyListening(thread, step);
    case "condition":
      return {
        words: "until its condition is met",
        hears: () => {
          const condition = thread.run.place.waitConditionOf(step);
          return condition !== null && evaluate(condition, scopeOf(world, thread.run)).holds === true;
        },
      };
    case "email_event": {
      const types = listOf(step.attributes["emailEventTypes"]).map((type) => textOf(type).toLowerCase());
      return {
        words: types.length === 0 ? "for something to happen to the email" : `for the email to be ${listed(types)}`,
        hears: ({ type, data }) =>
          type === "mailgun_email_event" &&
          (types.length === 0 || types.some((one) => data.get("emailevent")?.includes(one) === true)),
      };
    }
    case "link_clicked":
    case "trigger_link": {
      const links = listOf(step.attributes["link"] ?? step.attributes["links"]).map(textOf);
      return {
        words: "for the contact to click the link",
        hears: ({ type, data }) =>
          type === "trigger_link" &&
          (links.length === 0 || links.some((one) => data.get("linkid")?.includes(one) === true)),
      };
    }
    case "user_reply":
    case "user_replied":
      return { words: "for someone of the team to reply", hears: ({ type }) => type === "user_replied" };
    default:
      return {
        words: "for the contact to act (an email or a link)",
        hears: ({ type }) => type === "mailgun_email_event" || type === "trigger_link",
      };
  }
}

/** A reply wait hears replies to the message right before it; a decision in between cuts it off (platform fact F12). */
function replyListening(thread: Thread, step: Step): Listening {
  const { run } = thread;
  const channels = awaitedChannels(step, (id) => run.place.workflow.steps.find((one) => one.id === id));
  const sentAt = Math.max(
    -1,
    ...[...thread.sent].filter(([channel]) => channels.size === 0 || channels.has(channel)).map(([, order]) => order),
  );
  const on = channels.size === 0 ? "" : ` by ${listed([...channels])}`;
  const deaf =
    sentAt < 0
      ? "no message of this workflow went out before the wait on that channel, so it does not hear the reply"
      : thread.decided > sentAt
        ? "a decision stands between the message and the wait, so it does not hear the reply"
        : null;
  return {
    words: `for a reply${on}`,
    hears: ({ type, data }) => {
      if (type !== "customer_reply") return false;
      const channel = channelOf(data);
      if (channels.size > 0 && channel !== undefined && !channels.has(channel)) return false;
      return deaf ?? true;
    },
  };
}

export function channelOf(data: Happening["data"]): string | undefined {
  const [label] = data.get("messagetype") ?? [];
  return label === undefined ? undefined : (channelOfLabel(label) ?? label.toLowerCase());
}

function dateWait(world: World, thread: Thread, step: Step, kind: string): Outcome {
  const { run } = thread;
  const where = { run, step };
  const { attributes } = step;
  if (kind === "recurring" || kind === "recurring_schedule") return recurringWait(world, thread, step);
  const anchor = anchorOf(world, thread, step, kind);
  if (anchor.instant === null) {
    world.say(where, "wait", `Waits for ${anchor.words}, but the contact has none: the run is held for ever.`, {
      until: null,
      reason: "no-anchor",
    });
    return alarmHold(step, "forever", null, () => goesOn(step, ["event"]));
  }
  if (Number.isNaN(anchor.instant)) {
    world.assume(where, `When ${anchor.words} is, is not known: the wait is taken to let the contact go on at once.`);
    return goesOn(step, ["event"]);
  }
  const { when, seconds } = eventOffset(step);
  const offset = kind === "specific_date" ? 0 : (seconds ?? 0) * (when === "after" ? 1000 : -1000);
  const time = anchor.instant + offset;
  const offsetWords = offset === 0 ? "" : `${inWords(Math.abs(offset) / 1000)} ${offset < 0 ? "before" : "after"} `;
  if (time < world.now()) return passed(world, thread, step, `${offsetWords}${anchor.words}, ${at(world, time)},`);
  const until = withinHours(world, thread, step, time);
  if (until === null) {
    world.say(
      where,
      "wait",
      "The wait goes on only at certain hours, and no day has them: the contact is held for ever.",
      {
        until: null,
        reason: "no-hours",
      },
    );
    return alarmHold(step, "forever", null, () => goesOn(step, ["event"]));
  }
  if (until === world.now()) return goesOn(step, ["event"]);
  world.say(where, "wait", `Waits until ${offsetWords}${anchor.words}: ${at(world, until)}.`, {
    until: iso(until),
    seconds: (until - world.now()) / 1000,
    anchor: iso(anchor.instant),
    ...(attributes["appointmentCondition"] === undefined ? {} : { ifPassed: attributes["appointmentCondition"] }),
  });
  return alarmHold(step, "time", until, () => goesOn(step, ["event"]));
}

interface DateAnchor {
  /** NaN: there is one, and its date is not known. */
  readonly instant: number | null;
  readonly words: string;
}

function anchorOf(world: World, { run }: Thread, step: Step, kind: string): DateAnchor {
  const eventDate = run.eventDate === null || Number.isNaN(run.eventDate) ? null : run.eventDate;
  switch (kind) {
    case "appointment":
    case "service_booking": {
      const appointment = appointmentOf(world, run.records);
      if (appointment !== undefined)
        return { instant: readMoment(appointment.startTime ?? "", world.accountClock), words: "the appointment" };
      return eventDate === null
        ? { instant: null, words: "an appointment" }
        : { instant: eventDate, words: "the event start date" };
    }
    case "overdue": {
      const invoice = invoiceOf(world, run.records);
      const words = "the invoice's due date";
      return { instant: invoice === undefined ? null : readMoment(invoice.dueDate ?? "", world.accountClock), words };
    }
    case "specific_date": {
      const { attributes } = step;
      const given = textOf(attributes["specificDate"]) || textOf(attributes["dynamicSpecificDate"]);
      return {
        instant: readDate(
          world,
          run.place.workflow.settings.timezone === "contact" ? "contact" : "account",
          fillPlain(world, run, given),
        ),
        words: "the set date",
      };
    }
    default:
      return { instant: eventDate, words: "the event start date" };
  }
}

function readDate(world: World, whose: "account" | "contact", text: string): number | null {
  const instant = readMoment(text, whose === "contact" ? world.contactClock() : world.accountClock);
  return Number.isNaN(instant) ? null : instant;
}

function passed(world: World, thread: Thread, step: Step, what: string): Outcome {
  const where = { run: thread.run, step };
  const { attributes } = step;
  const policy =
    textOf(attributes["appointmentCondition"]) ||
    textOf(attributes["specificDatePassed"]) ||
    textOf(attributes["specificDateProceed"]);
  const told = (then: string) =>
    world.say(where, "ignored", `${upper(what)} is over: ${then}.`, { reason: "date-passed", policy });
  switch (policy) {
    case "exit":
      told("the run ends");
      return { go: "end", how: "exit", text: "The date had passed, and the wait ends the run then." };
    case "specific-step":
      told("the run jumps to another step");
      return { go: "to", target: step.jump, missing: step.missingJump };
    case "skip":
      thread.skipsSends = true;
      told("the contact goes on, and messages are passed over until the next wait");
      return goesOn(step, ["event"]);
    case "next":
    case "continue":
      told("the contact goes on at once");
      return goesOn(step, ["event"]);
    default:
      world.assume(
        where,
        "The wait does not say what happens when its date has passed: it is taken to let the contact go on at once.",
      );
      told("the contact goes on at once");
      return goesOn(step, ["event"]);
  }
}

/** Weekdays and a time of the day, where the document gives them as a window; nothing else of this kind is known. */
function recurringWait(world: World, thread: Thread, step: Step): Outcome {
  const where = { run: thread.run, step };
  const given = step.attributes["window"] ?? step.attributes["recurring"] ?? step.attributes["schedule"];
  const window = readWindow(given);
  const until = window === null ? null : nextStart(window, world.now(), world.clockOf(thread.run.place));
  if (until === null) {
    world.assume(
      where,
      "The times of the recurring wait cannot be read: it is taken to let the contact go on at once.",
    );
    return goesOn(step, ["event"]);
  }
  world.say(where, "wait", `Waits until the next set time: ${at(world, until)}.`, { until: iso(until) });
  return alarmHold(step, "time", until, () => goesOn(step, ["event"]));
}
