import type { Step } from "../../model/workflow.ts";
import type { View } from "../../view.ts";
import { counted, listed, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";
import {
  Clock,
  clockInWords,
  hoursOf,
  isElsewhere,
  isFilled,
  isLawful,
  mixesZones,
  sendingHours,
  timedSends,
  timedTypes,
} from "./sending-hours.ts";

interface State {
  readonly exposed: readonly Step[];
  readonly why: "no-window" | "wide-window" | "just-acted" | "several-zones";
}

/** Most sends a finding names; its evidence counts all. */
const MOST_NAMED = 50;

export const quietHoursExposure = defineRule<State>({
  meta: {
    code: "COMP-001",
    id: "quiet-hours-exposure",
    category: "compliance",
    severity: "high",
    scope: "W+F",
    title: "Texts or calls can go out at night",
    summary:
      "A text, call or voicemail that no sending window keeps within 8 am and 9 pm of the recipient (strict: 9 am and 8 pm). Medium when the contact did something seconds before.",
    why: "In the United States people claim damages per text for marketing messages at night. Elsewhere they are unwelcome at least.",
    fix: "Give the workflow a time window within lawful hours, in the contact's time zone.",
    sources: [
      "natlawreview.com, TCPA quiet hours (14 March 2025; contested, a petition is pending)",
      "help article 48001239875 (workflow time window)",
    ],
  },
  sees: { types: timedTypes },
  *find(view) {
    const sends = timedSends(view);
    if (sends.length === 0) return;
    const { window } = view.workflow.settings;
    if (window !== null && isFilled(window)) {
      const lawful = isLawful(window, hoursOf(view));
      if (lawful === false) yield { exposed: sends, why: "wide-window" };
      else if (mixesZones(view)) yield { exposed: sends, why: "several-zones" };
      return;
    }
    const clocks = view.derive(sendingHours);
    const anyHour = sends.filter(({ index }) => ((clocks[index] as number) & Clock.any) !== 0);
    if (anyHour.length > 0) yield { exposed: anyHour, why: "no-window" };
    const acted = sends.filter(({ index }) => ((clocks[index] as number) & (Clock.any | Clock.acted)) === Clock.acted);
    if (anyHour.length === 0 && acted.length > 0) yield { exposed: acted, why: "just-acted" };
  },
  tell({ exposed, why }, view) {
    const { from, to } = hoursOf(view);
    const hours = `${clockInWords(from)} and ${clockInWords(to)}`;
    const named = exposed.slice(0, MOST_NAMED);
    const first = exposed[0];
    const known = view.workflow.triggers !== null && view.workflow.triggers.length > 0;
    return {
      message: `${listed(named.map(quoted))} ${exposed.length === 1 ? "is" : "are"} not held to the hours between ${hours}: ${reasons[why]}`,
      impact:
        why === "just-acted"
          ? "Somebody who fills in the form at 11:40 pm gets the text at 11:40 pm. As the answer to a request that is a smaller risk, but it is one."
          : "Marketing texts and calls at night are what lawsuits in the United States are about, at $500 and more per message. This is a risk, not legal advice.",
      fix:
        why === "several-zones"
          ? "Set the workflow's time zone to the contact's."
          : `Set the workflow's time window to hours between ${hours}, in the contact's time zone.`,
      steps: named,
      ...(first === undefined ? {} : { at: first }),
      hangsOn: [],
      severity: severityOf(view, why),
      confidence: !known ? "possible" : why === "wide-window" ? "certain" : "likely",
      evidence: {
        reason: why,
        sends: exposed.length,
        lawfulFrom: clockInWords(from),
        lawfulTo: clockInWords(to),
        example: `enrolled at 11:40 pm: ${counted(exposed.length, "message")} can leave at night`,
      },
    };
  },
  wrong: () => [
    { title: "a new contact is texted at any hour", workflow: workflow("contact_created", [text("text")]) },
    { title: "so is one who filled in a form, in answer to it", workflow: workflow("form_submission", [text("text")]) },
    { title: "and one who called", workflow: workflow("call_status", [text("text")]) },
    {
      title: "a follow-up an hour after the form",
      workflow: workflow("form_submission", [wait({ hours: 1 }), text("text")]),
    },
    {
      title: "a window that opens at six in the morning",
      workflow: workflow("contact_created", [text("text")], {
        timeWindow: { start: "06:00", end: "22:00", days: [1, 2, 3] },
      }),
    },
    {
      title: "a window in account time with contacts in two zones",
      workflow: workflow("contact_created", [text("text")], { timezone: "account", timeWindow: WORKING_HOURS }),
      options: { facts: { timezones: ["America/New_York", "America/Los_Angeles"] } },
    },
    {
      title: "eight in the evening is too late for the strict profile",
      workflow: workflow("contact_created", [text("text")], { timeWindow: { start: "09:00", end: "21:00" } }),
      options: { profile: "strict" },
    },
    { title: "a call at night", workflow: workflow("contact_tag", [{ id: "call", type: "call", config: {} }]) },
    {
      title: "several texts are one finding",
      workflow: workflow("contact_created", [text("one"), wait({ hours: 2 }), text("two")]),
    },
  ],
  right: () => [
    {
      title: "a window in the contact's time",
      workflow: workflow("contact_created", [text("text")], { timezone: "contact", timeWindow: WORKING_HOURS }),
    },
    {
      title: "a window in account time, all contacts in one zone",
      workflow: workflow("contact_created", [text("text")], { timezone: "account", timeWindow: WORKING_HOURS }),
      options: { facts: { timezones: ["America/New_York"] } },
    },
    {
      title: "the wait in front has the window",
      workflow: workflow("contact_created", [
        wait({ type: "time", startAfter: { type: "hours", value: 1 }, window: WORKING_HOURS }),
        text("text"),
      ]),
    },
    {
      title: "a reminder hangs on the appointment's own hour",
      workflow: workflow("appointment", [
        wait({ type: "appointment", appointmentStartAfter: { when: "before", type: "hours", value: 24 } }),
        text("text"),
      ]),
    },
    {
      title: "email may come at night",
      workflow: workflow("contact_created", [{ id: "mail", type: "email", config: { subject: "Hi", html: "Hello" } }]),
    },
    {
      title: "a window that cannot be read is not judged",
      workflow: workflow("contact_created", [text("text")], { timeWindow: { start: "office hours", end: "" } }),
    },
  ],
});

const WORKING_HOURS = { condition: "when", days: [1, 2, 3, 4, 5], start: "09:00", end: "17:00" };

const reasons: Readonly<Record<State["why"], string>> = {
  "no-window": "the workflow has no time window, and no wait in front keeps to one.",
  "wide-window": "the workflow's own time window is wider than that.",
  "just-acted": "they answer the contact at once, at whatever hour that is.",
  "several-zones": "the window runs on the account's clock, but your contacts live in several time zones.",
};

function severityOf(view: View, why: State["why"]): "high" | "medium" | "low" {
  if (isElsewhere(view)) return "low";
  return why === "just-acted" ? "medium" : "high";
}

function text(id: string): object {
  return { id, type: "sms", config: { body: "Hi" } };
}

function wait(config: object): object {
  return { id: "hold", type: "wait", config };
}

function workflow(trigger: string, actions: readonly object[], settings: object = {}): unknown {
  return { triggers: [{ id: "start", type: trigger, active: true }], settings, actions };
}
