import { Notice, noticed } from "../../conditions/noticed.ts";
import { spread, startsBy } from "../../graph/spread.ts";
import { Trait } from "../../model/traits.ts";
import type { Step, Trigger } from "../../model/workflow.ts";
import type { Analysis } from "../../view.ts";
import { listed, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface State {
  readonly trigger: Trigger;
  readonly alerts: readonly Step[];
}

export const replyAlertWithoutGuard = defineRule<State>({
  meta: {
    code: "LIFE-008",
    id: "reply-alert-without-guard",
    category: "lifecycle",
    severity: "medium",
    scope: "W",
    title: "The team is alerted on every single reply",
    summary:
      "A workflow that every reply starts, with re-entry on, alerts the team with no guard that lets one alert per conversation through.",
    why: "Ten alerts for one conversation: people mute them, and miss the one that mattered.",
    fix: "Set a tag with the alert and leave out contacts who have it, or wait some hours before the next alert.",
    sources: [
      "help article 155000002677 (customer replied)",
      "help article 155000003202 (internal notification)",
      "reasoned",
    ],
  },
  sees: { types: ["internal_notification", "slack_message"] },
  unchecked: ({ workflow }) => (workflow.triggers === null ? "needs the workflow's triggers" : null),
  *find(view) {
    const triggers = view.workflow.triggers ?? [];
    if (view.workflow.settings.reentry === false || !triggers.some(hearsEveryReply)) return;
    const from = view.derive(unguarded);
    const byTrigger = new Map<number, Step[]>();
    for (const step of [...view.stepsOfType("internal_notification"), ...view.stepsOfType("slack_message")]) {
      const label = from[step.index] as number;
      if (step.disabled || label < 0) continue;
      const alerts = byTrigger.get(label);
      if (alerts === undefined) byTrigger.set(label, [step]);
      else alerts.push(step);
    }
    for (const [label, alerts] of byTrigger) {
      const trigger = triggers[label];
      if (trigger !== undefined) yield { trigger, alerts };
    }
  },
  tell({ trigger, alerts }, { workflow }) {
    const named = alerts.slice(0, 20);
    return {
      message: `${listed(named.map(quoted))} ${alerts.length === 1 ? "alerts" : "alert"} the team on every reply that starts ${quoted(trigger)}, also on the tenth of one conversation.`,
      impact: "People mute what rings all the time, and then miss the reply that was worth money.",
      fix: "Add a tag together with the alert and leave out contacts with that tag in the trigger's filter; remove it when the conversation is done.",
      steps: [...named, trigger],
      ...(named[0] === undefined ? {} : { at: named[0] }),
      hangsOn: [trigger.id],
      confidence: workflow.settings.reentry === true ? "likely" : "possible",
      evidence: { trigger: trigger.id, alerts: alerts.length, reentry: workflow.settings.reentry, guard: null },
    };
  },
  wrong: () => [
    { title: "an alert on every reply", workflow: workflow([alert]) },
    {
      title: "on one channel it is the same",
      workflow: workflow([alert], [{ field: "message.type", operator: "==", value: "SMS" }]),
    },
    {
      title: "the document does not say whether re-entry is on",
      workflow: workflow([alert], [], { allowMultiple: undefined }),
    },
  ],
  right: () => [
    { title: "once per contact", workflow: workflow([alert], [], { allowMultiple: false }) },
    {
      title: "a tag guards it in the trigger",
      workflow: workflow([alert], [{ field: "contact.tags", operator: "index-of-false", value: ["in talk"] }]),
    },
    {
      title: "a tag guards it in a condition",
      workflow: workflow([
        {
          id: "which",
          type: "condition",
          branches: [
            {
              name: "New",
              conditions: [{ field: "contact.tags", operator: "index-of-false", value: ["in talk"] }],
              actions: [alert],
            },
            { name: "None", actions: [] },
          ],
        },
      ]),
    },
    {
      title: "a wait in front holds the next one back",
      workflow: workflow([{ id: "hold", type: "wait", config: { hours: 4 } }, alert]),
    },
    {
      title: "certain words only",
      workflow: workflow([alert], [{ field: "message.body", operator: "contains", value: "complaint" }]),
    },
    {
      title: "a form is no reply",
      workflow: {
        allowMultiple: true,
        triggers: [{ id: "start", type: "form_submission", active: true }],
        actions: [alert],
      },
    },
  ],
});

/** Filters on the channel still let every reply in. */
function hearsEveryReply({ type, active, conditions }: Trigger): boolean {
  return type === "customer_reply" && active && conditions.every(({ field }) => field === "message.type");
}

/** By which such trigger a run comes to each step with no pause and no look at what is kept about the contact. */
const unguarded: Analysis<Int32Array> = (view) => {
  const notices = view.derive(noticed);
  return spread(
    view,
    startsBy(view, (trigger) => trigger !== null && hearsEveryReply(trigger)),
    (step) =>
      (step.traits & Trait.pause) === 0 && ((step.traits & Trait.decide) === 0 || (notices(step) & Notice.kept) === 0),
  );
};

const alert = {
  id: "tell",
  type: "notification",
  name: "Tell the team",
  config: { type: "sms", sms: { body: "A reply came", userType: "all" } },
};

function workflow(actions: readonly object[], conditions: readonly object[] = [], settings: object = {}): unknown {
  return {
    allowMultiple: true,
    ...settings,
    triggers: [{ id: "start", type: "customer_reply", name: "Customer replied", active: true, conditions }],
    actions,
  };
}
