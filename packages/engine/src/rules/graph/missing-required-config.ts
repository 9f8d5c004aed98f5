import { type RequiredSetting, requiredSettings } from "../../domain/required-settings.ts";
import { isBlank, isRecord, listOf, recordOf, textOf } from "../../model/attributes.ts";
import { Trait } from "../../model/traits.ts";
import { type Attributes, END, type Step } from "../../model/workflow.ts";
import { counted, listed, quoted } from "../places.ts";
import { defineRule } from "../rule.ts";

interface Incomplete {
  readonly step: Step;
  /** What to fill, in the builder's words. */
  readonly labels: readonly string[];
  /** Where it is stored. */
  readonly keys: readonly string[];
}

/** Operators that compare with a value: a row without one can never hold. */
const NEEDS_VALUE: ReadonlySet<string> = new Set(["==", "!=", "contain", "is", "index-of-true", ">", ">=", "<", "<="]);

export const missingRequiredConfig = defineRule<Incomplete>({
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
  *find({ workflow }) {
    const stored = workflow.format === "builder";
    const plans = plansByType();
    for (const step of workflow.steps) {
      const { type, attributes, branches } = step;
      if (step.disabled || (type === "goto" && (step.jump !== END || step.missingJump !== null))) continue;
      const plan = plans.get(type);
      const lacks = plan === undefined ? null : lackingOf(plan, attributes, stored);
      const empty = branches.length === 0 ? null : branches.filter(({ condition }) => hasEmptyRow(condition));
      if (lacks === null && (empty === null || empty.length === 0)) continue;
      const labels = (lacks ?? []).map(({ label }) => label);
      const keys = (lacks ?? []).map(({ anyOf }) => anyOf[0] ?? "");
      for (const { name } of empty ?? []) {
        labels.push(`a value in the condition of the branch "${name.slice(0, 60)}"`);
        keys.push("conditionValue");
      }
      yield { step, labels, keys };
    }
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

/** A setting with its paths taken apart once, not per step. */
interface Plan {
  readonly setting: RequiredSetting;
  readonly paths: readonly (readonly string[])[];
  readonly when: readonly string[] | null;
}

let plans: ReadonlyMap<string, readonly Plan[]> | null = null;

function plansByType(): ReadonlyMap<string, readonly Plan[]> {
  plans ??= new Map([...requiredSettings].map(([type, settings]) => [type, settings.map(planOf)]));
  return plans;
}

function planOf(setting: RequiredSetting): Plan {
  return {
    setting,
    paths: setting.anyOf.map((path) => path.split(".")),
    when: setting.when?.path.split(".") ?? null,
  };
}

function lackingOf(plan: readonly Plan[], attributes: Attributes, stored: boolean): readonly RequiredSetting[] | null {
  let lacking: RequiredSetting[] | null = null;
  for (const one of plan) {
    if (!applies(one, attributes) || isPresent(one, attributes, stored)) continue;
    lacking ??= [];
    lacking.push(one.setting);
  }
  return lacking;
}

function valueAt(attributes: Attributes, path: readonly string[]): unknown {
  let value: unknown = attributes;
  for (const key of path) value = isRecord(value) ? value[key] : undefined;
  return value;
}

function applies({ setting, when }: Plan, attributes: Attributes): boolean {
  return when === null || setting.when?.is.includes(textOf(valueAt(attributes, when))) === true;
}

function isPresent({ setting, paths }: Plan, attributes: Attributes, stored: boolean): boolean {
  for (const path of paths) {
    const value = valueAt(attributes, path);
    if (isBlank(value) || value === false) continue;
    if (setting.list === true && stored && typeof value === "string") continue;
    return true;
  }
  return false;
}

function hasEmptyRow(condition: Attributes | null): boolean {
  if (condition === null) return false;
  const groups = listOf(condition["segments"]);
  if (groups.length === 0) return listOf(condition["conditions"]).some(isEmptyRow);
  for (const group of groups) if (listOf(recordOf(group)["conditions"]).some(isEmptyRow)) return true;
  return false;
}

function isEmptyRow(row: unknown): boolean {
  if (!isRecord(row) || !NEEDS_VALUE.has(textOf(row["conditionOperator"]))) return false;
  return isBlank(row["conditionValue"]) && isBlank(row["conditionValueOperator"]);
}
