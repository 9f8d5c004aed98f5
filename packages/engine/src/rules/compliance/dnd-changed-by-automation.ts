import { reachability } from "../../graph/reachability.ts";
import { NOBODY, spread, startsBy } from "../../graph/spread.ts";
import { listOf, textOf } from "../../model/attributes.ts";
import type { Step, Trigger } from "../../model/workflow.ts";
import type { Analysis } from "../../view.ts";
import { quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";
import { isOptIn, reachedWithoutConsent } from "./consent.ts";

interface State {
  readonly step: Step;
  /** What lets the contact in; null when nothing is known of how runs start. */
  readonly trigger: Trigger | null;
  readonly fault: "switched-off" | "all-channels";
}

export const dndChangedByAutomation = defineRule<State>({
  meta: {
    code: "COMP-004",
    id: "dnd-changed-by-automation",
    category: "compliance",
    severity: "critical",
    scope: "W",
    title: "Do not disturb is changed without the contact's wish",
    summary:
      "DND is switched off on a way in without an explicit opt-in, or switched on for all channels because of an event on one channel.",
    why: "People who opted out are messaged again, which is what complaints and claims are about; or appointment texts die because somebody left the newsletter.",
    fix: "Switch DND off only behind a consent form or a START reply. Switch it on for the one channel that the event is about.",
    sources: ["help article 48001214849 (DND)", "platform fact F36"],
  },
  sees: { types: ["dnd_contact"] },
  *find(view) {
    const { workflow } = view;
    const steps = view
      .stepsOfType("dnd_contact")
      .filter((step) => !step.disabled && view.derive(reachability).reached[step.index] === 1);
    if (steps.length === 0) return;
    const uninvited = view.derive(withoutOptIn);
    for (const step of steps) {
      const change = textOf(step.attributes["dnd_contact"]);
      const from = uninvited[step.index] as number;
      if (change.startsWith("disable") && from !== NOBODY)
        yield { step, trigger: workflow.triggers?.[from] ?? null, fault: "switched-off" };
      if (change !== "enable") continue;
      const narrow = view.derive(behindOneChannel)[step.index] as number;
      const trigger = workflow.triggers?.[narrow];
      if (narrow !== NOBODY && trigger !== undefined) yield { step, trigger, fault: "all-channels" };
    }
  },
  tell({ step, trigger, fault }) {
    const channels = listOf(step.attributes["specific_channels"])
      .map(textOf)
      .filter((name) => name !== "");
    const evidence = { mode: textOf(step.attributes["dnd_contact"]), channels, trigger: trigger?.id ?? null };
    const steps = trigger === null ? [step] : [step, trigger];
    if (fault === "all-channels")
      return {
        message: `${quoted(step)} switches DND on for all channels, although ${quoted(trigger ?? step)} is about one channel only.`,
        impact:
          "A contact who unsubscribed from email gets no appointment text, no receipt and no call any more, and nobody notices.",
        fix: "Choose \u201cEnable DND for specific channels\u201d and the channel that the event is about.",
        steps,
        at: step,
        hangsOn: [step.id],
        evidence,
        severity: "medium",
        confidence: "likely",
      };
    return {
      message:
        trigger === null
          ? `${quoted(step)} switches DND off, and the workflow shows no sign that the contact asked for it.`
          : `${quoted(step)} switches DND off for contacts who come in by ${quoted(trigger)}, which is no opt-in.`,
      impact:
        "People who told you to stop are messaged again. That is what complaints, blocked numbers and claims come from. This is a risk, not legal advice.",
      fix: "Reach this step only from a consent form, a reply such as START, or a condition that checks for a recorded opt-in.",
      steps,
      at: step,
      hangsOn: [step.id],
      evidence,
      confidence: trigger === null ? "possible" : "likely",
    };
  },
  wrong: () => [
    { title: "an import tag switches DND off", workflow: workflow(tagged("old leads"), [disable]) },
    { title: "a new deal switches texts back on", workflow: workflow({ type: "opportunity_created" }, [disableTexts]) },
    { title: "a called workflow that shows no opt-in", workflow: workflow(null, [disable]) },
    { title: "leaving the newsletter ends the appointment texts", workflow: workflow(unsubscribed, [enable]) },
    {
      title: "one way in is an opt-in, the other is not",
      workflow: {
        triggers: [
          { id: "form", type: "form_submission", active: true },
          { id: "tag", type: "contact_tag", active: true },
        ],
        actions: [disable],
      },
    },
  ],
  right: () => [
    { title: "a consent form", workflow: workflow({ type: "form_submission" }, [disable]) },
    { title: "the reply START", workflow: workflow(replied("START"), [disable]) },
    { title: "a tag that records the consent", workflow: workflow(tagged("sms opt-in"), [disable]) },
    {
      title: "a condition checks for the consent",
      workflow: workflow(tagged("old leads"), [
        {
          id: "asked",
          type: "condition",
          branches: [
            {
              name: "Yes",
              conditions: [{ field: "contact.tags", operator: "index-of-true", value: ["sms consent"] }],
              actions: [disable],
            },
            { name: "None", actions: [] },
          ],
        },
      ]),
    },
    { title: "leaving the newsletter switches off email alone", workflow: workflow(unsubscribed, [enableEmail]) },
    { title: "DND for all after a wish to stop", workflow: workflow(replied("remove me"), [enable]) },
  ],
});

/** Index of the trigger (-1: unknown) by which a run reaches each step without an opt-in; NOBODY when none does. */
const withoutOptIn: Analysis<Int32Array> = (view) =>
  reachedWithoutConsent(view, (trigger) => trigger === null || !isOptIn(trigger));

/** Index of the single-channel trigger by which a run reaches each step; NOBODY when none does. */
const behindOneChannel: Analysis<Int32Array> = (view) =>
  spread(
    view,
    startsBy(view, (trigger) => trigger !== null && oneChannel.has(trigger.type)),
    () => true,
  );

/** Events that concern one channel only. */
const oneChannel = new Set(["mailgun_email_event", "messaging_errors", "validation_error"]);

const disable = { id: "dnd", type: "dnd_contact", name: "DND off", config: { dnd_contact: "disable" } };
const disableTexts = {
  id: "dnd",
  type: "dnd_contact",
  config: { dnd_contact: "disable_specific", specific_channels: ["SMS"] },
};
const enable = { id: "dnd", type: "dnd_contact", name: "DND on", config: { dnd_contact: "enable" } };
const enableEmail = {
  id: "dnd",
  type: "dnd_contact",
  config: { dnd_contact: "enable_specific", specific_channels: ["Email"] },
};
const unsubscribed = {
  type: "mailgun_email_event",
  conditions: [{ field: "mailgun.event", operator: "==", value: "unsubscribed" }],
};

function tagged(tag: string): object {
  return {
    type: "contact_tag",
    conditions: [{ field: "tagsAdded", operator: "index-of-true", value: [tag], id: "tag-added" }],
  };
}

function replied(word: string): object {
  return { type: "customer_reply", conditions: [{ field: "message.body", operator: "contains", value: word }] };
}

function workflow(trigger: object | null, actions: readonly object[]): unknown {
  return { triggers: trigger === null ? [] : [{ id: "start", active: true, ...trigger }], actions };
}
