import { sendsBehind } from "../../graph/sends-behind.ts";
import { NOBODY, spread } from "../../graph/spread.ts";
import { waitTimings } from "../../graph/wait-timings.ts";
import { Trait } from "../../model/traits.ts";
import { eventOffset } from "../../model/waits.ts";
import { meet, readWindow } from "../../model/windows.ts";
import type { Step } from "../../model/workflow.ts";
import { inOtherLanguages } from "../../text/languages.ts";
import { texts } from "../../text/texts.ts";
import type { View } from "../../view.ts";
import { listed, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface Conflict {
  readonly kind: "no-shared-minute" | "held" | "no-days";
  readonly steps: readonly Step[];
}

export const windowConflict = defineRule<Conflict>({
  meta: {
    code: "TIME-007",
    id: "window-conflict",
    category: "timing",
    severity: "high",
    scope: "W",
    title: "The sending window and the timing do not fit together",
    summary:
      "The workflow's window and a wait's window share no minute, or the window has no day (high); or a reminder that says when the event is can be held until the next day (medium).",
    why: '"See you in one hour" arrives the next morning, or nothing is ever sent.',
    fix: "Make the windows overlap; for reminders drop the window or choose a wait that ends within it.",
    sources: ["help articles 48001239875 (settings), 155000002470 (wait), 155000003360 (drip)", "platform fact F8"],
  },
  sees: { traits: Trait.send },
  partlyUnchecked: (view) =>
    readWindow(view.workflow.settings.window) !== null && view.derive(waitTimings).ofKind.date.length > 0
      ? inOtherLanguages(view)
      : null,
  *find(view) {
    const window = readWindow(view.workflow.settings.window);
    if (window === null) return;
    if (window.days === 0) {
      yield { kind: "no-days", steps: view.stepsWith(Trait.send) };
      return;
    }
    const { ofKind } = view.derive(waitTimings);
    for (const wait of ofKind.time) {
      const resume = wait.attributes["window"] === undefined ? null : readWindow(wait.attributes["window"]);
      if (resume !== null && !meet(window, resume) && view.derive(sendsBehind)[wait.index] === 1)
        yield { kind: "no-shared-minute", steps: [wait] };
    }
    const held = heldReminders(view, ofKind.date);
    if (held.length > 0) yield { kind: "held", steps: held };
  },
  tell({ kind, steps }, view) {
    const given = view.workflow.settings.window ?? {};
    const names = listed(steps.map(quoted));
    const hours = `${String(given["start"] ?? "")} to ${String(given["end"] ?? "")}`;
    const evidence = { workflowWindow: { days: given["days"] ?? null, start: given["start"], end: given["end"] } };
    if (kind === "held") {
      return {
        message: `${names} ${steps.length === 1 ? "says" : "say"} how soon the event is, but the workflow sends only from ${hours}.`,
        impact: `A reminder that is due outside these hours is held until the window opens: "see you in one hour" comes after the appointment, or the next morning.`,
        fix: "Move the reminders into a workflow without a sending window, or name the date and time instead of how soon it is.",
        steps: steps.slice(0, 50),
        evidence: {
          ...evidence,
          heldUntil: `due an hour after ${String(given["end"] ?? "")}: sent at ${String(given["start"] ?? "")} of the next day`,
        },
        severity: "medium",
        confidence: "likely",
      };
    }
    const [wait] = steps;
    return {
      message:
        kind === "no-days"
          ? "The workflow's sending window has no day on which it is open."
          : `${quoted(wait ?? { name: "" })} lets contacts go on only at hours at which the workflow sends nothing (${hours}).`,
      impact:
        kind === "no-days"
          ? "No message of this workflow is ever sent."
          : "Every message behind the wait is held again until the workflow's window opens: hours or days later than meant.",
      fix: kind === "no-days" ? "Choose the days in the workflow's time window." : "Make the two windows overlap.",
      steps: steps.slice(0, 50),
      hangsOn: kind === "no-days" ? [] : steps.map(({ id }) => id),
      evidence: { ...evidence, ...(kind === "no-days" ? {} : { waitWindow: wait?.attributes["window"] ?? null }) },
    };
  },
  wrong: () => [
    {
      title: "mornings only, behind a workflow of afternoons",
      workflow: workflow([pause({ start: "08:00", end: "11:00" }), text("Hi")]),
    },
    {
      title: "a weekend wait in a workday workflow",
      workflow: workflow([pause({ days: [0, 6], start: "12:00", end: "17:00" }), text("Hi")]),
    },
    { title: "a window without days", workflow: workflow([text("Hi")], { days: [], start: "12:00", end: "17:00" }) },
    { title: "one hour before, held overnight", workflow: workflow([before(1), text("See you in one hour!")]) },
    { title: "the same in Spanish", workflow: workflow([before(24), text("Nos vemos mañana.")]) },
    { title: "and in German", workflow: workflow([before(24), text("Bis morgen!")]) },
  ],
  right: () => [
    { title: "windows that overlap", workflow: workflow([pause({ start: "11:00", end: "13:00" }), text("Hi")]) },
    { title: "a reminder without a window", workflow: workflow([before(1), text("See you in one hour!")], null) },
    {
      title: "the text names the time",
      workflow: workflow([before(24), text("Your visit: {{appointment.start_time}}")]),
    },
    { title: "tomorrow, but not of an appointment", workflow: workflow([text("We write again tomorrow at noon.")]) },
    { title: "no message behind the wait", workflow: workflow([text("Hi"), pause({ start: "08:00", end: "11:00" })]) },
    {
      title: "days that the document does not give are not missing",
      workflow: workflow([text("Hi")], { start: "12:00", end: "17:00" }),
    },
    {
      title: "a text in French is not judged",
      workflow: workflow([before(1), text("Nous vous attendons dans une heure, à bientôt pour votre rendez-vous")]),
    },
  ],
});

/** Messages behind a wait for a time before an event that say how soon it is. */
function heldReminders(view: View, dates: readonly Step[]): readonly Step[] {
  const waits = dates.filter((wait) => eventOffset(wait).when === "before");
  if (waits.length === 0) return [];
  const soon = view.derive(texts).withPhrase("eventSoon");
  if (soon.length === 0) return [];
  const labels = spread(
    view,
    waits.map(({ index }) => [index, index] as const),
    () => true,
  );
  return [...new Set(soon.map(({ step }) => step))].filter(
    ({ index, traits }) => labels[index] !== NOBODY && (traits & Trait.send) !== 0,
  );
}

function workflow(
  actions: readonly object[],
  timeWindow: object | null = { days: [1, 2, 3, 4, 5], start: "12:00", end: "17:00" },
): unknown {
  return { ...(timeWindow === null ? {} : { timeWindow }), triggers: [{ id: "t", type: "appointment" }], actions };
}

function text(body: string): object {
  return { id: "text", type: "sms", config: { body } };
}

function pause(window: object): object {
  const startAfter = { type: "days", value: 1 };
  return { id: "hold", type: "wait", config: { type: "time", startAfter, window: { condition: "when", ...window } } };
}

function before(hours: number): object {
  const appointmentStartAfter = { when: "before", type: "hours", value: hours };
  return { id: "before", type: "wait", config: { type: "appointment", appointmentStartAfter } };
}
