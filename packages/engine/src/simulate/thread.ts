/** One thread of a run: a step is executed, and what came of it decides where it goes on. */
import { END, type Step } from "../model/workflow.ts";
import { endRun, isPassTooMany, newThread } from "./enrolments.ts";
import { weightOf } from "./places.ts";
import { execute } from "./steps.ts";
import { short } from "./words.ts";
import type { Outcome, Thread, World } from "./world.ts";

/** Executes the step at which the thread stands. */
export function step(world: World, thread: Thread): void {
  const { run } = thread;
  const current = run.place.workflow.steps[thread.at];
  if (run.isOver || !run.threads.has(thread) || current === undefined) return;
  if (!thread.again) {
    world.steps++;
    world.workLeft -= weightOf(current);
    run.order++;
    if (isPassTooMany(world, run, current)) return;
  }
  thread.again = false;
  apply(world, thread, current, execute(world, thread, current));
}

/** Goes where an outcome leads. */
export function apply(world: World, thread: Thread, current: Step, outcome: Outcome): void {
  const { run } = thread;
  if (run.isOver) return;
  switch (outcome.go) {
    case "to":
      if (outcome.target === END) {
        leave(world, thread, current, outcome);
        return;
      }
      thread.at = outcome.target;
      {
        world.schedule({ kind: "go", thread }, world.now());
        return;
      }
    case "again":
      thread.again = true;
      {
        world.schedule({ kind: "go", thread }, world.now());
        return;
      }
    case "hold":
      thread.hold = outcome.hold;
      thread.token++;
      if (outcome.hold.alarm !== null)
        world.schedule({ kind: "alarm", thread, token: thread.token }, outcome.hold.alarm);
      return;
    case "end": {
      endRun(world, run, outcome.how, outcome.text, current);
      return;
    }
    case "fork":
      run.threads.delete(thread);
      for (const target of outcome.targets)
        world.schedule({ kind: "go", thread: newThread(run, target, thread) }, world.now());
      if (run.threads.size === 0)
        endRun(world, run, "finished", `No lane of “${short(current.name)}” leads on.`, current);
      return;
  }
}

/** A thread at its end: back to the loop it is in, or out. The run is over with its last thread. */
function leave(world: World, thread: Thread, current: Step, outcome: Extract<Outcome, { readonly go: "to" }>): void {
  const { run } = thread;
  const loop = thread.loops.at(-1);
  const isMissing = outcome.missing !== undefined && outcome.missing !== null;
  if (loop !== undefined && !isMissing && loop !== current.index) {
    thread.at = loop;
    world.schedule({ kind: "go", thread }, world.now());
    return;
  }
  run.threads.delete(thread);
  if (run.threads.size > 0) return;
  if (isMissing)
    endRun(world, run, "dead-end", `“${short(current.name)}” leads to a step that does not exist.`, current);
  else if (outcome.emptyWay !== undefined)
    endRun(
      world,
      run,
      "dead-end",
      `Nothing stands behind “${short(outcome.emptyWay)}” of “${short(current.name)}”.`,
      current,
    );
  else endRun(world, run, "finished", `“${short(current.name)}” was the last step.`, current);
}

/** The alarm of a hold, unless the hold is over. */
export function wake(world: World, thread: Thread, token: number): void {
  const { hold } = thread;
  if (hold === null || thread.token !== token || thread.run.isOver) return;
  thread.hold = null;
  const where = { run: thread.run, step: hold.step };
  if (hold.kind === "event")
    world.say(where, "resumed", "What the wait is for did not happen in time: the contact goes on.", { timeout: true });
  else if (hold.kind === "window")
    world.say(where, "resumed", "The workflow's hours begin: the message goes on.", { hours: true });
  else world.say(where, "resumed", "The wait is over: the contact goes on.");
  apply(world, thread, hold.step, hold.onAlarm());
}
