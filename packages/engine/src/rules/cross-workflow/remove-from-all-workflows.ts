import { listOf, textOf } from "../../model/attributes.ts";
import type { Step, Trigger } from "../../model/workflow.ts";
import { phrasesIn } from "../../text/phrases.ts";
import type { View } from "../../view.ts";
import { listed, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface Sweep {
  readonly step: Step;
  readonly triggers: readonly Trigger[];
}

export const removeFromAllWorkflows = defineRule<Sweep>({
  meta: {
    code: "XWF-005",
    id: "remove-from-all-workflows",
    category: "cross-workflow",
    severity: "high",
    scope: "W",
    title: "A reply, tag or click takes the contact out of everything",
    summary:
      "Remove from all workflows (or all but this one) in a workflow that starts with a reply, a tag, a click or another event that says little.",
    why: "It also stops invoices, appointment reminders and onboarding, and it cannot be undone.",
    fix: 'Name the workflows that should stop. Keep "all" for opt-outs and deletions.',
    sources: ["help article 155000002553 (remove from workflow)", "platform fact F24"],
  },
  sees: { types: ["remove_from_workflow", "remove_from_all_workflows"] },
  unchecked: (view) =>
    view.workflow.triggers === null && sweeps(view).length > 0 ? "needs the workflow's triggers" : null,
  *find(view) {
    const found = sweeps(view);
    if (found.length === 0 || isKillSwitch(view)) return;
    const triggers = (view.workflow.triggers ?? []).filter((trigger) => trigger.active && saysLittle(trigger));
    if (triggers.length > 0) for (const step of found) yield { step, triggers };
  },
  tell({ step, triggers }, view) {
    const others = view.options.location
      .all("workflows")
      .filter(({ id, status }) => id !== view.workflow.id && status === "published");
    const but = step.attributes["includeCurrent"] === false ? " except this one" : "";
    return {
      message: `${quoted(step)} takes the contact out of all workflows${but}, and what starts it is ${listed(triggers.map(quoted))}.`,
      impact: `Running invoices, appointment reminders and onboarding of this contact stop with it${others.length > 0 ? ` (${listed(others.map(quoted))})` : ""}, and it cannot be undone.`,
      fix: `In ${quoted(step)} choose the workflows that should stop, one by one.`,
      steps: [step, ...triggers.slice(0, 20)],
      at: step,
      hangsOn: [step.id],
      evidence: {
        triggerTypes: triggers.slice(0, 20).map(({ type }) => type),
        exceptThisOne: but !== "",
        ...(others.length > 0 ? { alsoCuts: others.slice(0, 20).map(({ name }) => name) } : {}),
      },
      confidence: "likely",
    };
  },
  wrong: () => [
    { title: "a click on not now", workflow: workflow({ type: "trigger_link" }) },
    { title: "any reply, all but this one", workflow: workflow({ type: "customer_reply" }, { includeCurrent: false }) },
    { title: "a tag", workflow: workflow({ type: "contact_tag", conditions: { tag: "cold" } }) },
    {
      title: "the step of its own kind",
      workflow: {
        triggers: [{ id: "t", type: "contact_tag" }],
        actions: [{ id: "out", type: "remove_from_all_workflows" }],
      },
    },
  ],
  right: () => [
    {
      title: "a tag that says do not contact",
      workflow: workflow({ type: "contact_tag", conditions: { tag: "do not contact" } }),
    },
    { title: "the trigger for DND", workflow: workflow({ type: "dnd_contact" }) },
    {
      title: "a workflow that is called kill switch",
      workflow: { ...workflow({ type: "contact_tag" }), name: "Kill switch" },
    },
    {
      title: "an unsubscribe by email",
      workflow: workflow({
        type: "mailgun_email_event",
        conditions: [{ field: "mailgun.event", operator: "==", value: "unsubscribed" }],
      }),
    },
    {
      title: "DND is set as well: an opt-out",
      workflow: workflow({ type: "customer_reply" }, {}, [
        { id: "dnd", type: "dnd", config: { dnd_contact: "enable" } },
      ]),
    },
    {
      title: "named workflows",
      workflow: workflow({ type: "trigger_link" }, { allWorkflows: false, workflow_id: ["nurture"] }),
    },
    { title: "a payment is a clear sign", workflow: workflow({ type: "payment_received" }) },
  ],
});

/** Events that say little about what the contact wants. */
const slight = new Set([
  ...["customer_reply", "contact_tag", "contact_changed", "trigger_link", "mailgun_email_event", "video_event"],
  ...["funnel_website_pageview", "facebook_comment_on_post", "ig_comment_on_post", "tiktok_comment_on_post"],
  ...["form_submission", "survey_submission", "contact_engagement_score", "conv_ai_trigger"],
]);

function saysLittle({ type, name, conditions }: Trigger): boolean {
  if (!slight.has(type)) return false;
  const words = [name, ...conditions.flatMap(({ value }) => listOf(value).map(textOf))].join(" ");
  return !speaksOfOptOut(words);
}

function speaksOfOptOut(words: string): boolean {
  return phrasesIn(words, "killSwitch").length > 0;
}

function sweeps(view: View): readonly Step[] {
  const all = view.stepsOfType("remove_from_workflow").filter(({ attributes }) => attributes["allWorkflows"] === true);
  return [...all, ...view.stepsOfType("remove_from_all_workflows")].filter((step) => !step.disabled);
}

/** By its name, or because it opts out or deletes the contact as well. */
function isKillSwitch(view: View): boolean {
  if (speaksOfOptOut(view.workflow.name) || view.stepsOfType("internal-delete-contact").length > 0) return true;
  return view
    .stepsOfType("dnd_contact")
    .some(({ attributes }) => textOf(attributes["dnd_contact"]).startsWith("enable"));
}

function workflow(trigger: object, config: object = {}, before: readonly object[] = []): object {
  return {
    triggers: [{ id: "t", ...trigger }],
    actions: [
      ...before,
      { id: "out", type: "remove_from_workflow", name: "Stop", config: { allWorkflows: true, ...config } },
    ],
  };
}
