import { atomsOf } from "../../conditions/ast.ts";
import { branchConditions } from "../../conditions/branch-conditions.ts";
import { decisions } from "../../conditions/decisions.ts";
import { premiumPrices } from "../../domain/premium-prices.ts";
import { incoming } from "../../graph/incoming.ts";
import { reachability } from "../../graph/reachability.ts";
import { Trait } from "../../model/traits.ts";
import { type Branch, END, type Step } from "../../model/workflow.ts";
import { outputUses } from "../../text/step-outputs.ts";
import type { View } from "../../view.ts";
import { quoted } from "../../words.ts";
import { placeOfBranch } from "../places.ts";
import { defineRule } from "../rule.ts";

interface State {
  readonly premium: Step;
  readonly filter: Step;
  readonly exit: Branch;
}

/** How many steps may stand between the two. */
const FARTHEST = 6;

export const premiumBeforeFilter = defineRule<State>({
  meta: {
    code: "COST-002",
    id: "premium-before-filter",
    category: "cost",
    severity: "low",
    scope: "W",
    title: "Pays for contacts that are sorted out right after",
    summary:
      "A billed step whose result nobody needs yet stands in front of a decision that lets some contacts leave at once.",
    why: "The step is billed for everybody, also for those whom the next decision drops.",
    fix: "Move the billed step behind the decision, onto the branch that uses it.",
    sources: ["help article 155000003971 (pro tiers)", "reasoned"],
  },
  sees: { traits: Trait.premium },
  *find(view) {
    if (view.stepsWith(Trait.decide).length === 0) return;
    const { reached } = view.derive(reachability);
    for (const { step: filter, none, named } of view.derive(decisions)) {
      const ways = none === null ? named : [...named, none];
      const exit = ways.find(({ target, missing }) => target === END && missing === null);
      if (exit === undefined || reached[filter.index] !== 1 || ways.every(({ target }) => target === END)) continue;
      const premium = nearestBefore(view, filter);
      if (premium !== null && !isNeeded(view, premium, filter)) yield { premium, filter, exit };
    }
  },
  tell: ({ premium, filter, exit }) => ({
    message: `${quoted(premium)} is billed before ${quoted(filter)} sorts contacts out: whoever goes by "${exit.name.slice(0, 60)}" has been paid for in vain.`,
    impact: `At least $${premiumPrices.perRun.toFixed(2)} for every contact that leaves right after.`,
    fix: `Move ${quoted(premium)} behind ${quoted(filter)}, onto the branch that needs it.`,
    steps: [premium, filter, ...placeOfBranch(exit)],
    at: premium,
    hangsOn: [premium.id, filter.id],
    confidence: "likely",
    evidence: {
      premium: premium.id,
      decision: filter.id,
      exit: exit.name.slice(0, 100),
      costPerRunUsd: premiumPrices.perRun,
    },
  }),
  wrong: () => [
    { title: "a model before a decision on the city", workflow: workflow([gpt, decision("contact.city")]) },
    {
      title: "with a tag in between",
      workflow: workflow([
        gpt,
        { id: "tag", type: "add_contact_tag", config: { tags: ["a"] } },
        decision("contact.city"),
      ]),
    },
  ],
  right: () => [
    { title: "the decision reads the result", workflow: workflow([gpt, decision("chatgpt.1.response")]) },
    {
      title: "the result is used before the decision",
      workflow: workflow([
        gpt,
        { id: "t", type: "sms", config: { body: "{{chatgpt.1.response}}" } },
        decision("contact.city"),
      ]),
    },
    {
      title: "every branch goes on",
      workflow: workflow([gpt, decision("contact.city", [{ id: "n2", type: "add_notes", config: { html: "Other" } }])]),
    },
    { title: "the billed step comes behind", workflow: workflow([decision("contact.city"), gpt]) },
    {
      title: "a row for everybody is the purpose",
      workflow: workflow([
        { id: "row", type: "google_sheets", config: { action: { id: "create_row" } } },
        decision("contact.city"),
      ]),
    },
    {
      title: "a wait in between",
      workflow: workflow([gpt, { id: "hold", type: "wait", config: { days: 1 } }, decision("contact.city")]),
    },
  ],
});

/** Premium steps that only fetch or compute something; a row, a message or a booking is a purpose of its own. */
const fetching: ReadonlySet<string> = new Set([
  "chatgpt",
  "ai_agent",
  "agent_studio_execution",
  "workflow_ai_summarize_text",
  "workflow_ai_translate_content",
  "workflow_ai_extract_data",
  "workflow_ai_generate_image",
  "custom_code",
  "text_formatter",
  "number_formatter",
  "datetime_formatter",
]);

/** The billed step that stands before a decision on the only way to it, with nothing held in between. */
function nearestBefore(view: View, filter: Step): Step | null {
  const { first, source } = view.derive(incoming);
  let node = filter.index;
  for (let hops = 0; hops < FARTHEST; hops++) {
    if ((first[node + 1] as number) - (first[node] as number) !== 1) return null;
    node = source[first[node] as number] as number;
    const step = view.workflow.steps[node];
    if (step === undefined || (step.traits & (Trait.pause | Trait.decide | Trait.send)) !== 0) return null;
    if (!step.disabled && fetching.has(step.type)) return step;
  }
  return null;
}

/** Does the decision, or a step before it, read the result? */
function isNeeded(view: View, premium: Step, filter: Step): boolean {
  const conditionOf = view.derive(branchConditions);
  const reads = filter.branches.some(
    (branch) =>
      branch.condition !== null &&
      atomsOf(conditionOf(branch)).some(({ field }) => field.kind === "step-output" || field.kind === "other"),
  );
  if (reads) return true;
  const before = new Set<Step>();
  for (
    let step: Step | undefined = view.workflow.steps[premium.next];
    step !== undefined && step !== filter && before.size < FARTHEST;
    step = view.workflow.steps[step.next]
  )
    before.add(step);
  return view.derive(outputUses).some(({ producer, text }) => producer === premium && before.has(text.step));
}

const gpt = {
  id: "gpt",
  type: "chatgpt",
  name: "Write a summary",
  stepIndex: 1,
  config: { promptText: "Sum up {{contact.notes}}" },
};

function decision(field: string, others: readonly object[] = []): object {
  return {
    id: "which",
    type: "condition",
    name: "From Rome?",
    branches: [
      {
        name: "Rome",
        conditions: [{ field, operator: "==", value: "Rome" }],
        actions: [{ id: "n1", type: "add_notes", config: { html: "Rome" } }],
      },
      { name: "None", actions: others },
    ],
  };
}

function workflow(actions: readonly object[]): unknown {
  return { actions };
}
