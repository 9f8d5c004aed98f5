import { othersStartedBy } from "../../location/surroundings.ts";
import { listOf, textOf } from "../../model/attributes.ts";
import { Trait } from "../../model/traits.ts";
import type { Trigger } from "../../model/workflow.ts";
import { phrasesIn } from "../../text/phrases.ts";
import type { View } from "../../view.ts";
import { listed, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

export const refundRemovesNothing = defineRule<readonly Trigger[]>({
  meta: {
    code: "LIFE-003",
    id: "refund-removes-nothing",
    category: "lifecycle",
    severity: "high",
    scope: "W+L",
    title: "A refund that takes nothing away",
    summary:
      "A workflow for refunds or cancelled subscriptions that removes no enrolment, access or tag, changes no stage and hands over to no other workflow.",
    why: "Refunded customers keep their access and keep getting upsells.",
    fix: "Revoke the access, remove the customer tags, and take the contact out of the workflows for customers.",
    sources: ["help articles 155000002553 (remove from workflow), 155000002294 (list of actions)", "reasoned"],
  },
  sees: "workflow",
  unchecked: ({ workflow }) => (workflow.triggers === null ? "needs the workflow's triggers" : null),
  *find(view) {
    const triggers = (view.workflow.triggers ?? []).filter(isRefund);
    if (triggers.length === 0 || view.workflow.steps.length === 0 || takesAway(view)) return;
    const others = othersStartedBy(view, ...triggers.map(({ type }) => type));
    if (!others?.some(({ member, trigger }) => isRefund(trigger) && takesAway(member.view))) yield triggers;
  },
  tell(triggers, view) {
    const types = [...new Set(view.workflow.steps.map(({ type }) => type))];
    const outside = (view.traits & Trait.outbound) !== 0;
    return {
      message: `${listed(triggers.map(quoted))} ${triggers.length === 1 ? "starts" : "start"} this workflow, and none of its steps takes away an access, a tag, a stage or a running workflow.`,
      impact: "Who got the money back keeps the course and the member tag, and is offered the next thing to buy.",
      fix: "Add the steps that revoke the access, remove the tags, and remove the contact from the workflows for customers.",
      steps: triggers.slice(0, 20),
      at: view.workflow.steps[view.workflow.entry] ?? null,
      evidence: { triggerTypes: triggers.slice(0, 20).map(({ type }) => type), actionsPresent: types.slice(0, 20) },
      // What is called outside may do it, and another workflow may listen to the same event.
      confidence: outside ? "possible" : "likely",
    };
  },
  wrong: () => [
    { title: "a refund that only tells the team", workflow: workflow({ type: "refund" }, [tell]) },
    {
      title: "a subscription that was cancelled",
      workflow: workflow(
        { type: "subscription", conditions: [{ field: "subscription.status", operator: "==", value: "cancelled" }] },
        [tell],
      ),
    },
    {
      title: "a refunded payment",
      workflow: workflow(
        {
          type: "payment_received",
          conditions: [{ field: "payment.payment_status", operator: "==", value: "refunded" }],
        },
        [tell],
      ),
    },
  ],
  right: () => [
    {
      title: "access is revoked",
      workflow: workflow({ type: "refund" }, [{ id: "r", type: "membership_revoke_offer", config: { offer_id: "o" } }]),
    },
    {
      title: "a tag is removed",
      workflow: workflow({ type: "refund" }, [{ id: "r", type: "remove_tag", config: { tags: ["customer"] } }]),
    },
    {
      title: "the deal is moved",
      workflow: workflow({ type: "refund" }, [{ id: "r", type: "move_opportunity", config: {} }]),
    },
    {
      title: "another workflow takes over",
      workflow: workflow({ type: "refund" }, [
        { id: "r", type: "add_to_workflow", config: { workflow_id: "offboarding" } },
      ]),
    },
    {
      title: "a new subscription",
      workflow: workflow(
        { type: "subscription", conditions: [{ field: "subscription.status", operator: "==", value: "active" }] },
        [tell],
      ),
    },
    { title: "a payment", workflow: workflow({ type: "payment_received" }, [tell]) },
  ],
});

const MONEY: ReadonlySet<string> = new Set(["subscription", "payment_received", "invoice", "order_submission"]);

/** A trigger by which customers leave: a refund, or a payment or subscription that is given back or cancelled. */
export function isRefund({ type, active, conditions }: Trigger): boolean {
  if (!active) return false;
  if (type === "refund") return true;
  if (!MONEY.has(type)) return false;
  const values = conditions.flatMap(({ value }) => listOf(value).map(textOf));
  return values.length > 0 && values.some((value) => phrasesIn(value, "refunds").length > 0);
}

const TAKES_AWAY: ReadonlySet<string> = new Set([
  ...["remove_from_workflow", "remove_from_all_workflows", "add_to_workflow", "remove_contact_tag"],
  ...["membership_revoke_offer", "revoke-group-access", "revoke-private-channel-access", "update_contact_field"],
  ...["internal_update_opportunity", "create_opportunity", "remove_opportunity", "internal-delete-contact"],
  ...["remove_contact_tag_tool", "remove_from_affiliate_campaign", "update_custom_object"],
]);

function takesAway({ workflow }: View): boolean {
  return workflow.steps.some(({ type, disabled }) => !disabled && TAKES_AWAY.has(type));
}

const tell = {
  id: "tell",
  type: "notification",
  config: { type: "notification", notification: { userType: "all", title: "Refund", body: "See the order." } },
};

function workflow(trigger: object, actions: readonly object[]): unknown {
  return { triggers: [{ id: "t", ...trigger }], actions };
}
