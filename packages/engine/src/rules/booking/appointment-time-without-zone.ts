import { contactZones } from "../../location/contact-zones.ts";
import type { Step } from "../../model/workflow.ts";
import { hitOf } from "../../text/phrase-scan.ts";
import { texts } from "../../text/texts.ts";
import { listed, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface Bare {
  readonly steps: readonly Step[];
  readonly token: string;
}

/** Fields that show a clock time of an appointment. */
const TIME = /^(?:appointment|servicebooking)\.(?:only_)?(?:start|end)_time$/i;

export const appointmentTimeWithoutZone = defineRule<Bare>({
  meta: {
    code: "BOOK-006",
    id: "appointment-time-without-zone",
    category: "booking",
    severity: "medium",
    scope: "W",
    title: "An appointment time without its time zone",
    summary:
      "A message with the time of an appointment and no time zone beside it, in a workflow that runs on its contacts' clocks or in a location with contacts in several zones.",
    why: "People come, or call in, an hour off.",
    fix: "Put {{appointment.timezone}} or the name of the zone behind the time.",
    sources: ["help article 48001078171 (merge fields)", "reasoned"],
  },
  sees: "workflow",
  *find(view) {
    const { spread } = view.derive(contactZones);
    if (spread === "one" || (spread === "unknown" && view.workflow.settings.timezone !== "contact")) return;
    const shared = view.derive(texts);
    const [token] = [...shared.paths].filter((path) => TIME.test(path));
    if (token === undefined) return;
    const bare = new Set<Step>();
    for (const { text, fields } of shared.merging) {
      if (text.role !== "message" || text.step.disabled || !fields.some(({ path }) => TIME.test(path))) continue;
      const named =
        fields.some(({ path }) => path.endsWith(".timezone")) || hitOf(shared.reading(text), "zone") !== null;
      // What another language calls its zones is not known.
      if (!named && shared.reading(text).language !== "other") bare.add(text.step);
    }
    if (bare.size > 0) yield { steps: [...bare], token };
  },
  tell({ steps, token }, view) {
    const { zones } = view.derive(contactZones);
    return {
      message: `${listed(steps.map(quoted))} ${steps.length === 1 ? "names" : "name"} the time of the appointment without saying in which time zone.`,
      impact: "A contact in another zone reads it as their own time, and is an hour or more off.",
      fix: `Write {{appointment.timezone}} behind the time in ${listed(steps.map(quoted))}.`,
      steps: steps.slice(0, 50),
      hangsOn: steps.slice(0, 50).map(({ id }) => id),
      evidence: { token, workflowTimezone: view.workflow.settings.timezone, zones: zones?.slice(0, 10) ?? "not given" },
      confidence: zones === null ? "possible" : "likely",
    };
  },
  wrong: () => [
    { title: "on the contacts' clocks", workflow: workflow("See you at {{appointment.only_start_time}}.") },
    {
      title: "contacts in two zones",
      workflow: workflow("See you at {{appointment.start_time}}.", "account"),
      options: { facts: { timezones: ["America/New_York", "America/Chicago"] } },
    },
  ],
  right: () => [
    {
      title: "with the zone's field",
      workflow: workflow("See you at {{appointment.start_time}} ({{appointment.timezone}})."),
    },
    { title: "with the zone's name", workflow: workflow("See you at {{appointment.only_start_time}} Eastern time.") },
    {
      title: "a business of one zone",
      workflow: workflow("See you at {{appointment.start_time}}."),
      options: { facts: { timezones: ["America/New_York"] } },
    },
    {
      title: "account time, and nothing known of other zones",
      workflow: workflow("At {{appointment.start_time}}.", "account"),
    },
    { title: "a date without a time", workflow: workflow("See you on {{appointment.only_start_date}}.") },
    {
      title: "a text in French is not judged",
      workflow: workflow(
        "Nous vous attendons pour votre rendez-vous à {{appointment.only_start_time}}, heure de Paris",
      ),
    },
  ],
});

function workflow(body: string, timezone = "contact"): unknown {
  return {
    timezone,
    triggers: [{ id: "t", type: "appointment" }],
    actions: [{ id: "text", type: "sms", name: "Reminder", config: { body } }],
  };
}
