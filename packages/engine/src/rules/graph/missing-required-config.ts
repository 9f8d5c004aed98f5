import { type IncompleteStep, incompleteSteps } from "../../model/incomplete-steps.ts";
import { Trait } from "../../model/traits.ts";
import { counted, listed, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

export const missingRequiredConfig = defineRule<IncompleteStep>({
  meta: {
    code: "GRAPH-007",
    id: "missing-required-config",
    category: "graph",
    severity: "high",
    scope: "W",
    title: "A step lacks a setting it cannot work without",
    summary:
      "A message without text, a webhook without URL, a tag step without tag, a notification without recipient, and the like.",
    why: "The step is skipped or reaches nobody, and the contact goes on as if it had worked.",
    fix: "Open the step and fill in what is named.",
    sources: [
      "help article 155000004872 (the builder's own panel)",
      "reasoned per step type (packages/engine/src/domain/required-settings.ts)",
    ],
  },
  sees: { traits: Trait.known },
  partlyUnchecked({ workflow }) {
    let unknown = 0;
    for (const step of workflow.steps) if ((step.traits & Trait.known) === 0) unknown++;
    return unknown === 0 ? null : `${counted(unknown, "step")} of types that the engine does not know`;
  },
  *find(view) {
    yield* view.derive(incompleteSteps);
  },
  tell({ step, labels, keys }) {
    const sends = (step.traits & Trait.send) !== 0;
    return {
      message: `The step ${quoted(step)} lacks ${listed(labels)}.`,
      impact: sends
        ? "The message is not sent, and the contact goes on to the next step as if it had been."
        : "The step does nothing, and the contact goes on to the next step as if it had worked.",
      fix: `Open ${quoted(step)} and fill in ${listed(labels)}. If the step is not needed, delete it.`,
      steps: [step],
      evidence: { type: step.type, missing: labels, fields: keys },
    };
  },
  wrong: () => [
    { title: "a text message without text", workflow: one("sms", { body: "  " }) },
    { title: "an email without subject and text is one finding", workflow: one("email", { subject: "", html: "" }) },
    { title: "a webhook without address", workflow: one("webhook", { method: "POST", url: "" }) },
    { title: "a tag step without tag", workflow: one("add_contact_tag", { tags: [] }) },
    { title: "assign a user, but nobody", workflow: one("assign_user", { user_list: [], traffic_split: "equally" }) },
    { title: "a wait that does not say for what", workflow: one("wait", {}) },
    {
      title: "remove from workflow stored as a text, which removes nothing",
      workflow: one("remove_from_workflow", { workflow_id: "w2" }),
    },
    {
      title: "a notification by email to nobody",
      workflow: one("internal_notification", {
        type: "email",
        email: { subject: "New lead", html: "<p>Call</p>", userType: "" },
      }),
    },
    { title: "a Go To without a target", workflow: one("goto", { type: "goto" }) },
    {
      title: "a condition without a value",
      workflow: {
        actions: [
          {
            id: "choice",
            type: "condition",
            branches: [
              {
                name: "VIP",
                conditions: [
                  {
                    conditionType: "contact_detail",
                    conditionSubType: "tags",
                    conditionOperator: "index-of-true",
                    conditionValue: [],
                  },
                ],
              },
            ],
          },
        ],
      },
    },
  ],
  right: () => [
    {
      title: "a picture message needs no text",
      workflow: one("sms", { body: "", attachments: ["https://files.example/a.png"] }),
    },
    {
      title: "an email from a template",
      workflow: one("email", { subject: "", html: "", template_id: "t1", templatesource: "email-builder" }),
    },
    { title: "steps of unknown types are not judged", workflow: one("acme_send_fax", {}) },
    {
      title: "a step that is switched off",
      workflow: {
        workflow: {
          workflowData: {
            templates: [{ id: "a", type: "sms", attributes: { body: "" }, advanceCanvasMeta: { isDisabled: true } }],
          },
        },
      },
    },
    {
      title: "remove from all workflows names none",
      workflow: one("remove_from_workflow", { allWorkflows: true, includeCurrent: true }),
    },
    { title: "send steps have no recipient field", workflow: one("sms", { body: "Hi" }) },
    {
      title: "webhooks have no retry, timeout or error setting",
      workflow: one("webhook", { method: "POST", url: "https://crm.example/hook" }),
    },
    {
      title: "a condition that asks only whether a field is filled",
      workflow: {
        actions: [
          {
            id: "choice",
            type: "condition",
            branches: [
              {
                name: "Has phone",
                conditions: [
                  { conditionType: "contact_detail", conditionSubType: "phone", conditionOperator: "has_value" },
                ],
              },
            ],
          },
        ],
      },
    },
  ],
});

function one(type: string, attributes: Readonly<Record<string, unknown>>): unknown {
  return {
    workflow: { id: "w", name: "Example", workflowData: { templates: [{ id: "a", type, name: "Step", attributes }] } },
  };
}
