/** What a dry run holds while it runs. Everything that changes stands here; the files around it hold what is done with it. */
import type { Condition } from "../conditions/ast.ts";
import type { FieldReader } from "../conditions/fields.ts";
import type { Location } from "../location/location.ts";
import type { Window } from "../model/windows.ts";
import type { Branch, Step, Trigger, Workflow } from "../model/workflow.ts";
import type { ContactRecord } from "./contact-record.ts";
import type { EnrolmentEnd, EntryKind, FieldValue } from "./types.ts";
import type { Clock } from "./zoned-time.ts";

/** Something that triggers, waits and goals may listen to. */
export interface Happening {
  /** HighLevel's trigger type. */
  readonly type: string;
  /** What it carries, by plain key (`plainKey`): `formid`, `messagebody`, `tagsadded`. */
  readonly data: ReadonlyMap<string, readonly string[]>;
  /** Keys of the contact's fields that changed. */
  readonly changed: ReadonlySet<string>;
  readonly records: Records;
  /** In the words of a sentence: "the tag “hot” is added". */
  readonly words: string;
  /** The workflow whose step did it; null: it came from outside. */
  readonly by: Place | null;
  /** The start of the simulation: data that it leaves out may be taken to fit. */
  readonly isStart: boolean;
}

/** Ids of the records that a run or an event brings along. */
export interface Records {
  readonly opportunity?: string;
  readonly appointment?: string;
  readonly invoice?: string;
}

/** One simulated workflow. */
export interface Place {
  readonly key: string;
  readonly workflow: Workflow;
  readonly isLive: boolean;
  readonly window: Window | null;
  readonly conditionOf: (branch: Branch) => Condition;
  readonly waitConditionOf: (step: Step) => Condition | null;
  readonly goals: readonly Step[];
  /** Runs that are not over. */
  readonly active: Set<Run>;
  /** How often the contact came in, by record (`""`: none). */
  readonly entered: Map<string, number>;
  /** Instants of starts and passes, and of executed steps, within the Loop Lock's time. */
  readonly starts: number[];
  readonly executed: number[];
  locked: boolean;
}

/** The contact's passage through one workflow. */
export interface Run {
  readonly id: string;
  readonly place: Place;
  readonly trigger: Trigger | null;
  readonly startedAt: number;
  /** The appointment, invoice or deal that this run is for; "" when it is for the contact as such. */
  readonly record: string;
  /** Of the trigger that started it, or of the run that enrolled it. */
  readonly data: ReadonlyMap<string, readonly string[]>;
  records: Records;
  /** Threads that are not over; more than one below a router. */
  readonly threads: Set<Thread>;
  /** Set Event Start Date; NaN when it holds no date. null: not set. */
  eventDate: number | null;
  /** Times that each step was executed. */
  readonly visits: Map<number, number>;
  passes: number;
  /** Counts the executed steps, so that "before" has a meaning within one instant. */
  order: number;
  /** Channels on which this run sent a message. */
  readonly sentOn: Set<string>;
  readonly goalsDone: Set<number>;
  lastReply: string | null;
  isOver: boolean;
}

/** A place in a run where something is about to happen. */
export interface Thread {
  readonly run: Run;
  at: number;
  /** Loops whose body the thread is in, outermost first. */
  readonly loops: number[];
  hold: Hold | null;
  /** Counts the holds, so that an old alarm wakes nobody. */
  token: number;
  /** The step comes a second time only because its hours had to begin: it is the same execution. */
  again: boolean;
  /** Messages are passed over until the next wait: the date had passed. */
  skipsSends: boolean;
  /** Order of the last message by channel, and of the last decision: a reply wait must stand right behind its message. */
  readonly sent: Map<string, number>;
  decided: number;
}

export interface Hold {
  readonly step: Step;
  readonly kind: "time" | "window" | "event" | "person" | "goal" | "forever";
  /** Does it end this wait? A text says why not although one might think so. */
  readonly hears: (happening: Happening) => boolean | string;
  readonly onHeard: () => Outcome;
  readonly onAlarm: () => Outcome;
  readonly alarm: number | null;
}

export type Outcome =
  /** To a step, or to the end of the workflow (END). `words` says why when that is worth an entry. */
  | { readonly go: "to"; readonly target: number; readonly missing?: string | null; readonly emptyWay?: string }
  /** The same step again: a message whose hours have come. */
  | { readonly go: "again" }
  | { readonly go: "hold"; readonly hold: Hold }
  | { readonly go: "end"; readonly how: string; readonly text: string }
  | { readonly go: "fork"; readonly targets: readonly number[] };

export type Task =
  | { readonly kind: "script"; readonly event: number }
  | { readonly kind: "happening"; readonly happening: Happening }
  | { readonly kind: "go"; readonly thread: Thread }
  | { readonly kind: "alarm"; readonly thread: Thread; readonly token: number };

/** Where an entry belongs. */
export interface Where {
  readonly run?: Run;
  readonly place?: Place;
  readonly step?: Step;
}

export interface World {
  readonly now: () => number;
  readonly places: readonly Place[];
  readonly findPlace: (idOrName: string) => Place | undefined;
  readonly contact: ContactRecord;
  readonly fields: FieldReader;
  readonly location: Location;
  readonly customValues: Map<string, string>;
  readonly accountClock: Clock;
  readonly contactClock: () => Clock;
  /** The clock that a workflow's own windows go by. */
  readonly clockOf: (place: Place) => Clock;
  readonly seed: number;
  readonly choices: Readonly<Record<string, string>>;
  /** Until when free messages are delivered on a channel, since the contact wrote there. */
  readonly openUntil: Map<string, number>;
  /** Workflows whose messages went out on a channel, newest last. */
  readonly lastSenders: Map<string, Place>;
  readonly say: (where: Where, kind: EntryKind, text: string, detail?: Readonly<Record<string, unknown>>) => void;
  readonly assume: (where: Where, text: string) => void;
  readonly emit: (happening: Happening) => void;
  readonly schedule: (task: Task, time: number) => void;
  /** `e1`, `appointment2`: counted, so that the same input gives the same ids. */
  readonly nextId: (kind: string) => string;
  readonly listenersOf: (happening: Happening) => readonly Listener[];
  readonly activeRuns: Set<Run>;
  readonly ends: EnrolmentEnd[];
  /** The workflow that the start names beside its event: it is entered whatever its filters say. */
  readonly favoured: Place | undefined;
  /** While the start happens: what it brings about. */
  beginning: Happening[] | null;
  steps: number;
  /** Everything counts: a step, an entry, a happening, a value that a step names. At 0 the simulation ends. */
  workLeft: number;
}

/** A trigger and the workflow that it starts. */
export interface Listener {
  readonly place: Place;
  readonly trigger: Trigger;
  readonly order: number;
}

export interface Enrolment {
  readonly words: string;
  readonly trigger: Trigger | null;
  readonly target: number;
  readonly happening: Happening | null;
  /** The run that added the contact, when it passes its trigger's data on. */
  readonly from: Run | null;
  /** Whatever the workflow's status says. */
  readonly byHand: boolean;
}

/** Field names in any spelling: `contact.firstName`, `contact.first_name`, `tagsAdded`. */
export function plainKey(name: string): string {
  return name.replace(/[\s._-]/g, "").toLowerCase();
}

export function dataOf(entries: Readonly<Record<string, FieldValue | undefined>>): Map<string, readonly string[]> {
  const data = new Map<string, readonly string[]>();
  for (const [name, value] of Object.entries(entries)) {
    if (value === undefined) continue;
    const list = Array.isArray(value) ? value : value === null || value === "" ? [] : [String(value)];
    data.set(plainKey(name), list);
  }
  return data;
}

export const NO_CHANGES: ReadonlySet<string> = new Set();
