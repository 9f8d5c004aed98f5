import { stepTypeOf } from "../../domain/step-types.ts";
import { NOBODY, spread, startsBy } from "../../graph/spread.ts";
import { Trait } from "../../model/traits.ts";
import type { Step, Trigger } from "../../model/workflow.ts";
import type { View } from "../../view.ts";
import { quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface Open {
  readonly trigger: Trigger;
  readonly step: Step;
  /** It has a filter, but answers on one channel what may come on any. */
  readonly channel: boolean;
}

/** What the trigger fires on, without a filter. */
const wide: ReadonlyMap<string, string> = new Map([
  ["contact_created", "every new contact, also imported ones and those your team adds by hand"],
  ["contact_tag", "every tag that is added or removed, by anybody"],
  ["contact_changed", "every change to any field"],
  ["customer_reply", "every reply on every channel"],
  ["appointment", "every change of every appointment"],
  ["pipeline_stage_updated", "every move in every pipeline"],
  ["mailgun_email_event", "every event of every email"],
  ["call_status", "every call, in and out, answered or not"],
]);

export const unfilteredTrigger = defineRule<Open>({
  meta: {
    code: "XWF-010",
    id: "unfiltered-trigger",
    category: "cross-workflow",
    severity: "high",
    scope: "W",
    title: "A trigger without a filter",
    summary:
      "A trigger on new contacts, tags, changes, replies, appointments, stages, email events or calls without any filter, with a message or a change of data behind it and no question in between; medium for changes only, and for an answer by one channel to replies on all.",
    why: "It runs for every tag in the account. A text goes to somebody who commented on Facebook.",
    fix: "Add the filters that say which events are meant.",
    sources: ["help articles 48001213546 (contact tag), 155000002677 (customer replied)", "platform facts F28, F30"],
  },
  sees: "workflow",
  unchecked: ({ workflow }) => (workflow.triggers === null ? "needs the workflow's triggers" : null),
  *find(view) {
    for (const trigger of view.workflow.triggers ?? []) {
      if (!trigger.active || !wide.has(trigger.type)) continue;
      const open = trigger.conditions.length === 0;
      const channel = !open && trigger.type === "customer_reply" && !asksChannel(trigger);
      if (!open && !channel) continue;
      const step = firstDeed(view, trigger);
      if (step !== null && (open || isOneChannel(step))) yield { trigger, step, channel };
    }
  },
  tell({ trigger, step, channel }) {
    const sends = (step.traits & Trait.send) !== 0;
    return {
      message: channel
        ? `${quoted(trigger)} hears replies on every channel, and ${quoted(step)} answers all of them on one.`
        : `${quoted(trigger)} has no filter, so it fires on ${wide.get(trigger.type)}. ${quoted(step)} follows without any question.`,
      impact: sends
        ? "People get the message who have nothing to do with it, and some of them report it."
        : "The data of contacts is changed who have nothing to do with it.",
      fix: channel
        ? `Add the filter "reply channel" to ${quoted(trigger)}.`
        : `Add filters to ${quoted(trigger)} that say which events are meant.`,
      steps: [trigger, step],
      at: step,
      hangsOn: [trigger.id],
      evidence: {
        triggerType: trigger.type,
        filters: trigger.conditions.length,
        firstStep: step.id,
        firstStepType: step.type,
      },
      severity: channel || !sends ? "medium" : "high",
    };
  },
  wrong: () => [
    { title: "every new contact is texted", workflow: workflow({ type: "contact_created" }, [text]) },
    { title: "every tag", workflow: workflow({ type: "contact_tag" }, [text]) },
    { title: "every call", workflow: workflow({ type: "call_status" }, [text]) },
    {
      title: "every change writes a field",
      workflow: workflow({ type: "contact_changed" }, [{ id: "w", type: "update_field", config: { fields: [] } }]),
    },
    {
      title: "a word in a Facebook comment is answered by text",
      workflow: workflow(
        { type: "customer_reply", conditions: [{ field: "message.body", operator: "contains", value: "yes" }] },
        [text],
      ),
    },
  ],
  right: () => [
    { title: "a tag that is named", workflow: workflow({ type: "contact_tag", conditions: { tag: "vip" } }, [text]) },
    {
      title: "replies by text only",
      workflow: workflow(
        { type: "customer_reply", conditions: [{ field: "message.type", operator: "==", value: "SMS" }] },
        [text],
      ),
    },
    {
      title: "a workflow that only keeps a log",
      workflow: workflow({ type: "contact_changed" }, [
        { id: "n", type: "note", config: { body: "Changed" } },
        { id: "s", type: "sheets", config: {} },
      ]),
    },
    {
      title: "the team is told",
      workflow: workflow({ type: "customer_reply" }, [
        { id: "n", type: "notification", config: { type: "notification" } },
      ]),
    },
    {
      title: "the first step asks",
      workflow: workflow({ type: "contact_tag" }, [
        {
          id: "ask",
          type: "condition",
          branches: [
            { name: "VIP", actions: [text] },
            { name: "None", next: null },
          ],
        },
      ]),
    },
    { title: "a form is its own filter", workflow: workflow({ type: "form_submission" }, [text]) },
    { title: "switched off", workflow: workflow({ type: "contact_created", active: false }, [text]) },
  ],
});

function asksChannel({ conditions }: Trigger): boolean {
  return conditions.some(
    ({ field }) => field === "message.type" || field === "message.channel" || field === "workflow.id",
  );
}

const LOGS: ReadonlySet<string> = new Set(["add_notes", "task-notification", "log-external-call", "math_operation"]);
const DEEDS = Trait.send | Trait.writesContact | Trait.opportunity | Trait.appointment | Trait.payment;

/** The first message, else the first change of data, that every run of the trigger comes to without being asked anything. */
function firstDeed(view: View, trigger: Trigger): Step | null {
  const labels = spread(
    view,
    startsBy(view, (other) => other === trigger),
    (step) => (step.traits & Trait.decide) === 0,
  );
  let change: Step | null = null;
  for (const step of view.stepsWith(DEEDS)) {
    if (labels[step.index] === NOBODY || (step.traits & Trait.decide) !== 0) continue;
    if ((step.traits & Trait.send) !== 0) return step;
    if (!LOGS.has(step.type)) change ??= step;
  }
  return change;
}

function isOneChannel({ type, traits }: Step): boolean {
  return (traits & Trait.send) !== 0 && stepTypeOf(type)?.channel !== "bot";
}

const text = {
  id: "text",
  type: "sms",
  name: "Text",
  config: { body: "Acme Dental: hello. Reply STOP to unsubscribe." },
};

function workflow(trigger: object, actions: readonly object[]): unknown {
  return { triggers: [{ id: "t", ...trigger }], actions };
}
