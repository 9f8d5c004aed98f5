import { type LawfulHours, lawfulHours, quietHoursChannels } from "../../domain/lawful-hours.ts";
import { stepTypeOf, typesOnChannels } from "../../domain/step-types.ts";
import { triggerTypeOf } from "../../domain/trigger-types.ts";
import { branchOf, EdgeKind } from "../../graph/graph.ts";
import { waitTimings } from "../../graph/wait-timings.ts";
import { isRecord, textOf } from "../../model/attributes.ts";
import { Trait } from "../../model/traits.ts";
import { minutesOf } from "../../model/windows.ts";
import type { Attributes, Step } from "../../model/workflow.ts";
import type { Analysis, View } from "../../view.ts";

/** What is known about the clock when a run stands at a step. */
export const Clock = {
  /** Held to lawful hours, or anchored on an appointment or a date that somebody chose. */
  safe: 1,
  /** The contact did something a moment ago, at whatever hour. */
  acted: 2,
  /** Any hour of the day. */
  any: 4,
} as const;

/** Bits of `Clock` per step: all states in which some run can stand there. */
export type SendingHours = Uint8Array;

/** A few minutes do not carry a daytime contact into the night. */
const MOMENT_SECONDS = 15 * 60;
const DAY_SECONDS = 86_400;

/** Follows the clock from every way in. Each step is visited at most once per state, so the walk is linear. */
export const sendingHours: Analysis<SendingHours> = (view) => {
  const { graph, workflow } = view;
  const clocks = new Uint8Array(graph.size);
  const open: number[] = [];
  const enter = (node: number, clock: number) => {
    const known = clocks[node] as number;
    if ((known & clock) === clock) return;
    clocks[node] = known | clock;
    open.push(node, clock);
  };
  for (const [node, clock] of startingClocks(view)) enter(node, clock);
  for (let clock = open.pop(); clock !== undefined; clock = open.pop()) {
    const node = open.pop() as number;
    const step = workflow.steps[node] as Step;
    const last = graph.firstEdge[node + 1] as number;
    for (let edge = graph.firstEdge[node] as number; edge < last; edge++)
      enter(graph.edgeTarget[edge] as number, clockBehind(view, step, edge, clock));
  }
  return clocks;
};

function startingClocks(view: View): readonly (readonly [number, number])[] {
  const { entries } = view.graph;
  const { triggers } = view.workflow;
  const anyActive = (triggers ?? []).some(({ active }) => active);
  const starts: [number, number][] = [];
  for (let at = 0; at < entries.length; at += 2) {
    const trigger = triggers?.[entries[at + 1] as number];
    if (trigger === undefined ? (triggers ?? []).length > 0 : anyActive && !trigger.active) continue;
    const acts = trigger !== undefined && triggerTypeOf(trigger.type)?.contactActs === true;
    starts.push([entries[at] as number, acts ? Clock.acted : Clock.any]);
  }
  return starts;
}

function clockBehind(view: View, step: Step, edge: number, clock: number): number {
  if ((step.traits & Trait.pause) === 0) return clock;
  if (step.type === "drip") return Clock.any;
  if (step.type !== "wait") return Clock.safe;
  if (view.graph.edgeKind[edge] === EdgeKind.passed) return clock;
  const timing = view.derive(waitTimings).of[step.index];
  if (timing === undefined || timing === null) return clock;
  if (timing.kind === "date" || timing.kind === "unknown") return Clock.safe;
  if (timing.kind === "time") {
    if (!timing.pauses) return clock;
    const window = step.attributes["window"];
    return isRecord(window) && isFilled(window)
      ? clockInWindow(window, hoursOf(view))
      : clockAfter(timing.leastSeconds, clock);
  }
  const branch = branchOf(view.graph, step, edge);
  if (branch?.kind === "timeout") return clockAfter(timing.timeoutSeconds ?? 1, clock);
  return contactAnswers.has(textOf(step.attributes["type"])) ? Clock.acted : Clock.any;
}

/** Waits that end when the contact does something. */
const contactAnswers = new Set([
  "reply",
  "contact_reply",
  "link_clicked",
  "trigger_link",
  "email_event",
  "contact_action",
]);

function clockAfter(seconds: number, clock: number): number {
  if (seconds <= MOMENT_SECONDS) return clock;
  // Whole days keep the time of day.
  return clock === Clock.safe && seconds % DAY_SECONDS === 0 ? Clock.safe : Clock.any;
}

function clockInWindow(window: Attributes, hours: LawfulHours): number {
  return isLawful(window, hours) === false ? Clock.any : Clock.safe;
}

/** A window that says from when to when. */
export function isFilled(window: Attributes): boolean {
  return textOf(window["start"]) !== "" || textOf(window["end"]) !== "";
}

/** Does the window keep to the hours? null when it cannot be read. */
export function isLawful(window: Attributes, { from, to }: LawfulHours): boolean | null {
  const start = minutesOf(window["start"]);
  const end = minutesOf(window["end"]);
  if (start === null || end === null) return null;
  return start >= from && end <= to && start < end;
}

export function hoursOf({ options }: View): LawfulHours {
  return options.profile === "strict" ? lawfulHours.strict : lawfulHours.standard;
}

/** Quiet-hours law is a North American matter; elsewhere it is manners. Unknown counts as North America. */
export function isElsewhere({ options: { timezone } }: View): boolean {
  return timezone !== null && !/^(?:America|US|Canada)\/|^Pacific\/Honolulu$/.test(timezone);
}

/** Steps in use whose message at night is a matter of law: texts, calls, voicemails. */
export function timedSends(view: View): readonly Step[] {
  return view
    .stepsWith(Trait.send)
    .filter(({ disabled, type }) => !disabled && quietHoursChannels.has(stepTypeOf(type)?.channel ?? ""));
}

/** Types of the steps that `timedSends` may hold. */
export const timedTypes: readonly string[] = typesOnChannels(quietHoursChannels);

/** Does the workflow's window run on the account's clock while contacts are known to live in several zones? */
export function mixesZones({ workflow, options }: View): boolean {
  return workflow.settings.timezone === "account" && options.location.all("timezones").length > 1;
}

/** "8:00 am" */
export function clockInWords(minutes: number): string {
  const hour = Math.floor(minutes / 60);
  return `${hour % 12 === 0 ? 12 : hour % 12}:${String(minutes % 60).padStart(2, "0")} ${hour < 12 || hour === 24 ? "am" : "pm"}`;
}
