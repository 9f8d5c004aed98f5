import { recordGaps } from "../../conditions/record-gaps.ts";
import { stepTypeOf } from "../../domain/step-types.ts";
import { Trait } from "../../model/traits.ts";
import type { Step, Trigger } from "../../model/workflow.ts";
import { counted, listed, quoted } from "../../words.ts";
import { type ExampleNode, exampleWorkflow, sms } from "../logic/example-workflow.ts";
import { defineRule } from "../rule.ts";

interface WithoutContact {
  readonly trigger: Trigger;
  /** In document order. */
  readonly steps: readonly Step[];
}

/** What these steps do, they do to the contact of the run. */
const NEEDS_CONTACT = Trait.send | Trait.writesContact | Trait.opportunity | Trait.appointment | Trait.payment;

export const inboundWebhookNoContact = defineRule<WithoutContact>({
  meta: {
    code: "INTG-006",
    id: "inbound-webhook-no-contact",
    category: "integrations",
    severity: "high",
    scope: "W",
    title: "An inbound webhook has no contact yet",
    summary:
      "A message, tag, field, deal or appointment step behind an inbound webhook, before any step creates or finds the contact.",
    why: "An inbound webhook starts a run without a contact. Steps that need one are skipped for every event, without an error.",
    fix: "Put a Create/Update Contact step (or Find Contact) directly behind the trigger, with email or phone from the webhook.",
    sources: ["help article 48001237383 (inbound webhook)", "platform fact F32"],
  },
  sees: { traits: NEEDS_CONTACT },
  *find(view) {
    const trigger = view.workflow.triggers?.find(({ type }) => type === "inbound_webhook");
    if (trigger === undefined) return;
    const gap = view.derive(recordGaps)("contact");
    if (gap === null || !gap.lacking.includes(trigger)) return;
    const steps = view
      .stepsWith(NEEDS_CONTACT)
      .filter((step) => !step.disabled && !suppliesContact(step) && gap.missingAt(step));
    if (steps.length > 0) yield { trigger, steps };
  },
  tell({ trigger, steps }) {
    return {
      message: `${quoted(trigger)} starts runs without a contact, and ${listed(steps.map(quoted))} ${steps.length === 1 ? "needs" : "need"} one: nothing creates or finds it before.`,
      impact: `${counted(steps.length, "step")} ${steps.length === 1 ? "is" : "are"} skipped for every event that comes in, and no error shows.`,
      fix: `Put Create/Update Contact in front of ${quoted(steps[0] ?? trigger)} and map email or phone from the webhook.`,
      steps: [...steps.slice(0, 50), trigger],
      evidence: { trigger: trigger.name, stepsWithoutContact: steps.length },
      hangsOn: [trigger.id],
    };
  },
  wrong: () => [
    { title: "a text to nobody", workflow: exampleWorkflow([text], webhook) },
    {
      title: "several steps are one finding",
      workflow: exampleWorkflow(
        [{ id: "tag", type: "add_contact_tag", attributes: { tags: ["lead"] } }, text],
        webhook,
      ),
    },
    {
      title: "nobody was found, and they are texted all the same",
      workflow: exampleWorkflow(
        [{ id: "find", type: "find_contact", name: "Find Contact", found: [], notFound: [text] }],
        webhook,
      ),
    },
  ],
  right: () => [
    {
      title: "the contact is created first",
      workflow: exampleWorkflow(
        [{ id: "make", type: "create_update_contact", attributes: { fields: [{ field: "email", value: "x" }] } }, text],
        webhook,
      ),
    },
    {
      title: "the contact was found",
      workflow: exampleWorkflow(
        [{ id: "find", type: "find_contact", name: "Find Contact", found: [text], notFound: [] }],
        webhook,
      ),
    },
    {
      title: "a workflow without contacts: sheet, Slack and webhook",
      workflow: exampleWorkflow(
        [
          { id: "sheet", type: "google_sheets", attributes: { values: ["{{inboundWebhookRequest.total}}"] } },
          { id: "slack", type: "slack_message", attributes: { text: "New order" } },
        ],
        webhook,
      ),
    },
    { title: "a form brings its contact", workflow: exampleWorkflow([text]) },
  ],
});

const webhook = [{ type: "inbound_webhook", name: "Order system" }];
const text: ExampleNode = sms("text", "Acme: thanks for your order. Reply STOP to unsubscribe");

function suppliesContact({ type }: Step): boolean {
  return stepTypeOf(type)?.supplies?.includes("contact") === true;
}
