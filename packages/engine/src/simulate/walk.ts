/** The walk itself: a queue of what happens next, ordered by time and, within one instant, by what came first. */
import { fieldReader } from "../conditions/fields.ts";
import { loopLockNarrow, loopLockWide } from "../domain/loop-lock.ts";
import { triggerTypeOf } from "../domain/trigger-types.ts";
import { createTimeHeap } from "../graph/time-heap.ts";
import { createLocation } from "../location/location.ts";
import { textOf } from "../model/attributes.ts";
import { Trait } from "../model/traits.ts";
import { END, type Step, type Trigger, type Workflow } from "../model/workflow.ts";
import { ENGINE_VERSION } from "../parse.ts";
import { short } from "./changes.ts";
import { createContact } from "./contact-record.ts";
import { meetsGoal } from "./goals.ts";
import { hearing } from "./listeners.ts";
import { listenersOf, placesOf, weightOf } from "./places.ts";
import { occur } from "./script.ts";
import { execute } from "./steps.ts";
import { summarise } from "./summary.ts";
import type { ContactState, EnrolmentEnd, SimulationOptions, Trace, TraceEntry } from "./types.ts";
import { channelOf } from "./waits.ts";
import type { Enrolment, Happening, Outcome, Place, Run, Task, Thread, World } from "./world.ts";
import { createClock, DAY, readInstant, readMoment, written } from "./zoned-time.ts";

const DEFAULT_STEPS = 5000;
const DEFAULT_HORIZON_DAYS = 400;

export function walk(workflows: readonly Workflow[], given: ContactState, options: SimulationOptions): Trace {
  const { start, events = [], facts = {}, limits = {} } = options;
  const startAt = readInstant(start.at);
  const mostSteps = limits.steps ?? DEFAULT_STEPS;
  const horizon = startAt + (limits.horizonDays ?? DEFAULT_HORIZON_DAYS) * DAY;
  // Everything counts: a step, an entry, a happening, a value that a step names.
  let workLeft = mostSteps * 40 + 20_000;
  let now = startAt;
  let steps = 0;
  let stopped: "steps" | "horizon" | null = null;
  let isLocked = false;
  /** What the start brings about: the first thing that happens. */
  const startHappenings: Happening[] = [];
  let isBeginning = false;

  const fields = fieldReader(facts);
  const contact = createContact(given, fields);
  const clocks = new Map<string, ReturnType<typeof createClock>>();
  const clock = (zone: string) => {
    const known = clocks.get(zone);
    if (known !== undefined) return known;
    const made = createClock(zone);
    clocks.set(zone, made);
    return made;
  };
  const accountClock = clock(options.timezone ?? "UTC");
  const ownClock = given.timezone === undefined ? accountClock : clock(given.timezone);
  const places = placesOf(workflows, fields, start.workflowId, given.pastWorkflows ?? []);
  const placeByName = new Map<string, Place>();
  for (const place of places.toReversed()) placeByName.set(place.workflow.name, place);
  for (const place of places.toReversed()) placeByName.set(place.key, place);
  const listeners = listenersOf(places);
  const activeRuns = new Set<Run>();
  const ends: EnrolmentEnd[] = [];
  const entries: TraceEntry[] = [];
  const assumptions = new Map<
    string,
    { workflowId: string | null; stepId: string | null; text: string; times: number }
  >();
  const counters = new Map<string, number>();

  const queue = createTimeHeap();
  const tasks = new Map<number, Task>();
  let sequence = 0;
  const push = (task: Task, time: number) => {
    tasks.set(sequence, task);
    queue.push(sequence, time, sequence);
    sequence++;
  };

  const say: World["say"] = (where, kind, text, detail = {}) => {
    workLeft--;
    const place = where.run?.place ?? where.place;
    entries.push({
      at: new Date(now).toISOString(),
      local: written(ownClock.read(now)),
      elapsedSeconds: (now - startAt) / 1000,
      workflowId: place?.key ?? null,
      enrolmentId: where.run?.id ?? null,
      stepId: where.step?.id ?? null,
      kind,
      text,
      detail,
    });
  };
  const assume: World["assume"] = (where, text) => {
    const workflowId = where.run?.place.key ?? where.place?.key ?? null;
    const stepId = where.step?.id ?? null;
    const key = JSON.stringify([workflowId, stepId, text]);
    const known = assumptions.get(key);
    if (known !== undefined) {
      known.times++;
      return;
    }
    assumptions.set(key, { workflowId, stepId, text, times: 1 });
    say(where, "assumption", text);
  };

  const world: World = {
    now: () => now,
    places,
    findPlace: (idOrName) => placeByName.get(idOrName),
    contact,
    fields,
    location: createLocation(facts),
    customValues: new Map(),
    accountClock,
    contactClock: () => ownClock,
    clockOf: ({ workflow }) => (workflow.settings.timezone === "contact" ? ownClock : accountClock),
    seed: options.seed ?? 0,
    choices: options.choices ?? {},
    openUntil: new Map(),
    lastSenders: new Map(),
    say,
    assume,
    emit: (happening) => {
      workLeft--;
      const heard = isBeginning ? { ...happening, isStart: true } : happening;
      if (isBeginning) startHappenings.push(heard);
      push({ kind: "happening", happening: heard }, now);
    },
    enrol,
    endRun,
    nextId: (kind) => {
      const count = (counters.get(kind) ?? 0) + 1;
      counters.set(kind, count);
      return `${kind}-new-${count}`;
    },
  };
  function enrol(place: Place, how: Enrolment): void {
    const { workflow } = place;
    const { settings } = workflow;
    const name = `“${short(workflow.name)}”`;
    const refuse = (reason: string, text: string) => say({ place }, "ignored", text, { reason, because: how.words });
    if (contact.deleted) return;
    if (place.locked) {
      refuse("loop-lock", `${upper(how.words)}, but ${name} is locked: the contact does not come in.`);
      return;
    }
    if (!place.isLive && !how.byHand) {
      refuse("draft", `${upper(how.words)}, but ${name} is a draft: the contact does not come in.`);
      return;
    }
    const records = { ...(how.from?.records ?? {}), ...(how.happening?.records ?? {}) };
    const triggerType = how.trigger === null ? undefined : triggerTypeOf(how.trigger.type);
    const perRecord = triggerType?.ignoresReentrySwitch === true;
    const perDeal = triggerType?.supplies.includes("opportunity") === true && settings.multipleOpportunities !== false;
    const record = perRecord
      ? (records.appointment ?? records.invoice ?? "")
      : perDeal
        ? (records.opportunity ?? "")
        : "";
    const running = [...place.active].find((run) => record === "" || run.record === record);
    if (running !== undefined && perRecord) {
      assume({ place }, "The appointment or invoice comes again while its run is on: the run is taken to begin anew.");
      endRun(running, "restarted", "The same appointment or invoice came again.");
    } else if (running !== undefined) {
      refuse("active", `${upper(how.words)}, but the contact is in ${name} already: nothing new begins.`);
      return;
    }
    const before = place.entered.get(record) ?? 0;
    if (before > 0 && !perRecord) {
      if (settings.reentry === false) {
        refuse("re-entry-off", `${upper(how.words)}, but the contact was in ${name} before, and re-entry is off.`);
        return;
      }
      if (settings.reentry === null)
        assume({ place }, `${name} does not say whether contacts may enter again: it is taken that they may.`);
    }
    if (perDeal && settings.multipleOpportunities === null && place.entered.size > 0 && before === 0)
      assume(
        { place },
        `${name} does not say whether a contact may enter once for each deal: it is taken that it may.`,
      );
    place.entered.set(record, before + 1);
    const run: Run = {
      id: `e${(counters.get("enrolment") ?? 0) + 1}`,
      place,
      trigger: how.trigger,
      startedAt: now,
      record,
      data: how.happening?.data ?? how.from?.data ?? new Map(),
      records,
      threads: new Set(),
      eventDate: eventDateOf(workflow),
      visits: new Map(),
      passes: 0,
      order: 0,
      sentOn: new Set(),
      goalsDone: new Set(),
      lastReply: how.happening?.data.get("messagebody")?.[0] ?? null,
      isOver: false,
    };
    counters.set("enrolment", (counters.get("enrolment") ?? 0) + 1);
    place.active.add(run);
    activeRuns.add(run);
    say({ run }, "enrolled", `The contact enters ${name}: ${how.words}.`, {
      workflow: workflow.name,
      trigger: how.trigger?.name ?? null,
      triggerType: how.trigger?.type ?? null,
      entry: before + 1,
    });
    if (isStartTooMany(run)) return;
    if (how.trigger !== null && how.trigger.missing !== null) {
      endRun(run, "dead-end", `The trigger “${short(how.trigger.name)}” leads to a step that does not exist.`);
      return;
    }
    if (how.target === END) {
      endRun(run, "finished", `${name} has no steps for the contact.`);
      return;
    }
    const thread = newThread(run, how.target);
    push({ kind: "go", thread }, now);
  }

  function eventDateOf(workflow: Workflow): number | null {
    const given = textOf(workflow.raw["eventStartDate"]);
    return given === "" ? null : readMoment(given, accountClock);
  }

  function newThread(run: Run, at: number, like?: Thread): Thread {
    const thread: Thread = {
      run,
      at,
      loops: [...(like?.loops ?? [])],
      hold: null,
      token: 0,
      again: false,
      skipsSends: like?.skipsSends ?? false,
      sent: new Map(like?.sent ?? []),
      decided: like?.decided ?? -1,
    };
    run.threads.add(thread);
    return thread;
  }

  function endRun(run: Run, how: string, text: string, step?: Step): void {
    if (run.isOver) return;
    run.isOver = true;
    run.place.active.delete(run);
    activeRuns.delete(run);
    for (const thread of run.threads) thread.hold = null;
    run.threads.clear();
    say(
      { run, ...(step !== undefined && run.place.workflow.steps[step.index] === step ? { step } : {}) },
      "exit",
      `The contact leaves “${short(run.place.workflow.name)}”. ${text}`,
      { how },
    );
    ends.push({ ...endOf(run), how, stepId: step?.id ?? null, at: new Date(now).toISOString(), text });
  }

  /** Counts a start or a pass; true when the Loop Lock stops the workflow here. */
  function isStartTooMany(run: Run): boolean {
    const { place } = run;
    const { executions, windowSeconds } = loopLockNarrow;
    const { starts } = place;
    starts.push(now);
    while ((starts[0] ?? now) < now - windowSeconds * 1000) starts.shift();
    if (starts.length < executions) return false;
    place.locked = true;
    isLocked = true;
    const seconds = (now - (starts[0] ?? now)) / 1000;
    say(
      { run },
      "loop-lock",
      `“${short(place.workflow.name)}” began ${executions} times for this contact within ${Math.round(windowSeconds / 60)} minutes: HighLevel's Loop Lock stops it, and only support unlocks it.`,
      {
        counts: loopLockNarrow.counts,
        executions,
        windowSeconds,
        seconds,
        widerReadingCounts: loopLockWide.counts,
      },
    );
    for (const other of [...place.active]) endRun(other, "loop-lock", "The Loop Lock stopped it.");
    return true;
  }

  /** Notes the executed step; true when the Loop Lock stops the workflow here. */
  function isPassTooMany(run: Run, step: Step): boolean {
    const { place } = run;
    const { executed } = place;
    if ((step.traits & Trait.flow) === 0) executed.push(now);
    if (executed.length > loopLockWide.executions) executed.shift();
    const visits = (run.visits.get(step.index) ?? 0) + 1;
    run.visits.set(step.index, visits);
    const isNewPass = visits > run.passes + 1;
    if (isNewPass) run.passes++;
    const isFull =
      executed.length === loopLockWide.executions && (executed[0] ?? 0) >= now - loopLockWide.windowSeconds * 1000;
    if (isFull && place.starts.length > 1)
      assume(
        { place },
        `“${short(place.workflow.name)}” executed ${loopLockWide.executions} steps for this contact within ${loopLockWide.windowSeconds / 60} minutes. Sources disagree whether the Loop Lock counts steps or starts: starts are counted here.`,
      );
    return isNewPass && isStartTooMany(run);
  }

  function step(thread: Thread): void {
    const { run } = thread;
    const current = run.place.workflow.steps[thread.at];
    if (run.isOver || !run.threads.has(thread) || current === undefined) return;
    if (!thread.again) {
      steps++;
      workLeft -= weightOf(current);
      run.order++;
      if (isPassTooMany(run, current)) return;
    }
    thread.again = false;
    apply(thread, current, execute(world, thread, current));
  }

  function apply(thread: Thread, current: Step, outcome: Outcome): void {
    const { run } = thread;
    if (run.isOver) return;
    switch (outcome.go) {
      case "to":
        if (outcome.target === END) {
          leave(thread, current, outcome);
          return;
        }
        thread.at = outcome.target;
        {
          push({ kind: "go", thread }, now);
          return;
        }
      case "again":
        thread.again = true;
        {
          push({ kind: "go", thread }, now);
          return;
        }
      case "hold":
        thread.hold = outcome.hold;
        thread.token++;
        if (outcome.hold.alarm !== null) push({ kind: "alarm", thread, token: thread.token }, outcome.hold.alarm);
        return;
      case "end": {
        endRun(run, outcome.how, outcome.text, current);
        return;
      }
      case "fork":
        run.threads.delete(thread);
        for (const target of outcome.targets) push({ kind: "go", thread: newThread(run, target, thread) }, now);
        if (run.threads.size === 0) endRun(run, "finished", `No lane of “${short(current.name)}” leads on.`, current);
        return;
    }
  }

  /** A thread at its end: back to the loop it is in, or out. The run is over with its last thread. */
  function leave(thread: Thread, current: Step, outcome: Extract<Outcome, { readonly go: "to" }>): void {
    const { run } = thread;
    const loop = thread.loops.at(-1);
    const isMissing = outcome.missing !== undefined && outcome.missing !== null;
    if (loop !== undefined && !isMissing && loop !== current.index) {
      thread.at = loop;
      push({ kind: "go", thread }, now);
      return;
    }
    run.threads.delete(thread);
    if (run.threads.size > 0) return;
    if (isMissing) endRun(run, "dead-end", `“${short(current.name)}” leads to a step that does not exist.`, current);
    else if (outcome.emptyWay !== undefined)
      endRun(
        run,
        "dead-end",
        `Nothing stands behind “${short(outcome.emptyWay)}” of “${short(current.name)}”.`,
        current,
      );
    else endRun(run, "finished", `“${short(current.name)}” was the last step.`, current);
  }

  function wake(thread: Thread, token: number): void {
    const { hold } = thread;
    if (hold === null || thread.token !== token || thread.run.isOver) return;
    thread.hold = null;
    const where = { run: thread.run, step: hold.step };
    if (hold.kind === "event")
      say(where, "resumed", "What the wait is for did not happen in time: the contact goes on.", { timeout: true });
    else if (hold.kind === "window")
      say(where, "resumed", "The workflow's hours begin: the message goes on.", { hours: true });
    else say(where, "resumed", "The wait is over: the contact goes on.");
    apply(thread, hold.step, hold.onAlarm());
  }

  function happen(happening: Happening): void {
    if (happening.type === "customer_reply") for (const run of [...activeRuns]) hearReply(run, happening);
    for (const run of [...activeRuns]) hearGoals(run, happening);
    for (const run of [...activeRuns]) for (const thread of [...run.threads]) hearHold(thread, happening);
    for (const { place, trigger } of listeners.get(happening.type) ?? []) hearTrigger(place, trigger, happening);
  }

  function hearReply(run: Run, { data }: Happening): void {
    run.lastReply = data.get("messagebody")?.[0] ?? "";
    const { stopOnResponse } = run.place.workflow.settings;
    const channel = channelOf(data) ?? "";
    if (stopOnResponse === false || !run.sentOn.has(channel)) return;
    if (stopOnResponse === null) {
      assume(
        { run },
        `“${short(run.place.workflow.name)}” does not say whether a reply ends it: it is taken that it does not.`,
      );
      return;
    }
    if ([...run.threads].some(({ hold }) => hold?.kind === "event"))
      assume(
        { run },
        "The contact waits for something and the reply ends the run: HighLevel does not say which comes first. The run is taken to end.",
      );
    endRun(run, "response", "The contact replied, and “stop on response” is on.");
  }

  function hearGoals(run: Run, happening: Happening): void {
    // Only one goal of a workflow is effective; which one is not known.
    const [goal, ...others] = run.place.goals;
    if (goal === undefined || run.goalsDone.has(goal.index)) return;
    if (others.length > 0)
      assume(
        { place: run.place },
        `“${short(run.place.workflow.name)}” has ${others.length + 1} goals, and only one works: the first is taken.`,
      );
    const met = meetsGoal(goal, happening);
    if (met === null)
      assume(
        { run, step: goal },
        `What the goal “${short(goal.name)}” asks for cannot be read: it is taken as not met.`,
      );
    if (met !== true) return;
    run.goalsDone.add(goal.index);
    const like = [...run.threads][0];
    for (const thread of run.threads) thread.hold = null;
    run.threads.clear();
    say(
      { run, step: goal },
      "goal",
      `The goal “${short(goal.name)}” is met (${happening.words}): the contact jumps there.`,
      { met: true },
    );
    const thread = newThread(run, goal.index, like);
    thread.loops.length = 0;
    push({ kind: "go", thread }, now);
  }

  function hearHold(thread: Thread, happening: Happening): void {
    const { hold, run } = thread;
    if (hold === null || run.isOver) return;
    const heard = hold.hears(happening);
    if (heard === false) return;
    const where = { run, step: hold.step };
    if (heard !== true) {
      say(where, "ignored", `${upper(happening.words)}, but ${heard}.`, { reason: "not-heard" });
      return;
    }
    thread.hold = null;
    thread.token++;
    say(where, "resumed", `${upper(happening.words)}: the wait is over.`, { heard: happening.type });
    apply(thread, hold.step, hold.onHeard());
  }

  function hearTrigger(place: Place, trigger: Trigger, happening: Happening): void {
    if (happening.isStart && place === favoured) return;
    workLeft--;
    const { holds, reasons } = hearing(world, trigger, happening);
    const name = `“${short(trigger.name)}”`;
    if (holds === false) return;
    const doubt = reasons.filter((reason) => reason.holds === null).map(({ asks }) => short(asks));
    if (holds === null) {
      const isTaken = happening.isStart && places.length === 1;
      assume(
        { place },
        `Whether the filter of the trigger ${name} fits (${doubt.join(", ")}) cannot be told: it is taken as ${isTaken ? "fitting" : "not fitting"}.`,
      );
      if (!isTaken) return;
    }
    if (!trigger.active) {
      assume({ place }, `The trigger ${name} would fire, but it is switched off: nothing begins.`);
      return;
    }
    enrol(place, {
      words: `${happening.words} (trigger ${name})`,
      trigger,
      target: trigger.target,
      happening,
      from: null,
      byHand: false,
    });
  }

  const favoured =
    start.workflowId === undefined || start.trigger === undefined ? undefined : placeByName.get(start.workflowId);
  begin();
  events.forEach((event, at) => {
    push(
      { kind: "script", event: at },
      event.at === undefined ? startAt + (event.afterSeconds ?? 0) * 1000 : readInstant(event.at),
    );
  });
  for (let timed = queue.pop(); timed !== undefined; timed = queue.pop()) {
    const task = tasks.get(timed.item);
    tasks.delete(timed.item);
    if (task === undefined || isStale(task)) continue;
    if (timed.time > horizon) {
      now = horizon;
      stopped = "horizon";
      say(
        {},
        "limit",
        `The simulation ends here, ${limits.horizonDays ?? DEFAULT_HORIZON_DAYS} days after its start; more would follow.`,
        { limit: "horizon" },
      );
      break;
    }
    if (steps >= mostSteps || workLeft <= 0) {
      stopped = "steps";
      say({}, "limit", `The simulation ends here after ${steps} steps; more would follow.`, { limit: "steps", steps });
      break;
    }
    now = timed.time;
    switch (task.kind) {
      case "script": {
        const event = events[task.event];
        if (event !== undefined) occur(world, event);
        break;
      }
      case "happening":
        happen(task.happening);
        break;
      case "go":
        step(task.thread);
        break;
      case "alarm":
        wake(task.thread, task.token);
        break;
    }
  }

  function begin(): void {
    if (options.timezone === undefined) assume({}, "The account's time zone was not given: UTC is taken.");
    const [only] = places;
    if (places.length === 1 && only?.workflow.status === "draft")
      assume({ place: only }, `“${short(only.workflow.name)}” is a draft: it is simulated as if it were published.`);
    if (start.trigger !== undefined) {
      isBeginning = true;
      occur(world, start.trigger);
      isBeginning = false;
      if (favoured === undefined) return;
      const heard = (trigger: Trigger) => startHappenings.find(({ type }) => type === trigger.type);
      const trigger = favoured.workflow.triggers?.find((one) => one.active && heard(one) !== undefined) ?? null;
      const happening = (trigger === null ? undefined : heard(trigger)) ?? startHappenings.at(-1) ?? null;
      enrol(favoured, {
        words: trigger === null ? "the start of the simulation says so" : `its trigger “${short(trigger.name)}” fires`,
        trigger,
        target: trigger?.target ?? favoured.workflow.entry,
        happening,
        from: null,
        byHand: true,
      });
      return;
    }
    const place = start.workflowId === undefined ? only : placeByName.get(start.workflowId);
    if (place === undefined) return;
    const trigger =
      start.workflowId === undefined ? (place.workflow.triggers?.find(({ active }) => active) ?? null) : null;
    if (trigger !== null)
      assume({ place }, `The start names no event: the trigger “${short(trigger.name)}” is taken to fire.`);
    else if (start.workflowId === undefined)
      assume(
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
      assume(
        { place },
        "The workflow came without its triggers: the contact's newest deal, appointment and invoice are taken to belong to the run.",
      );
    enrol(place, {
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

  // Whatever still waits, waits for something that does not come.
  for (const run of [...activeRuns].sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)))) {
    const held = [...run.threads].map(({ hold }) => hold?.step).find((one) => one !== undefined);
    const text = held === undefined ? "The simulation ended first." : `Still held at “${short(held.name)}”.`;
    ends.push({
      ...endOf(run),
      how: held === undefined || stopped === "steps" ? "cut" : "held",
      stepId: held?.id ?? null,
      at: new Date(now).toISOString(),
      text,
    });
  }
  const last = entries.at(-1);
  return {
    schemaVersion: 1,
    engineVersion: ENGINE_VERSION,
    start: { at: new Date(startAt).toISOString(), local: written(ownClock.read(startAt)) },
    timezones: { account: accountClock.zone, contact: ownClock.zone },
    workflows: places.map(({ key, workflow }) => ({ id: key, name: workflow.name, status: workflow.status })),
    entries,
    summary: summarise(entries, {
      steps,
      enrolments: ends,
      stopped: stopped ?? (isLocked ? "loop-lock" : activeRuns.size > 0 ? "held" : "done"),
      elapsedSeconds: last?.elapsedSeconds ?? 0,
    }),
    contact: contact.final(),
    assumptions: [...assumptions.values()],
  };
}

function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function endOf({ id, place }: Run): Pick<EnrolmentEnd, "workflowId" | "workflowName" | "enrolmentId"> {
  return { workflowId: place.key, workflowName: place.workflow.name, enrolmentId: id };
}

/** An alarm for a wait that is over, or a step of a run that is. */
function isStale(task: Task): boolean {
  if (task.kind === "go") return task.thread.run.isOver;
  return (
    task.kind === "alarm" && (task.thread.run.isOver || task.thread.hold === null || task.thread.token !== task.token)
  );
}
