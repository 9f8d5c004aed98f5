import { ownPolicy } from "../../location/policy.ts";
import { listOf, numberOf, textOf } from "../../model/attributes.ts";
import { settingsPointer } from "../../model/pointer.ts";
import type { Attributes } from "../../model/workflow.ts";
import type { WorkflowPolicy } from "../../options.ts";
import { sms } from "../logic/example-workflow.ts";
import { defineRule } from "../rule.ts";

interface Drift {
  readonly setting: "re-entry" | "window" | "sender name" | "sender address";
  /** As sentences read them. */
  readonly asked: string;
  readonly found: string;
}

export const policyDrift = defineRule<Drift>({
  meta: {
    code: "LIFE-010",
    id: "policy-drift",
    category: "lifecycle",
    severity: "high",
    scope: "W",
    title: "A setting differs from your policy",
    summary: "Re-entry, sending window or sender of this workflow are not what the policy given for it asks for.",
    why: "Somebody changed a setting that was agreed on, and nobody was told.",
    fix: "Set it back, or change the policy.",
    sources: ["the policy given with the analysis"],
  },
  sees: "workflow",
  unchecked: (view) => {
    const policy = ownPolicy(view);
    const asks = policy?.reentry !== undefined || policy?.window !== undefined || policy?.sender !== undefined;
    return asks ? null : "needs a policy for this workflow";
  },
  *find(view) {
    const policy = ownPolicy(view);
    const { reentry, window, senderName, senderEmail } = view.workflow.settings;
    if (policy?.reentry !== undefined && reentry !== null && reentry !== policy.reentry)
      yield { setting: "re-entry", asked: onOff(policy.reentry), found: onOff(reentry) };
    if (policy?.window !== undefined && !sameWindow(policy.window, window))
      yield { setting: "window", asked: windowInWords(policy.window), found: windowInWords(window) };
    const { name, email } = policy?.sender ?? {};
    if (name !== undefined && name !== (senderName ?? ""))
      yield { setting: "sender name", asked: name, found: senderName ?? "none" };
    if (email !== undefined && email.toLowerCase() !== (senderEmail ?? "").toLowerCase())
      yield { setting: "sender address", asked: email, found: senderEmail ?? "none" };
  },
  tell({ setting, asked, found }) {
    return {
      message: `The policy asks for ${setting} "${asked.slice(0, 100)}", and the workflow has "${found.slice(0, 100)}".`,
      impact: "The workflow runs by other rules than were agreed.",
      fix: `Set ${setting} to "${asked.slice(0, 100)}", or change the policy.`,
      steps: [],
      evidence: { setting, policy: asked.slice(0, 200), workflow: found.slice(0, 200) },
      hangsOn: [setting],
    };
  },
  mend({ setting }, view) {
    const path = setting === "re-entry" ? settingsPointer(view.workflow, "allowMultiple") : null;
    const wanted = ownPolicy(view)?.reentry;
    return path === null || wanted === undefined ? null : [{ op: "replace", path, value: wanted }];
  },
  wrong: () => [
    { title: "re-entry was switched on", workflow: flow({ allowMultiple: true }), options: asks({ reentry: false }) },
    {
      title: "another window",
      workflow: flow({ timeWindow: { days: [1, 2], start: "09:00", end: "20:00" } }),
      options: asks({ window: { days: [2, 1], start: "09:00", end: "18:00" } }),
    },
    { title: "no window", workflow: flow({}), options: asks({ window: { start: "09:00", end: "18:00" } }) },
    {
      title: "another sender, by name and address",
      workflow: flow({ senderAddress: { from_name: "Sam", from_email: "sam@acme.dental" } }),
      options: asks({ sender: { name: "Acme", email: "desk@acme.dental" } }),
      count: 2,
    },
  ],
  right: () => [
    {
      title: "all as asked, days in another order, hours written otherwise",
      workflow: flow({
        allowMultiple: false,
        timeWindow: { days: [1, 2], start: "9:00", end: "18:00" },
        senderAddress: { from_name: "Acme", from_email: "Desk@acme.dental" },
      }),
      options: asks({
        reentry: false,
        window: { days: [2, 1], start: "09:00", end: "18:00" },
        sender: { name: "Acme", email: "desk@acme.dental" },
      }),
    },
    { title: "none asked, none there", workflow: flow({}), options: asks({ window: null }) },
    { title: "the document does not tell of re-entry", workflow: flow({}), options: asks({ reentry: false }) },
    { title: "no policy", workflow: flow({ allowMultiple: true }) },
  ],
});

function onOff(value: boolean): string {
  return value ? "on" : "off";
}

type PolicyWindow = NonNullable<WorkflowPolicy["window"]>;

function sameWindow(asked: PolicyWindow | null, found: Attributes | null): boolean {
  if (asked === null || found === null) return asked === found;
  const days = asked.days === undefined || daysOf(asked.days) === daysOf(found["days"]);
  return days && sameTime(asked.start, found["start"]) && sameTime(asked.end, found["end"]);
}

function daysOf(days: unknown): string {
  return listOf(days)
    .map(numberOf)
    .sort((a, b) => a - b)
    .join(",");
}

function sameTime(asked: string | undefined, found: unknown): boolean {
  const plain = (time: string) =>
    time
      .trim()
      .replace(/^0(?=\d)/, "")
      .slice(0, 5);
  return asked === undefined || plain(asked) === plain(textOf(found));
}

const dayNames = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

function windowInWords(window: PolicyWindow | Attributes | null): string {
  if (window === null) return "none";
  const { days, start, end }: Readonly<Record<string, unknown>> = { ...window };
  const names = listOf(days).map((day) => dayNames[numberOf(day)] ?? "?");
  return `${textOf(start) || "?"}-${textOf(end) || "?"}${names.length === 0 ? "" : ` on ${names.join(", ")}`}`;
}

function asks(policy: object) {
  return { policy: { Welcome: policy } };
}

function flow(settings: object): unknown {
  return { workflow: { name: "Welcome", status: "published", workflowData: { templates: [sms("a")] }, ...settings } };
}
