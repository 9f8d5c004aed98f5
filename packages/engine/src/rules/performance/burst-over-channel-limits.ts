import { notificationsPerUser, smsRamp } from "../../domain/channel-limits.ts";
import { recordOf, textOf } from "../../model/attributes.ts";
import type { Step } from "../../model/workflow.ts";
import type { View } from "../../view.ts";
import { counted, listed, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";
import { isBulkDoor, reachedInBulk } from "./bulk-entry-without-drip.ts";

interface State {
  readonly kind: "texts" | "notifications";
  readonly steps: readonly Step[];
  /** Contacts a day by the location's statistics; null: not known. */
  readonly perDay: number | null;
}

const mostPerDay = Math.max(...smsRamp);
const firstLevel = Math.min(...smsRamp);

export const burstOverChannelLimits = defineRule<State>({
  meta: {
    code: "PERF-002",
    id: "burst-over-channel-limits",
    category: "performance",
    severity: "medium",
    scope: "W+F",
    title: "More messages at once than the channel takes",
    summary:
      "The expected number of contacts times the texts each gets is more than a number may send in a day, or every user is alerted for each of hundreds of contacts. Info while the volume is not known.",
    why: "What is over the limit is refused for the rest of the day, and alerts are dropped.",
    fix: "Spread the contacts with a Drip step, and alert with a digest instead of once per contact.",
    sources: [
      "help article 48001213941 (SMS ramp)",
      "help article 155000003202 (internal notification)",
      "platform facts F34, F44",
    ],
  },
  sees: { types: ["sms", "internal_notification"] },
  unchecked: ({ workflow }) => (workflow.triggers === null ? "needs the workflow's triggers" : null),
  *find(view) {
    if (!(view.workflow.triggers ?? []).some(isBulkDoor)) return;
    const perDay = contactsPerDay(view);
    const bulk = view.derive(reachedInBulk);
    const inBulk = ({ disabled, index }: Step) => !disabled && bulk[index] === 1;
    const texts = view.stepsOfType("sms").filter(inBulk);
    if (texts.length > 0 && (perDay === null || perDay * texts.length > firstLevel))
      yield { kind: "texts", steps: texts, perDay };
    const alerts = view.stepsOfType("internal_notification").filter((step) => inBulk(step) && alertsEverybody(step));
    if (alerts.length > 0 && (perDay === null || perDay * alerts.length > notificationsPerUser))
      yield { kind: "notifications", steps: alerts, perDay };
  },
  tell({ kind, steps, perDay }) {
    const named = steps.slice(0, 20);
    const total = perDay === null ? null : Math.round(perDay * steps.length);
    const limit = kind === "texts" ? mostPerDay : notificationsPerUser;
    const over = total !== null && total > limit;
    const what = kind === "texts" ? "text" : "alert";
    return {
      message:
        total === null
          ? `${listed(named.map(quoted))} ${steps.length === 1 ? "goes" : "go"} out for every contact of a bulk entry at once; how many come is not known.`
          : `${listed(named.map(quoted))} ${steps.length === 1 ? "makes" : "make"} about ${counted(total, what)} a day (${Math.round(perDay ?? 0)} contacts, ${counted(steps.length, what)} each), and ${over ? "the limit" : "the first level of a new number"} is ${over || kind === "notifications" ? limit : firstLevel}.`,
      impact:
        kind === "texts"
          ? "Texts over the day's limit are refused, and the contacts who should have got them never do."
          : "Users get 500 alerts within five minutes and no more: the rest is dropped, and nobody reads the first 500 either.",
      fix:
        kind === "texts"
          ? "Put a Drip step in front, sized so that a day's texts stay under the limit."
          : "Alert one person with a daily digest, or put a Drip step in front.",
      steps: named,
      hangsOn: [kind],
      severity: over ? "medium" : "info",
      confidence: "likely",
      evidence: {
        kind,
        steps: steps.length,
        contactsPerDay: perDay,
        messagesPerDay: total,
        limit,
        ramp: kind === "texts" ? smsRamp : null,
      },
    };
  },
  wrong: () => [
    {
      title: "eight thousand imported contacts in a day",
      workflow: workflow("old leads", [text]),
      options: { facts: { statistics: { w: { enrollments: 8000, windowDays: 1 } } } },
    },
    {
      title: "every user is alerted a thousand times",
      workflow: workflow("import", [alert]),
      options: { facts: { statistics: { w: { enrollments: 1000, windowDays: 1 } } } },
    },
    { title: "the volume is not known, info", workflow: workflow("old leads", [text]) },
    {
      title: "too many for a new number only, info",
      workflow: workflow("old leads", [text]),
      options: { facts: { statistics: { w: { enrollments: 900, windowDays: 1 } } } },
    },
  ],
  right: () => [
    {
      title: "a few contacts a day",
      workflow: workflow("old leads", [text]),
      options: { facts: { statistics: { w: { enrollments: 300, windowDays: 30 } } } },
    },
    {
      title: "a drip spreads them",
      workflow: workflow("old leads", [
        { id: "drip", type: "drip", config: { batchSize: 50, interval: { timeUnit: "minutes", value: 30 } } },
        text,
      ]),
    },
    {
      title: "contacts who come one by one",
      workflow: { id: "w", triggers: [{ id: "start", type: "form_submission", active: true }], actions: [text] },
    },
    {
      title: "one user is alerted",
      workflow: workflow("import", [
        { id: "tell", type: "notification", config: { type: "sms", sms: { body: "New", userType: "assign" } } },
      ]),
    },
  ],
});

function contactsPerDay({ workflow: { id }, options: { facts } }: View): number | null {
  const given =
    id === null || facts.statistics === undefined || !Object.hasOwn(facts.statistics, id)
      ? undefined
      : facts.statistics[id];
  return given === undefined ? null : given.enrollments / Math.max(1, given.windowDays);
}

function alertsEverybody({ attributes }: Step): boolean {
  return textOf(recordOf(attributes[textOf(attributes["type"])])["userType"]) === "all";
}

const text = {
  id: "text",
  type: "sms",
  name: "Offer",
  config: { body: "Acme: our offer. Reply STOP to unsubscribe." },
};
const alert = {
  id: "tell",
  type: "notification",
  name: "Tell all",
  config: { type: "sms", sms: { body: "New", userType: "all" } },
};

function workflow(tag: string, actions: readonly object[]): unknown {
  return {
    id: "w",
    triggers: [
      {
        id: "start",
        type: "contact_tag",
        active: true,
        conditions: [{ field: "tagsAdded", operator: "index-of-true", value: [tag], id: "tag-added" }],
      },
    ],
    actions,
  };
}
