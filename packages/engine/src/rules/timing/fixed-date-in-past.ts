import { readDate } from "../../conditions/ranges.ts";
import { blastRadii } from "../../graph/blast-radius.ts";
import { waitTimings } from "../../graph/wait-timings.ts";
import { textOf } from "../../model/attributes.ts";
import type { Step } from "../../model/workflow.ts";
import type { View } from "../../view.ts";
import { counted, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface Past {
  readonly step: Step;
  readonly date: string;
}

const DAY = 86_400_000;

export const fixedDateInPast = defineRule<Past>({
  meta: {
    code: "TIME-005",
    id: "fixed-date-in-past",
    category: "timing",
    severity: "high",
    scope: "W",
    title: "A fixed date that is over",
    summary: "A date wait or an event start date with a date written into it that lies before the day of the analysis.",
    why: 'Last year\'s webinar: everybody who comes in now falls under "already passed" and gets all reminders at once, or none.',
    fix: "Set the new date, or take the date from a field.",
    sources: ["help articles 155000002470 (wait), 48001202723 (event start date)"],
  },
  sees: { types: ["wait", "event_start_date"] },
  unchecked: (view) =>
    view.options.now === null && written(view).length > 0 ? "needs the date of the analysis (now)" : null,
  *find(view) {
    const now = view.options.now === null ? Number.NaN : Date.parse(view.options.now);
    for (const past of written(view)) {
      const read = readDate(past.date);
      // A whole day of room: a clock time has no zone here.
      if (read !== undefined && read.start + DAY <= now) yield past;
    }
  },
  tell({ step, date }, view) {
    const [behind] = blastRadii(view, [step.index]);
    const policies = view
      .derive(waitTimings)
      .ofKind.date.map(({ attributes }) =>
        textOf(attributes["appointmentCondition"] ?? attributes["specificDatePassed"]),
      )
      .filter((policy) => policy !== "");
    return {
      message: `${quoted(step)} has the date ${date.slice(0, 10)}, which is over.`,
      impact: `Everybody who comes in now is too late: the ${counted(behind?.sends ?? 0, "message")} behind it go out at once or not at all, as "already passed" says.`,
      fix: `Set the next date in ${quoted(step)}, or take it from a field that is kept up to date.`,
      steps: [step],
      evidence: {
        date,
        analysedOn: view.options.now,
        ifPassed: [...new Set(policies)].slice(0, 10),
        sendsBehind: behind?.sends ?? 0,
      },
      // A draft may be kept for the next time.
      ...(view.workflow.status === "draft" ? { severity: "low" as const } : {}),
    };
  },
  wrong: () => [
    { title: "last year's party", workflow: event("2025-06-14T10:00"), options: on },
    {
      title: "a wait for a day that is over",
      workflow: {
        actions: [{ id: "hold", type: "wait", config: { type: "specific_date", specificDate: "2025-01-31" } }],
      },
      options: on,
    },
    { title: "an archived draft, low", workflow: { status: "draft", ...event("2025-06-14") }, options: on },
  ],
  right: () => [
    { title: "a date that is to come", workflow: event("2027-06-14T10:00"), options: on },
    { title: "yesterday may still be today somewhere", workflow: event("2026-11-23"), options: on },
    { title: "a date from a field", workflow: event("{{contact.webinar_date}}", "custom_field"), options: on },
    { title: "without the date of the analysis nothing is known", workflow: event("2025-06-14") },
  ],
});

/** Dates that are written into a step. */
function written(view: View): readonly Past[] {
  const found: Past[] = [];
  for (const step of view.stepsOfType("event_start_date")) {
    const { event_start_type: type, value } = step.attributes;
    if (!step.disabled && type === "datetime") found.push({ step, date: textOf(value) });
  }
  for (const step of view.derive(waitTimings).ofKind.date) {
    const date = textOf(step.attributes["specificDate"]);
    if (step.attributes["type"] === "specific_date" && date !== "") found.push({ step, date });
  }
  return found.filter(({ date }) => readDate(date) !== undefined);
}

const on = { now: "2026-11-23" };

function event(value: string, type = "datetime"): object {
  return {
    actions: [
      { id: "date", type: "event_start_date", config: { event_start_type: type, value } },
      { id: "mail", type: "email", config: { subject: "Party", body: "See you" } },
    ],
  };
}
