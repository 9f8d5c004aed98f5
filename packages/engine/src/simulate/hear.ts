/** Who listens to what happens: runs that a reply ends, goals, waits and triggers, in this order. */
import type { Trigger } from "../model/workflow.ts";
import { endRun, enrol, newThread } from "./enrolments.ts";
import { meetsGoal } from "./goals.ts";
import { hearing } from "./listeners.ts";
import { apply } from "./thread.ts";
import { channelOf } from "./waits.ts";
import { short, upper } from "./words.ts";
import type { Happening, Place, Run, Thread, World } from "./world.ts";

export function happen(world: World, happening: Happening): void {
  if (happening.type === "customer_reply") for (const run of [...world.activeRuns]) hearReply(world, run, happening);
  for (const run of [...world.activeRuns]) hearGoals(world, run, happening);
  for (const run of [...world.activeRuns]) for (const thread of [...run.threads]) hearHold(world, thread, happening);
  for (const { place, trigger } of world.listenersOf(happening)) hearTrigger(world, place, trigger, happening);
}

function hearReply(world: World, run: Run, { data }: Happening): void {
  run.lastReply = data.get("messagebody")?.[0] ?? "";
  const { stopOnResponse } = run.place.workflow.settings;
  const channel = channelOf(data) ?? "";
  if (stopOnResponse === false || !run.sentOn.has(channel)) return;
  if (stopOnResponse === null) {
    world.assume(
      { run },
      `“${short(run.place.workflow.name)}” does not say whether a reply ends it: it is taken that it does not.`,
    );
    return;
  }
  if ([...run.threads].some(({ hold }) => hold?.kind === "event"))
    world.assume(
      { run },
      "The contact waits for something and the reply ends the run: HighLevel does not say which comes first. The run is taken to end.",
    );
  endRun(world, run, "response", "The contact replied, and “stop on response” is on.");
}

function hearGoals(world: World, run: Run, happening: Happening): void {
  // Only one goal of a workflow is effective; which one is not known.
  const [goal, ...others] = run.place.goals;
  if (goal === undefined || run.goalsDone.has(goal.index)) return;
  if (others.length > 0)
    world.assume(
      { place: run.place },
      `“${short(run.place.workflow.name)}” has ${others.length + 1} goals, and only one works: the first is taken.`,
    );
  const met = meetsGoal(goal, happening);
  if (met === null)
    world.assume(
      { run, step: goal },
      `What the goal “${short(goal.name)}” asks for cannot be read: it is taken as not met.`,
    );
  if (met !== true) return;
  run.goalsDone.add(goal.index);
  const like = [...run.threads][0];
  for (const thread of run.threads) thread.hold = null;
  run.threads.clear();
  world.say(
    { run, step: goal },
    "goal",
    `The goal “${short(goal.name)}” is met (${happening.words}): the contact jumps there.`,
    { met: true },
  );
  const thread = newThread(run, goal.index, like);
  thread.loops.length = 0;
  world.schedule({ kind: "go", thread }, world.now());
}

function hearHold(world: World, thread: Thread, happening: Happening): void {
  const { hold, run } = thread;
  if (hold === null || run.isOver) return;
  const heard = hold.hears(happening);
  if (heard === false) return;
  const where = { run, step: hold.step };
  if (heard !== true) {
    world.say(where, "ignored", `${upper(happening.words)}, but ${heard}.`, { reason: "not-heard" });
    return;
  }
  thread.hold = null;
  thread.token++;
  world.say(where, "resumed", `${upper(happening.words)}: the wait is over.`, { heard: happening.type });
  apply(world, thread, hold.step, hold.onHeard());
}

function hearTrigger(world: World, place: Place, trigger: Trigger, happening: Happening): void {
  if (happening.isStart && place === world.favoured) return;
  world.workLeft--;
  const { holds, reasons } = hearing(world, trigger, happening);
  const name = `“${short(trigger.name)}”`;
  if (holds === false) return;
  const doubt = reasons.filter((reason) => reason.holds === null).map(({ asks }) => short(asks));
  if (holds === null) {
    const isTaken = happening.isStart && world.places.length === 1;
    world.assume(
      { place },
      `Whether the filter of the trigger ${name} fits (${doubt.join(", ")}) cannot be told: it is taken as ${isTaken ? "fitting" : "not fitting"}.`,
    );
    if (!isTaken) return;
  }
  if (!trigger.active) {
    world.assume({ place }, `The trigger ${name} would fire, but it is switched off: nothing begins.`);
    return;
  }
  enrol(world, place, {
    words: `${happening.words} (trigger ${name})`,
    trigger,
    target: trigger.target,
    happening,
    from: null,
    byHand: false,
  });
}
