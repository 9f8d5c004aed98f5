import { reachability } from "../../graph/reachability.ts";
import { listOf, textOf } from "../../model/attributes.ts";
import type { Step, Trigger, Workflow } from "../../model/workflow.ts";
import type { Analysis, View } from "../../view.ts";
import { quoted } from "../places.ts";
import { defineRule } from "../rule.ts";
import { branchWords } from "./replies.ts";

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
    sources: ["help article 48001214849 (DND)", "rules.md F36"],
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

const NOBODY = -2;

/** A condition or a name that speaks of consent. Stands alone, so that "option" and "starter" do not count. */
const CONSENT =
  /\b(?:opt(?:ed|s)?[ _-]?in|consent(?:ed|s)?|re-?subscribed?|subscribed?|subscription|einwilligung|consentimiento|start|unstop)\b/i;

/** Index of the trigger (-1: unknown) by which a run reaches each step without an opt-in; NOBODY when none does. */
const withoutOptIn: Analysis<Int32Array> = (view) =>
  spread(view, (trigger) => trigger === null || !isOptIn(trigger), true);

/** Index of the single-channel trigger by which a run reaches each step; NOBODY when none does. */
const behindOneChannel: Analysis<Int32Array> = (view) =>
  spread(view, (trigger) => trigger !== null && oneChannel.has(trigger.type), false);

/** Events that concern one channel only. */
const oneChannel = new Set(["mailgun_email_event", "messaging_errors", "validation_error"]);

function spread(view: View, starts: (trigger: Trigger | null) => boolean, consentEnds: boolean): Int32Array {
  const { graph, workflow } = view;
  const from = new Int32Array(graph.size).fill(NOBODY);
  const open: number[] = [];
  const enter = (node: number, trigger: number) => {
    if (from[node] !== NOBODY) return;
    from[node] = trigger;
    open.push(node);
  };
  for (let at = 0; at < graph.entries.length; at += 2) {
    const trigger = workflow.triggers?.[graph.entries[at + 1] as number] ?? null;
    if (isIdle(workflow, trigger) || !starts(trigger)) continue;
    enter(graph.entries[at] as number, graph.entries[at + 1] as number);
  }
  const wordsOf = view.derive(branchWords);
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const last = graph.firstEdge[node + 1] as number;
    for (let edge = graph.firstEdge[node] as number; edge < last; edge++) {
      const branch = workflow.steps[node]?.branches[graph.edgeBranch[edge] as number];
      if (consentEnds && branch !== undefined && CONSENT.test(wordsOf(branch))) continue;
      enter(graph.edgeTarget[edge] as number, from[node] as number);
    }
  }
  return from;
}

/** Switched off beside active ones; or the way in without a trigger of a workflow that has triggers. */
function isIdle({ triggers }: Workflow, trigger: Trigger | null): boolean {
  const known = triggers ?? [];
  return trigger === null ? known.length > 0 : !trigger.active && known.some(({ active }) => active);
}

const forms = new Set(["form_submission", "survey_submission", "quiz_submitted"]);

function isOptIn(trigger: Trigger): boolean {
  if (forms.has(trigger.type)) return true;
  const words = trigger.conditions.map(({ value }) => listOf(value).map(textOf).join(" ")).join(" ");
  if (trigger.type === "customer_reply") return /\b(?:start|unstop|yes|subscribe|join|opt[ _-]?in)\b/i.test(words);
  return CONSENT.test(`${trigger.name} ${words}`);
}

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
