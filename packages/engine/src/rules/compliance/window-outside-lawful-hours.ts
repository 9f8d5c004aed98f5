import { recordOf, textOf } from "../../model/attributes.ts";
import { settingsPointer } from "../../model/pointer.ts";
import { minutesOf } from "../../model/windows.ts";
import type { Attributes, Step } from "../../model/workflow.ts";
import type { JsonPatchOperation } from "../../report/types.ts";
import type { View } from "../../view.ts";
import { counted, listed } from "../../words.ts";
import { defineRule } from "../rule.ts";
import {
  clockInWords,
  hoursOf,
  isElsewhere,
  isFilled,
  isLawful,
  mixesZones,
  timedSends,
  timedTypes,
} from "./sending-hours.ts";

interface State {
  readonly window: Attributes;
  readonly sends: readonly Step[];
  readonly why: "too-wide" | "several-zones";
}

/** Most sends a finding names; its evidence counts all. */
const MOST_NAMED = 50;

export const windowOutsideLawfulHours = defineRule<State>({
  meta: {
    code: "COMP-013",
    id: "window-outside-lawful-hours",
    category: "compliance",
    severity: "critical",
    scope: "W+F",
    title: "The sending window itself is open at night",
    summary:
      "The workflow's time window opens before 8 am or closes after 9 pm (strict: 9 am and 8 pm), or runs on the account's clock while contacts live in several time zones. Low outside North America.",
    why: "The window looks like protection, but every message it holds leaves at an hour at which texts and calls may not reach people.",
    fix: "Narrow the window to 9 am to 8 pm, in the contact's time zone.",
    sources: [
      "natlawreview.com, TCPA quiet hours (14 March 2025; contested, a petition is pending)",
      "help article 48001239875 (workflow time window and timezone)",
    ],
  },
  sees: { types: timedTypes },
  *find(view) {
    const { window } = view.workflow.settings;
    if (window === null || !isFilled(window)) return;
    const lawful = isLawful(window, hoursOf(view));
    if (lawful === null || (lawful && !mixesZones(view))) return;
    const sends = timedSends(view);
    if (sends.length > 0) yield { window, sends, why: lawful ? "several-zones" : "too-wide" };
  },
  tell({ window, sends, why }, view) {
    const { from, to } = hoursOf(view);
    const hours = `${clockInWords(from)} and ${clockInWords(to)}`;
    const zones = view.options.location.all("timezones");
    const first = sends[0];
    return {
      message:
        why === "too-wide"
          ? `The workflow's time window (${textOf(window["start"])} to ${textOf(window["end"])}) is open outside the hours between ${hours}, and ${counted(sends.length, "text or call")} ${sends.length === 1 ? "keeps" : "keep"} to it.`
          : `The workflow's time window runs on the account's clock, but your contacts live in ${listed(zones, 3)}: inside the window it is night for some of them.`,
      impact:
        "Every message that the window holds back leaves at such an hour. In the United States people claim damages per text for that. This is a risk, not legal advice.",
      fix:
        why === "too-wide"
          ? `Let the window open at ${clockInWords(from)} at the earliest and close at ${clockInWords(to)} at the latest.`
          : "Set the workflow's time zone to the contact's.",
      steps: sends.slice(0, MOST_NAMED),
      ...(first === undefined ? {} : { at: first }),
      hangsOn: [],
      severity: isElsewhere(view) ? "low" : "critical",
      evidence: {
        reason: why,
        window: { start: textOf(window["start"]), end: textOf(window["end"]), days: window["days"] ?? null },
        timezone: view.workflow.settings.timezone,
        zones: zones.length,
        sends: sends.length,
        lawfulFrom: clockInWords(from),
        lawfulTo: clockInWords(to),
      },
    };
  },
  mend({ window, why }, view) {
    if (why === "several-zones") {
      const path = settingsPointer(view.workflow, "timezone");
      return path === null ? null : [{ op: "replace", path, value: "contact" }];
    }
    return narrowed(window, view);
  },
  wrong: () => [
    { title: "opens at six in the morning", workflow: workflow({ start: "06:00", end: "20:00" }) },
    { title: "closes at eleven at night", workflow: workflow({ start: "09:00", end: "23:00" }) },
    { title: "written with am and pm", workflow: workflow({ start: "7:30 AM", end: "9:00 PM" }) },
    { title: "runs through the night", workflow: workflow({ start: "21:00", end: "08:00" }) },
    {
      title: "nine in the evening is too late for the strict profile",
      workflow: workflow({ start: "09:00", end: "21:00" }),
      options: { profile: "strict" },
    },
    {
      title: "account time with contacts in two zones",
      workflow: workflow({ start: "09:00", end: "17:00" }, { timezone: "account" }),
      options: { facts: { timezones: ["America/New_York", "America/Los_Angeles"] } },
    },
    {
      title: "a document in the builder's shape",
      workflow: {
        workflow: {
          timezone: "contact",
          timeWindow: { condition: "when", days: [1, 2], start: "05:00", end: "22:00" },
          workflowData: { templates: [{ id: "t", type: "sms", attributes: { body: "Hi" } }] },
        },
      },
    },
  ],
  right: () => [
    { title: "nine to eight", workflow: workflow({ start: "09:00", end: "20:00" }) },
    { title: "eight to nine, just lawful", workflow: workflow({ start: "08:00", end: "21:00" }) },
    {
      title: "an email-only workflow may write at night",
      workflow: {
        timeWindow: { start: "05:00", end: "23:00" },
        actions: [{ id: "mail", type: "email", config: { subject: "Hi", html: "Hello" } }],
      },
    },
    {
      title: "account time where all contacts live in one zone",
      workflow: workflow({ start: "09:00", end: "17:00" }, { timezone: "account" }),
      options: { facts: { timezones: ["America/New_York"] } },
    },
    {
      title: "account time, and nothing known of the zones",
      workflow: workflow({ start: "09:00", end: "17:00" }, { timezone: "account" }),
    },
    { title: "a window that cannot be read is not judged", workflow: workflow({ start: "office hours", end: "" }) },
    {
      title: "no window at all is another rule's",
      workflow: { actions: [{ id: "t", type: "sms", config: { body: "Hi" } }] },
    },
  ],
});

/** The window cut to lawful hours; null when nothing lawful is left of it, or its place is not known. */
function narrowed(window: Attributes, view: View): readonly JsonPatchOperation[] | null {
  const path = settingsPointer(view.workflow, "timeWindow") ?? settingsPointer(view.workflow, "window");
  const { from, to } = hoursOf(view);
  const start = Math.max(minutesOf(window["start"]) ?? from, from);
  const end = Math.min(minutesOf(window["end"]) ?? to, to);
  if (path === null || start >= end || recordOf(window)["start"] === undefined) return null;
  return [
    { op: "replace", path: `${path}/start`, value: clock(start) },
    { op: "replace", path: `${path}/end`, value: clock(end) },
  ];
}

function clock(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

function workflow(timeWindow: object, settings: object = {}): unknown {
  return { timezone: "contact", ...settings, timeWindow, actions: [{ id: "t", type: "sms", config: { body: "Hi" } }] };
}
