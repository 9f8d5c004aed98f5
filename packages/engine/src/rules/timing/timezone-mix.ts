import { NOBODY, spread } from "../../graph/spread.ts";
import { waitTimings } from "../../graph/wait-timings.ts";
import { contactZones } from "../../location/contact-zones.ts";
import { recordOf, textOf } from "../../model/attributes.ts";
import { Trait } from "../../model/traits.ts";
import type { Step } from "../../model/workflow.ts";
import { texts } from "../../text/texts.ts";
import type { View } from "../../view.ts";
import { listed, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface Mixed {
  readonly clock: "event" | "account";
  readonly source: Step | null;
  readonly waits: readonly Step[];
}

export const timezoneMix = defineRule<Mixed>({
  meta: {
    code: "TIME-009",
    id: "timezone-mix",
    category: "timing",
    severity: "medium",
    scope: "W+F",
    title: "Two clocks in one workflow",
    summary:
      "The workflow runs in the contact's time zone while its waits count from Set Event Start Date, which is always in account time; or it runs in account time with steps at a set clock time while contacts live in several zones.",
    why: "The webinar reminder reaches the west coast an hour after it began.",
    fix: "Use one clock, and say in the text which time zone is meant.",
    sources: ["help articles 48001202723 (event start date), 48001239875 (settings)", "platform facts F7, F9"],
  },
  sees: { types: ["wait"] },
  *find(view) {
    const { settings } = view.workflow;
    const { spread: lived } = view.derive(contactZones);
    if (settings.timezone === "contact" && lived !== "one") {
      for (const source of view.stepsOfType("event_start_date")) {
        const waits = source.disabled ? [] : waitsBehind(view, source);
        if (waits.length > 0 && !namesZone(view)) yield { clock: "event", source, waits };
      }
    }
    if (settings.timezone !== "account" || lived !== "several" || (view.traits & Trait.send) === 0) return;
    const waits = view.stepsOfType("wait").filter(isAtClockTime);
    if (waits.length > 0 && !namesZone(view)) yield { clock: "account", source: null, waits };
  },
  tell({ clock, source, waits }, view) {
    const { zones } = view.derive(contactZones);
    const names = listed(waits.map(quoted));
    return {
      message:
        clock === "event"
          ? `The workflow runs in the contact's time zone, but ${names} ${waits.length === 1 ? "counts" : "count"} from the date of ${quoted(source ?? { name: "" })}, which is always in account time.`
          : `${names} ${waits.length === 1 ? "is" : "are"} set to a clock time of the account, but the contacts live in ${zones?.length} time zones.`,
      impact:
        "For contacts in another zone the messages come hours too early or too late, and the time in them is wrong.",
      fix: "Set the workflow's time zone to the one that the date is meant in, and write the zone behind every time in the texts.",
      steps: [...(source === null ? [] : [source]), ...waits.slice(0, 30)],
      evidence: {
        workflowTimezone: view.workflow.settings.timezone,
        eventStep: source?.id ?? null,
        waits: waits.slice(0, 30).map(({ id }) => id),
        exampleShift: "account in New York, contact in Los Angeles: 3 hours",
        ...(zones === null ? {} : { contactZones: zones.slice(0, 10) }),
      },
      confidence: zones === null ? "possible" : "likely",
    };
  },
  wrong: () => [
    { title: "a webinar date with contacts' clocks", workflow: webinar() },
    {
      title: "known to have contacts in two zones",
      workflow: webinar(),
      options: { facts: { timezones: ["America/New_York", "America/Los_Angeles"] } },
    },
    {
      title: "a set hour in account time",
      workflow: {
        timezone: "account",
        actions: [
          { id: "hold", type: "wait", config: { type: "specific_date", specificDate: "2027-01-31T10:00" } },
          mail("We begin now."),
        ],
      },
      options: { facts: { timezones: ["America/New_York", "America/Los_Angeles"] } },
    },
  ],
  right: () => [
    {
      title: "all contacts live in one zone",
      workflow: webinar(),
      options: { facts: { timezones: ["America/New_York"] } },
    },
    { title: "one clock", workflow: webinar("We begin at 10.", "account") },
    { title: "the text says which time is meant", workflow: webinar("We begin at 10 am Eastern time.") },
    { title: "the same in German", workflow: webinar("Wir beginnen um 10 Uhr MEZ.") },
    {
      title: "an appointment has its own zone",
      workflow: { timezone: "contact", actions: [day, mail("See you")] },
    },
  ],
});

/** Date waits that a run meets behind the step, with its date still in force. */
function waitsBehind(view: View, source: Step): readonly Step[] {
  const dates = view.derive(waitTimings).ofKind.date;
  if (dates.length === 0) return [];
  const labels = spread(
    view,
    [[source.index, source.index]],
    (step) => step === source || step.type !== "event_start_date",
  );
  return dates.filter(
    ({ index, attributes }) => labels[index] !== NOBODY && textOf(attributes["type"]) !== "specific_date",
  );
}

function namesZone(view: View): boolean {
  const shared = view.derive(texts);
  if (shared.withPhrase("zone").length > 0) return true;
  for (const path of shared.paths) if (path.endsWith(".timezone")) return true;
  return false;
}

function isAtClockTime({ attributes }: Step): boolean {
  const type = textOf(attributes["type"]);
  if (type === "specific_date") return textOf(attributes["specificDate"]).includes("T");
  return recordOf(attributes["window"])["condition"] === "exact";
}

const day = {
  id: "day",
  type: "wait",
  config: { type: "appointment", appointmentStartAfter: { when: "before", type: "days", value: 1 } },
};

function mail(body: string): object {
  return { id: "mail", type: "email", config: { subject: "Webinar", body } };
}

function webinar(body = "We begin at 10.", timezone = "contact"): object {
  return {
    timezone,
    actions: [
      { id: "date", type: "event_start_date", config: { event_start_type: "datetime", value: "2027-01-31T10:00" } },
      day,
      mail(body),
    ],
  };
}
