import { ownerless } from "../../model/ownerless.ts";
import type { Step, Trigger } from "../../model/workflow.ts";
import { listed, quoted } from "../../words.ts";
import { exampleWorkflow, sms } from "../logic/example-workflow.ts";
import { defineRule } from "../rule.ts";

interface BeforeAssigned {
  readonly steps: readonly Step[];
  readonly trigger: Trigger;
}

export const ownerUsedBeforeAssigned = defineRule<BeforeAssigned>({
  meta: {
    code: "DATA-011",
    id: "owner-used-before-assigned",
    category: "data",
    severity: "medium",
    scope: "W",
    title: "The contact's owner is needed before there is one",
    summary:
      "An alert, task or call for the assigned user, or a {{user.…}} field, on the way of a new lead before any step assigns one.",
    why: "The alert is skipped and the lead cools down, the call rings at the front desk, and the message reads \u201cI'm , your advisor\u201d.",
    fix: "Put Assign to User in front of the first step that needs the owner.",
    sources: ["help article 155000003202 (internal notification)", "platform fact F44"],
  },
  sees: "workflow",
  *find(view) {
    const found = view.derive(ownerless);
    if (found !== null) yield found;
  },
  tell({ steps, trigger }) {
    const [first] = steps;
    return {
      message: `${listed(steps.map(quoted))} ${steps.length === 1 ? "needs" : "need"} the contact's owner, and a new lead that starts with ${quoted(trigger)} has none yet at that point.`,
      impact:
        "Alerts and tasks for the owner are skipped, calls ring at the front desk, and the owner's name stays empty in messages.",
      fix: `Assign the contact in front of ${first === undefined ? "it" : quoted(first)}, or name a user there.`,
      steps: steps.slice(0, 50),
      evidence: { trigger: trigger.name, steps: steps.slice(0, 20).map(({ name }) => name) },
      // A form or a round robin may have assigned the contact before.
      confidence: "likely",
      hangsOn: steps.slice(0, 50).map(({ id }) => id),
    };
  },
  wrong: () => [
    { title: "the owner is told before there is one", workflow: exampleWorkflow([alert]) },
    { title: "assigned too late", workflow: exampleWorkflow([alert, assign]) },
    {
      title: "the advisor's name in a text",
      workflow: exampleWorkflow([sms("text", "Acme: I'm {{user.first_name}}. Reply STOP to unsubscribe")]),
    },
    {
      title: "an alert and a call are one finding",
      workflow: exampleWorkflow([alert, { id: "call", type: "call", name: "Call", attributes: { timeout: 15 } }]),
    },
  ],
  right: () => [
    { title: "assigned first", workflow: exampleWorkflow([assign, alert]) },
    {
      title: "the owner is written as a field",
      workflow: exampleWorkflow([
        { id: "own", type: "update_contact_field", attributes: { fields: [{ field: "assignedTo", value: "u1" }] } },
        alert,
      ]),
    },
    {
      title: "a known contact replied, who may have an owner",
      workflow: exampleWorkflow([alert], [{ type: "customer_reply" }]),
    },
    {
      title: "a named user is told",
      workflow: exampleWorkflow([
        { ...alert, attributes: { type: "sms", sms: { body: "New lead", userType: "user", selectedUser: "u1" } } },
      ]),
    },
    {
      title: "a decision asks whether there is an owner",
      workflow: exampleWorkflow([
        {
          id: "which",
          name: "Owner?",
          branches: [
            {
              name: "Has one",
              rows: [
                { conditionType: "contact_detail", conditionSubType: "assignedTo", conditionOperator: "has_value" },
              ],
              steps: [alert],
            },
          ],
        },
      ]),
    },
  ],
});

const assign = { id: "assign", type: "assign_user", name: "Assign", attributes: { user_list: ["u1"] } };
const alert = {
  id: "alert",
  type: "internal_notification",
  name: "Tell the owner",
  attributes: { type: "sms", sms: { body: "New lead", userType: "assign" } },
};
