import { reachability } from "../../graph/reachability.ts";
import { textOf } from "../../model/attributes.ts";
import { pointerOf } from "../../model/pointer.ts";
import type { Branch, Step, Trigger } from "../../model/workflow.ts";
import type { View } from "../../view.ts";
import { quoted } from "../../words.ts";
import { placeOfBranch } from "../places.ts";
import { defineRule, type Place } from "../rule.ts";

type Broken =
  | { readonly kind: "next" | "jump"; readonly step: Step; readonly missing: string }
  | { readonly kind: "branch"; readonly step: Step; readonly branch: Branch; readonly missing: string }
  | { readonly kind: "trigger"; readonly trigger: Trigger; readonly missing: string }
  | { readonly kind: "duplicate"; readonly id: string; readonly steps: readonly Step[] };

export const brokenStepReference = defineRule<Broken>({
  meta: {
    code: "GRAPH-004",
    id: "broken-step-reference",
    category: "graph",
    severity: "critical",
    scope: "W",
    title: "A step leads to a step that does not exist",
    summary:
      "A next step, branch, timeout, Go To or trigger names a step that is not in the workflow, or two steps share one id.",
    why: "Contacts stop dead at that point. Nothing is logged as an error, and everything behind it never happens.",
    fix: "Open the step and choose the following step again, then save and publish.",
    sources: ["platform fact F27", "builder documents: the run follows next"],
  },
  sees: "workflow",
  *find({ workflow, derive }) {
    for (const trigger of workflow.triggers ?? []) {
      if (trigger.missing !== null) yield { kind: "trigger", trigger, missing: trigger.missing };
    }
    for (const step of leadingNowhere(workflow.steps)) {
      if (step.missing !== null) yield { kind: "next", step, missing: step.missing };
      if (step.missingJump !== null) yield { kind: "jump", step, missing: step.missingJump };
      for (const branch of step.branches) {
        if (branch.missing !== null) yield { kind: "branch", step, branch, missing: branch.missing };
      }
    }
    if (workflow.duplicateIds.length > 0) {
      const sharing = derive(stepsById);
      for (const id of workflow.duplicateIds) {
        const steps = sharing.get(id) ?? [];
        // Two branch nodes with one id are folded away; only steps that a person sees are reported.
        if (steps.length > 1) yield { kind: "duplicate", id, steps };
      }
    }
  },
  tell(broken, view) {
    if (broken.kind === "duplicate") return tellDuplicate(broken.id, broken.steps);
    const { missing } = broken;
    const shown = missing.length > 60 ? `${missing.slice(0, 59)}…` : missing;
    if (broken.kind === "trigger") {
      const { trigger } = broken;
      return {
        message: `The trigger ${quoted(trigger)} starts contacts at the step ${shown}, which is not in the given definition.`,
        impact: "Contacts from this trigger may not enter the workflow where you meant them to, or not at all.",
        fix: `Open the trigger ${quoted(trigger)} and choose its first step again.`,
        steps: [trigger],
        at: null,
        evidence: { field: "targetActionId", missing: shown },
      };
    }
    const { step } = broken;
    const reached = view.derive(reachability).reached[step.index] === 1;
    const places: readonly Place[] = broken.kind === "branch" ? [step, ...placeOfBranch(broken.branch)] : [step];
    const { what, field } = partOf(broken);
    return {
      message: `${what} leads to the step ${shown}, which is not in the given definition.`,
      impact: reached
        ? "Every contact who gets here stops: no further message, no task, no error. The next snapshot refresh can drop them altogether."
        : "Nothing reaches this step at the moment. Once something does, contacts stop here.",
      fix: `Open ${quoted(step)} and choose where it leads again. If the export is only a part of the workflow, give the whole of it.`,
      steps: places,
      at: step,
      evidence: { field, missing: shown, reachable: reached },
      ...(reached ? {} : { severity: "medium" as const }),
    };
  },
  mend(broken, view) {
    if (broken.kind !== "next" && broken.kind !== "branch") return null;
    const source = broken.kind === "branch" ? broken.branch.id : broken.step.id;
    const head = orphanOf(view, source);
    const part = broken.kind === "branch" ? broken.branch : broken.step;
    if (head === null || view.workflow.format !== "builder" || part.position === undefined) return null;
    const raw = broken.kind === "branch" ? branchNode(view, broken.branch) : broken.step.raw;
    if (raw === null || raw["next"] !== broken.missing) return null;
    return [{ op: "replace", path: `${pointerOf(part)}/next`, value: head.id }];
  },
  wrong: () => [
    {
      title: "the next step was deleted",
      workflow: linear([{ id: "text", type: "sms", attributes: { body: "Hi" }, next: "gone" }]),
    },
    {
      title: "the step below was made anew; its back-pointer tells which it is",
      workflow: linear([
        { id: "text", type: "sms", attributes: { body: "Hi" }, next: "old-id" },
        { id: "new-id", type: "add_contact_tag", attributes: { tags: ["asked"] }, parentKey: "text" },
      ]),
    },
    {
      title: "the same behind a branch",
      workflow: linear([
        {
          id: "choice",
          type: "if_else",
          nodeType: "condition-node",
          attributes: { branches: [{ id: "yes", name: "VIP", segments: [] }] },
          next: ["yes", "none"],
        },
        { id: "yes", type: "if_else", nodeType: "branch-yes", name: "VIP", parent: "choice", next: "old-id" },
        {
          id: "none",
          type: "if_else",
          nodeType: "branch-no",
          name: "None",
          parent: "choice",
          attributes: { else: true },
          next: "text",
        },
        { id: "text", type: "sms", attributes: { body: "Acme: see you soon. Reply STOP to unsubscribe." } },
        {
          id: "new-id",
          type: "sms",
          attributes: { body: "Acme: your table waits. Reply STOP to unsubscribe." },
          parentKey: "yes",
        },
      ]),
    },
    {
      title: "a Go To aims at nothing",
      workflow: linear([
        { id: "text", type: "sms", attributes: { body: "Hi" }, next: "jump" },
        { id: "jump", type: "goto", attributes: { type: "goto", targetNodeId: "gone" } },
      ]),
    },
    {
      title: "a branch leads to a step of another version",
      workflow: linear([
        {
          id: "choice",
          type: "if_else",
          nodeType: "condition-node",
          attributes: { branches: [{ id: "yes", name: "VIP", segments: [] }] },
          next: ["yes", "none"],
        },
        { id: "yes", type: "if_else", nodeType: "branch-yes", name: "VIP", parent: "choice", next: "gone" },
        {
          id: "none",
          type: "if_else",
          nodeType: "branch-no",
          name: "None",
          parent: "choice",
          attributes: { else: true },
        },
      ]),
    },
    {
      title: "the timeout leads nowhere",
      workflow: {
        actions: [
          {
            id: "hold",
            type: "wait",
            config: { event: "reply", timeout: { days: 1 } },
            branches: [{ name: "Replied" }, { name: "Timeout", next: "gone" }],
          },
        ],
      },
    },
    {
      title: "a passed appointment goes to a deleted step",
      workflow: linear([
        {
          id: "hold",
          type: "wait",
          attributes: { type: "appointment", appointmentCondition: "specific-step", appointmentSpecificStep: "gone" },
        },
      ]),
    },
    {
      title: "two steps carry one id",
      workflow: linear([
        { id: "text", type: "sms", attributes: { body: "One" }, next: "tag" },
        { id: "tag", type: "add_contact_tag", attributes: { tags: ["a"] }, next: "tag-2" },
        { id: "tag-2", type: "add_contact_tag", attributes: { tags: ["b"] }, next: "tag" },
        { id: "tag", type: "add_contact_tag", attributes: { tags: ["c"] } },
      ]),
    },
    {
      title: "a trigger enters at a deleted step",
      workflow: {
        workflow: { workflowData: { templates: [{ id: "text", type: "sms", attributes: { body: "Hi" } }] } },
        triggers: [{ id: "t", type: "form_submission", active: true, targetActionId: "gone" }],
      },
    },
  ],
  right: () => [
    {
      title: "every way of writing the end of a path",
      workflow: linear([
        { id: "a", type: "sms", attributes: { body: "Hi" }, next: "b" },
        { id: "b", type: "sms", attributes: { body: "Hi" }, next: ["c"] },
        { id: "c", type: "sms", attributes: { body: "Hi" }, next: "" },
      ]),
    },
    {
      title: "a wrong parentKey still runs",
      workflow: linear([
        { id: "a", type: "sms", attributes: { body: "Hi" }, next: "b", parentKey: "gone" },
        { id: "b", type: "sms", attributes: { body: "Hi" }, next: null, parentKey: "gone" },
      ]),
    },
    {
      title: "a step left over for another policy is not followed",
      workflow: linear([
        {
          id: "hold",
          type: "wait",
          attributes: { type: "appointment", appointmentCondition: "next", appointmentSpecificStep: "gone" },
        },
      ]),
    },
  ],
});

/** Steps with a way to something that is not there: mostly none, and a plain loop says so fastest. */
function leadingNowhere(steps: readonly Step[]): readonly Step[] {
  const found: Step[] = [];
  for (const step of steps) {
    if (step.missing !== null || step.missingJump !== null) found.push(step);
    else if (step.branches.length > 0 && step.branches.some(({ missing }) => missing !== null)) found.push(step);
  }
  return found;
}

function linear(templates: readonly unknown[]): unknown {
  return { workflow: { id: "w", name: "Example", status: "published", workflowData: { templates } } };
}

function partOf(broken: Exclude<Broken, { kind: "trigger" | "duplicate" }>): { what: string; field: string } {
  const { step } = broken;
  switch (broken.kind) {
    case "branch":
      return {
        what: `The branch ${quoted(broken.branch)} of ${quoted(step)}`,
        field: broken.branch.kind === "timeout" ? "timeout" : "branch",
      };
    case "jump":
      return step.type === "goto"
        ? { what: `The Go To ${quoted(step)}`, field: "targetNodeId" }
        : { what: `The wait ${quoted(step)}, when its date has already passed,`, field: "already passed" };
    case "next":
      return { what: `The step ${quoted(step)}`, field: "next" };
  }
}

function tellDuplicate(id: string, steps: readonly Step[]) {
  const shown = id.length > 60 ? `${id.slice(0, 59)}…` : id;
  return {
    message: `${steps.length} steps carry the same id ${shown}: ${steps.slice(0, 4).map(quoted).join(", ")}. Whatever leads to this id reaches only one of them.`,
    impact: "The other step never runs, or runs instead of the one you meant.",
    fix: "Copy the second step in the builder (that gives it an id of its own) and delete the original.",
    steps: steps.slice(0, 10),
    evidence: { duplicateId: shown, steps: steps.length },
  };
}

const stepsById = ({ workflow }: View): ReadonlyMap<string, readonly Step[]> => {
  const wanted = new Set(workflow.duplicateIds);
  const found = new Map<string, Step[]>();
  for (const step of workflow.steps) {
    if (!wanted.has(step.id)) continue;
    const list = found.get(step.id);
    if (list === undefined) found.set(step.id, [step]);
    else list.push(step);
  }
  return found;
};

/** The one unreached step whose back-pointer names this step: what the broken reference meant. */
function orphanOf(view: View, source: string | null): Step | null {
  if (source === null) return null;
  const found = view.derive(orphans).get(source);
  return found !== undefined && found.length === 1 ? (found[0] ?? null) : null;
}

const orphans = (view: View): ReadonlyMap<string, readonly Step[]> => {
  const { reached } = view.derive(reachability);
  const ambiguous = new Set(view.workflow.duplicateIds);
  const found = new Map<string, Step[]>();
  for (const step of view.workflow.steps) {
    const above = textOf(step.raw["parentKey"]);
    if (reached[step.index] === 1 || above === "" || ambiguous.has(step.id)) continue;
    const list = found.get(above);
    if (list === undefined) found.set(above, [step]);
    else list.push(step);
  }
  return found;
};

function branchNode(view: View, branch: Branch): Readonly<Record<string, unknown>> | null {
  const owner = view.workflow.steps.find((step) => step.branches.includes(branch));
  return owner === undefined || owner.position === branch.position ? null : { next: branch.missing };
}
