import { type Island, islands } from "../../graph/islands.ts";
import { reachability } from "../../graph/reachability.ts";
import { textOf } from "../../model/attributes.ts";
import { Trait } from "../../model/traits.ts";
import type { Step } from "../../model/workflow.ts";
import type { View } from "../../view.ts";
import { counted, listed, quoted } from "../../words.ts";
import { stepsAt } from "../places.ts";
import { defineRule } from "../rule.ts";

/** Steps whose absence costs a lead, money or data, not just tidiness. */
const WEIGHTY = Trait.send | Trait.payment | Trait.opportunity | Trait.outbound;

export const unreachableStep = defineRule<Island>({
  meta: {
    code: "GRAPH-003",
    id: "unreachable-step",
    category: "graph",
    severity: "high",
    scope: "W",
    title: "Steps that no contact ever reaches",
    summary:
      "Steps that no trigger, branch, Go To, goal or already-passed jump leads to. Medium when none of them sends, charges, moves a deal or calls out.",
    why: "The follow-up the team believes in never runs.",
    fix: "Connect the steps to the path they belong to, or delete them.",
    sources: ["builder documents: the entry, triggers and step references are the only ways in", "reasoned"],
  },
  sees: "workflow",
  *find(view) {
    for (const island of view.derive(islands)) {
      const parked = island.steps.every((at) => view.workflow.steps[at]?.disabled === true);
      if (!parked) yield island;
    }
  },
  tell(island, view) {
    const steps = stepsAt(view, island.steps);
    const heads = stepsAt(view, island.heads);
    const traits = island.steps.reduce((bits, at) => bits | (view.workflow.steps[at]?.traits ?? 0), 0);
    const above = nearestReached(view, heads[0]);
    const count = island.steps.length;
    return {
      message: `${count === 1 ? `The step ${quoted(steps[0] ?? { name: "" })} is` : `${count} steps are`} not connected to any path: ${count === 1 ? "nothing leads to it" : `nothing leads to ${listed(heads.map(quoted))}`}.`,
      impact:
        (traits & Trait.send) !== 0
          ? "The messages in this part are never sent, although they stand in the workflow."
          : "What these steps should do never happens, although they stand in the workflow.",
      fix: `${above === null ? "Connect" : `If ${count === 1 ? "it belongs" : "they belong"} behind ${quoted(above)}, connect`} ${count === 1 ? "it" : "them"} there; otherwise delete ${counted(count, "step")}.`,
      steps,
      at: heads[0] ?? null,
      hangsOn: heads.map((step) => step.id),
      causedAt: causes(view, heads),
      evidence: {
        unreachableSteps: count,
        firstSteps: heads.map((step) => step.id),
        nearestReachableStep: above?.id ?? null,
      },
      severity: (traits & WEIGHTY) === 0 ? "medium" : "high",
    };
  },
  wrong: () => [
    {
      title: "a message that nothing leads to",
      workflow: builder([
        { id: "first", type: "add_contact_tag", attributes: { tags: ["lead"] } },
        { id: "lost", type: "sms", attributes: { body: "Still there?" } },
      ]),
    },
    {
      title: "a circle of its own",
      workflow: builder([
        { id: "first", type: "add_contact_tag", attributes: { tags: ["lead"] } },
        { id: "round", type: "add_contact_tag", attributes: { tags: ["again"] }, next: "back" },
        { id: "back", type: "goto", attributes: { targetNodeId: "round" } },
      ]),
    },
    {
      title: "two islands are two findings",
      count: 2,
      workflow: builder([
        { id: "first", type: "add_contact_tag", attributes: { tags: ["lead"] } },
        { id: "lost", type: "email", attributes: { subject: "Hi", html: "<p>Hi</p>" } },
        { id: "stray", type: "add_notes", attributes: { html: "x" }, next: "stray-2" },
        { id: "stray-2", type: "add_notes", attributes: { html: "y" } },
      ]),
    },
    {
      title: "in a graph, a node without a connection to it",
      workflow: {
        nodes: [
          { id: "a", type: "sms", config: { body: "Hi" } },
          { id: "b", type: "email", config: { subject: "Hi", body: "Hello" } },
        ],
        connections: [],
      },
    },
  ],
  right: () => [
    {
      title: "a goal is reached by its jump",
      workflow: builder([
        { id: "first", type: "sms", attributes: { body: "Book now" }, next: null },
        { id: "goal", type: "workflow_goal", attributes: { action: "exit", segments: [] }, next: "thanks" },
        { id: "thanks", type: "sms", attributes: { body: "See you" } },
      ]),
    },
    {
      title: "a trigger enters further down",
      workflow: {
        ...builder([
          { id: "first", type: "sms", attributes: { body: "Hi" } },
          { id: "second-door", type: "sms", attributes: { body: "Welcome back" } },
        ]),
        triggers: [{ id: "t", type: "form_submission", active: true, targetActionId: "second-door" }],
      },
    },
    {
      title: "an appointment that has passed goes to a step",
      workflow: builder([
        {
          id: "hold",
          type: "wait",
          attributes: { type: "appointment", appointmentCondition: "specific-step", appointmentSpecificStep: "late" },
          next: "reminder",
        },
        { id: "reminder", type: "sms", attributes: { body: "See you" } },
        { id: "late", type: "add_contact_tag", attributes: { tags: ["late"] } },
      ]),
    },
    {
      title: "parked steps are switched off",
      workflow: builder([
        { id: "first", type: "sms", attributes: { body: "Hi" } },
        { id: "old", type: "sms", attributes: { body: "Old" }, advanceCanvasMeta: { isDisabled: true } },
      ]),
    },
    {
      title: "the body of a loop",
      workflow: builder([
        { id: "each", type: "loop", attributes: { items: "{{inboundWebhookRequest.items}}" }, next: null },
        { id: "body", type: "add_notes", attributes: { html: "item" }, parentContainerId: "each" },
      ]),
    },
  ],
});

function builder(templates: readonly unknown[]): { readonly workflow: unknown } {
  return { workflow: { id: "w", name: "Example", status: "published", workflowData: { templates } } };
}

/** The reached step that an island most likely belongs behind: by the builder's back-pointer, else the one above it in the list. */
function nearestReached(view: View, head: Step | undefined): Step | null {
  if (head === undefined) return null;
  const { reached } = view.derive(reachability);
  const named = view.derive(stepById).get(textOf(head.raw["parentKey"]));
  if (named !== undefined && reached[named.index] === 1) return named;
  for (let at = head.index - 1; at >= 0; at--) {
    if (reached[at] === 1) return view.workflow.steps[at] ?? null;
  }
  return null;
}

/**
 * Where the cause may lie: the step or branch that the back-pointer names when it leads elsewhere into nothing, or any step that
 * leads into nothing when there is no back-pointer; and the steps that end the run right in front of the island.
 */
function causes(view: View, heads: readonly Step[]): readonly string[] {
  const found = new Set<string>();
  for (const head of heads) {
    const above = textOf(head.raw["parentKey"]);
    if (above !== "") found.add(above);
    else for (const step of view.workflow.steps) if (leadsNowhere(step)) found.add(step.id);
    if (found.size > 100) break;
  }
  const { cut } = view.graph;
  const first = new Set(heads.map((head) => head.index));
  for (let at = 0; at < cut.length; at += 2) {
    if (first.has(cut[at + 1] as number)) found.add(view.workflow.steps[cut[at] as number]?.id ?? "");
  }
  // An island is never the cause of itself; without any candidate it stands alone.
  return found.size === 0 ? heads.map((head) => head.id) : [...found];
}

function leadsNowhere(step: Step): boolean {
  return step.missing !== null || step.missingJump !== null || step.branches.some((branch) => branch.missing !== null);
}

const stepById = ({ workflow }: View): ReadonlyMap<string, Step> => {
  const byId = new Map<string, Step>();
  for (const step of workflow.steps) if (!byId.has(step.id)) byId.set(step.id, step);
  return byId;
};
