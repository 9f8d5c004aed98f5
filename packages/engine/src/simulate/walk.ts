/** The walk itself: a queue of what happens next, ordered by time and, within one instant, by what came first. */
import { fieldReader } from "../conditions/fields.ts";
import { createTimeHeap } from "../graph/time-heap.ts";
import { createLocation } from "../location/location.ts";
import type { Workflow } from "../model/workflow.ts";
import { ENGINE_VERSION } from "../parse.ts";
import { begin } from "./begin.ts";
import { createContact } from "./contact-record.ts";
import { endOf } from "./enrolments.ts";
import { happen } from "./hear.ts";
import { listenersOf, placesOf } from "./places.ts";
import { occur } from "./script.ts";
import { summarise } from "./summary.ts";
import { step, wake } from "./thread.ts";
import { traceWriter } from "./trace-writer.ts";
import type { ContactState, SimulationOptions, Trace, TraceSummary } from "./types.ts";
import type { Place, Task, World } from "./world.ts";
import { type Clock, createClock, DAY, readInstant, written } from "./zoned-time.ts";

const DEFAULT_STEPS = 5000;
const DEFAULT_HORIZON_DAYS = 400;

/** Walks the contact until nothing is left to happen, or a limit is reached. The input is checked already. */
export function walk(workflows: readonly Workflow[], contact: ContactState, options: SimulationOptions): Trace {
  const { start, events = [], limits = {} } = options;
  const { steps: mostSteps = DEFAULT_STEPS, horizonDays = DEFAULT_HORIZON_DAYS } = limits;
  const startAt = readInstant(start.at);
  const horizon = startAt + horizonDays * DAY;
  const queue = createTaskQueue();
  let now = startAt;
  let stopped: "steps" | "horizon" | null = null;
  const { world, entries, assumptions } = createWorld(workflows, contact, options, queue.push, () => now);

  begin(world, options);
  events.forEach((event, at) => {
    const time = event.at === undefined ? startAt + (event.afterSeconds ?? 0) * 1000 : readInstant(event.at);
    queue.push({ kind: "script", event: at }, time);
  });
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const { task, time } = next;
    if (isStale(task)) continue;
    if (time > horizon) {
      now = horizon;
      stopped = "horizon";
      world.say({}, "limit", `The simulation ends here, ${horizonDays} days after its start; more would follow.`, {
        limit: stopped,
      });
      break;
    }
    if (world.steps >= mostSteps || world.workLeft <= 0) {
      stopped = "steps";
      world.say({}, "limit", `The simulation ends here, after ${world.steps} steps; more would follow.`, {
        limit: stopped,
        steps: world.steps,
      });
      break;
    }
    now = time;
    switch (task.kind) {
      case "script": {
        const event = events[task.event];
        if (event !== undefined) occur(world, event);
        break;
      }
      case "happening":
        happen(world, task.happening);
        break;
      case "go":
        step(world, task.thread);
        break;
      case "alarm":
        wake(world, task.thread, task.token);
        break;
    }
  }
  leaveTheRest(world, stopped);
  return {
    schemaVersion: 1,
    engineVersion: ENGINE_VERSION,
    start: { at: new Date(startAt).toISOString(), local: written(world.contactClock().read(startAt)) },
    timezones: { account: world.accountClock.zone, contact: world.contactClock().zone },
    workflows: world.places.map(({ key, workflow }) => ({ id: key, name: workflow.name, status: workflow.status })),
    entries,
    summary: summarise(entries, {
      steps: world.steps,
      enrolments: world.ends,
      stopped: stopped ?? stateOf(world),
      elapsedSeconds: entries.at(-1)?.elapsedSeconds ?? 0,
    }),
    contact: world.contact.final(),
    assumptions: assumptions(),
  };
}

function createWorld(
  workflows: readonly Workflow[],
  given: ContactState,
  options: SimulationOptions,
  schedule: World["schedule"],
  now: () => number,
) {
  const { start, facts = {}, limits = {} } = options;
  const location = createLocation(facts);
  const fields = fieldReader(location);
  const accountClock = createClock(options.timezone ?? "UTC");
  const contactClock: Clock =
    given.timezone === undefined || given.timezone === accountClock.zone ? accountClock : createClock(given.timezone);
  const places = placesOf(workflows, fields, start.workflowId, given.pastWorkflows ?? []);
  const placeByName = new Map<string, Place>();
  // Ids go before names, the first of several before the others.
  for (const place of places.toReversed()) placeByName.set(place.workflow.name, place);
  for (const place of places.toReversed()) placeByName.set(place.key, place);
  const counters = new Map<string, number>();
  const writer = traceWriter(readInstant(start.at), now, contactClock);
  const world: World = {
    now,
    places,
    findPlace: (idOrName) => placeByName.get(idOrName),
    contact: createContact(given, fields),
    fields,
    location,
    customValues: new Map(),
    accountClock,
    contactClock: () => contactClock,
    clockOf: ({ workflow }) => (workflow.settings.timezone === "contact" ? contactClock : accountClock),
    seed: options.seed ?? 0,
    choices: options.choices ?? {},
    openUntil: new Map(),
    lastSenders: new Map(),
    say: (...entry) => {
      world.workLeft--;
      writer.say(...entry);
    },
    assume: writer.assume,
    emit: (happening) => {
      world.workLeft--;
      const isStart = world.beginning !== null;
      const heard = isStart ? { ...happening, isStart } : happening;
      world.beginning?.push(heard);
      schedule({ kind: "happening", happening: heard }, now());
    },
    schedule,
    nextId: (kind) => {
      const count = (counters.get(kind) ?? 0) + 1;
      counters.set(kind, count);
      return `${kind}${count}`;
    },
    listenersOf: listenersOf(places),
    activeRuns: new Set(),
    ends: [],
    favoured:
      start.workflowId === undefined || start.trigger === undefined ? undefined : placeByName.get(start.workflowId),
    beginning: null,
    steps: 0,
    workLeft: (limits.steps ?? DEFAULT_STEPS) * 40 + 20_000,
  };
  return { world, entries: writer.entries, assumptions: writer.assumptions };
}

/** What happens next: by time, then by what was brought about first. */
function createTaskQueue() {
  const heap = createTimeHeap();
  const tasks = new Map<number, Task>();
  let sequence = 0;
  return {
    push(task: Task, time: number) {
      tasks.set(sequence, task);
      heap.push(sequence, time, sequence);
      sequence++;
    },
    pop(): { readonly task: Task; readonly time: number } | undefined {
      const timed = heap.pop();
      const task = timed === undefined ? undefined : tasks.get(timed.item);
      if (timed === undefined || task === undefined) return undefined;
      tasks.delete(timed.item);
      return { task, time: timed.time };
    },
  };
}

/** An alarm for a wait that is over, or a step of a run that is. */
function isStale(task: Task): boolean {
  if (task.kind === "go") return task.thread.run.isOver;
  if (task.kind !== "alarm") return false;
  const { thread, token } = task;
  return thread.run.isOver || thread.hold === null || thread.token !== token;
}

function stateOf({ places, activeRuns }: World): TraceSummary["stopped"] {
  if (places.some(({ locked }) => locked)) return "loop-lock";
  return activeRuns.size > 0 ? "held" : "done";
}

/** Whoever is still in a workflow waits for something that does not come, or the simulation ended first. */
function leaveTheRest(world: World, stopped: "steps" | "horizon" | null): void {
  for (const run of world.activeRuns) {
    const held = [...run.threads].map(({ hold }) => hold?.step).find((one) => one !== undefined);
    const isCut = held === undefined || stopped === "steps";
    world.ends.push({
      ...endOf(run),
      how: isCut ? "cut" : "held",
      stepId: held?.id ?? null,
      at: new Date(world.now()).toISOString(),
      text: held === undefined ? "The simulation ended first." : `Still held at “${held.name}”.`,
    });
  }
}
