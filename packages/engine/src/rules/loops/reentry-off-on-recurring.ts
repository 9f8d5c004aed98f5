import { triggerTypeOf } from "../../domain/trigger-types.ts";
import { settingsPointer } from "../../model/pointer.ts";
import type { Trigger, Workflow } from "../../model/workflow.ts";
import { listed, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

/** Words of a workflow that is meant to run once: "First order thank-you". */
const ONCE = /\b(first|once|one[- ]time|initial|primer[ao]?|erste[rsn]?|einmalig)\b/i;

/** For these a second run is the whole point; switching re-entry on can do no harm. */
const DATES: ReadonlySet<string> = new Set(["birthday_reminder", "custom_date_reminder", "scheduler_trigger"]);

export const reentryOffOnRecurring = defineRule<readonly Trigger[]>({
  meta: {
    code: "LOOP-006",
    id: "reentry-off-on-recurring",
    category: "loops",
    severity: "high",
    scope: "W",
    title: "It works once per contact, then never again",
    summary:
      "Re-entry is off, and a trigger is one that comes again by nature: birthday, reminder, schedule, reply, missed call, order, payment.",
    why: "The second birthday, the second missed call, the second order get no answer, and nothing says so.",
    fix: "Switch re-entry on in the workflow's settings.",
    sources: ["help article 48001239875 (re-entry)", "platform facts F1, F2"],
  },
  sees: "workflow",
  unchecked({ workflow }) {
    if (workflow.triggers === null) return "needs the workflow's triggers";
    if (recurring(workflow).length === 0 || workflow.settings.reentry !== null) return null;
    return "needs the workflow's re-entry setting (allowMultiple)";
  },
  *find({ workflow }) {
    if (workflow.settings.reentry !== false) return;
    const found = recurring(workflow);
    if (found.length > 0) yield found;
  },
  tell(triggers, { workflow }) {
    const names = listed(triggers.map(quoted));
    const entry = workflow.steps[triggers[0]?.target ?? -1];
    return {
      message: `Re-entry is off, but ${names} ${triggers.length === 1 ? "comes" : "come"} again and again for the same contact.`,
      impact: "Each contact goes through once. From the second time on nothing happens, without any error.",
      fix: "Switch on re-entry (Allow re-entry) in the settings of this workflow.",
      steps: triggers.slice(0, 50),
      at: entry ?? null,
      evidence: { reentry: false, triggerTypes: triggers.slice(0, 50).map((trigger) => trigger.type) },
    };
  },
  mend(_triggers, { workflow }) {
    const path = settingsPointer(workflow, "allowMultiple");
    // With any other trigger, a second run may be one that the workflow starts itself.
    const harmless = workflow.triggers?.every(({ active, type }) => !active || DATES.has(type)) === true;
    if (path === null || !harmless) return null;
    return [{ op: "replace", path, value: true }];
  },
  wrong: () => [
    { title: "one birthday per life", workflow: once([{ id: "t", type: "birthday_reminder", active: true }]) },
    {
      title: "only the first missed call is answered",
      workflow: once([{ id: "t", type: "call_status", active: true }]),
    },
    {
      title: "two such triggers are one finding",
      workflow: once([
        { id: "t", type: "customer_reply", active: true },
        { id: "t2", type: "order_submission", active: true },
      ]),
    },
  ],
  right: () => [
    {
      title: "re-entry on",
      workflow: once([{ id: "t", type: "birthday_reminder", active: true }], { allowMultiple: true }),
    },
    { title: "appointments ignore the switch", workflow: once([{ id: "t", type: "appointment", active: true }]) },
    { title: "invoices ignore the switch", workflow: once([{ id: "t", type: "invoice", active: true }]) },
    { title: "a form is filled in once by most", workflow: once([{ id: "t", type: "form_submission", active: true }]) },
    {
      title: "first order only, by its name",
      workflow: once([{ id: "t", type: "order_submission", active: true }], { name: "First order: thank you" }),
    },
    {
      title: "a trigger that is switched off",
      workflow: once([{ id: "t", type: "birthday_reminder", active: false }]),
    },
  ],
});

function once(triggers: readonly unknown[], settings: Readonly<Record<string, unknown>> = {}): unknown {
  const templates = [{ id: "text", type: "sms", attributes: { body: "Hi" } }];
  const workflow = { id: "w", name: "Example", status: "published", allowMultiple: false, workflowData: { templates } };
  return { workflow: { ...workflow, ...settings }, triggers };
}

function recurring({ triggers, name }: Workflow): readonly Trigger[] {
  if (ONCE.test(name)) return [];
  return (triggers ?? []).filter((trigger) => {
    const type = triggerTypeOf(trigger.type);
    return trigger.active && type?.recurring === true && type.ignoresReentrySwitch !== true && !ONCE.test(trigger.name);
  });
}
