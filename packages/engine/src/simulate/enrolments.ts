/** Who is in which workflow: coming in, going out, and the Loop Lock. Platform facts F1 to F4 and F21. */
import { loopLockNarrow, loopLockWide } from "../domain/loop-lock.ts";
import { triggerTypeOf } from "../domain/trigger-types.ts";
import { textOf } from "../model/attributes.ts";
import { Trait } from "../model/traits.ts";
import { END, type Step, type Workflow } from "../model/workflow.ts";
import type { EnrolmentEnd } from "./types.ts";
import { short, upper } from "./words.ts";
import type { Enrolment, Place, Run, Thread, World } from "./world.ts";
import { readMoment } from "./zoned-time.ts";

/** The contact comes in, unless something speaks against it: then that is said. */
export function enrol(world: World, place: Place, how: Enrolment): void {
  const { workflow } = place;
  const { settings } = workflow;
  const name = `“${short(workflow.name)}”`;
  const refuse = (reason: string, text: string) =>
    world.say({ place }, "ignored", text, { reason, because: how.words });
  if (world.contact.deleted) return;
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
    world.assume(
      { place },
      "The appointment or invoice comes again while its run is on: the run is taken to begin anew.",
    );
    endRun(world, running, "restarted", "The same appointment or invoice came again.");
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
      world.assume({ place }, `${name} does not say whether contacts may enter again: it is taken that they may.`);
  }
  if (perDeal && settings.multipleOpportunities === null && place.entered.size > 0 && before === 0)
    world.assume(
      { place },
      `${name} does not say whether a contact may enter once for each deal: it is taken that it may.`,
    );
  place.entered.set(record, before + 1);
  const run: Run = {
    id: world.nextId("e"),
    place,
    trigger: how.trigger,
    startedAt: world.now(),
    record,
    data: how.happening?.data ?? how.from?.data ?? new Map(),
    records,
    threads: new Set(),
    eventDate: eventDateOf(world, workflow),
    visits: new Map(),
    passes: 0,
    order: 0,
    sentOn: new Set(),
    goalsDone: new Set(),
    lastReply: how.happening?.data.get("messagebody")?.[0] ?? null,
    isOver: false,
  };
  place.active.add(run);
  world.activeRuns.add(run);
  world.say({ run }, "enrolled", `The contact enters ${name}: ${how.words}.`, {
    workflow: workflow.name,
    trigger: how.trigger?.name ?? null,
    triggerType: how.trigger?.type ?? null,
    entry: before + 1,
  });
  if (isStartTooMany(world, run)) return;
  if (how.trigger !== null && how.trigger.missing !== null) {
    endRun(world, run, "dead-end", `The trigger “${short(how.trigger.name)}” leads to a step that does not exist.`);
    return;
  }
  if (how.target === END) {
    endRun(world, run, "finished", `${name} has no steps for the contact.`);
    return;
  }
  const thread = newThread(run, how.target);
  world.schedule({ kind: "go", thread }, world.now());
}

export function endRun(world: World, run: Run, how: string, text: string, step?: Step): void {
  if (run.isOver) return;
  run.isOver = true;
  run.place.active.delete(run);
  world.activeRuns.delete(run);
  for (const thread of run.threads) thread.hold = null;
  run.threads.clear();
  world.say(
    { run, ...(step !== undefined && run.place.workflow.steps[step.index] === step ? { step } : {}) },
    "exit",
    `The contact leaves “${short(run.place.workflow.name)}”. ${text}`,
    { how },
  );
  world.ends.push({ ...endOf(run), how, stepId: step?.id ?? null, at: new Date(world.now()).toISOString(), text });
}

export function newThread(run: Run, at: number, like?: Thread): Thread {
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

/** Notes the executed step; true when the Loop Lock stops the workflow here. */
export function isPassTooMany(world: World, run: Run, step: Step): boolean {
  const { place } = run;
  const { executed } = place;
  if ((step.traits & Trait.flow) === 0) executed.push(world.now());
  if (executed.length > loopLockWide.executions) executed.shift();
  const visits = (run.visits.get(step.index) ?? 0) + 1;
  run.visits.set(step.index, visits);
  const isNewPass = visits > run.passes + 1;
  if (isNewPass) run.passes++;
  const isFull =
    executed.length === loopLockWide.executions &&
    (executed[0] ?? 0) >= world.now() - loopLockWide.windowSeconds * 1000;
  if (isFull && place.starts.length > 1)
    world.assume(
      { place },
      `“${short(place.workflow.name)}” executed ${loopLockWide.executions} steps for this contact within ${loopLockWide.windowSeconds / 60} minutes. Sources disagree whether the Loop Lock counts steps or starts: starts are counted here.`,
    );
  return isNewPass && isStartTooMany(world, run);
}

/** Counts a start or a pass; true when the Loop Lock stops the workflow here. */
function isStartTooMany(world: World, run: Run): boolean {
  const { place } = run;
  const { executions, windowSeconds } = loopLockNarrow;
  const { starts } = place;
  starts.push(world.now());
  while ((starts[0] ?? world.now()) < world.now() - windowSeconds * 1000) starts.shift();
  if (starts.length < executions) return false;
  place.locked = true;
  const seconds = (world.now() - (starts[0] ?? world.now())) / 1000;
  world.say(
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
  for (const other of [...place.active]) endRun(world, other, "loop-lock", "The Loop Lock stopped it.");
  return true;
}

function eventDateOf(world: World, workflow: Workflow): number | null {
  const given = textOf(workflow.raw["eventStartDate"]);
  return given === "" ? null : readMoment(given, world.accountClock);
}

/** Whose end it is. */
export function endOf({ id, place }: Run): Pick<EnrolmentEnd, "workflowId" | "workflowName" | "enrolmentId"> {
  return { workflowId: place.key, workflowName: place.workflow.name, enrolmentId: id };
}
