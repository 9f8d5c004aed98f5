import { branchConditions } from "../../conditions/branch-conditions.ts";
import { branchWords } from "../../conditions/branch-words.ts";
import { describeCondition } from "../../conditions/words.ts";
import { recordOf } from "../../model/attributes.ts";
import { Trait } from "../../model/traits.ts";
import { type Branch, type BranchKind, END, type Step } from "../../model/workflow.ts";
import { phrasesIn } from "../../text/phrases.ts";
import type { View } from "../../view.ts";
import { listed, quoted } from "../../words.ts";
import { placeOfBranch } from "../places.ts";
import { defineRule } from "../rule.ts";

interface Empty {
  readonly step: Step;
  readonly branch: Branch;
}

/** Ways that are meant for somebody. None is LOGIC-004's; a found record or an awaited event often needs nothing more. */
const kinds: ReadonlySet<BranchKind> = new Set(["condition", "path", "timeout", "not-found", "lane"]);

export const emptyBranch = defineRule<Empty>({
  meta: {
    code: "GRAPH-006",
    id: "empty-branch",
    category: "graph",
    severity: "medium",
    scope: "W",
    title: "A branch in which nothing happens",
    summary:
      "A named branch, split path, timeout, not-found or Closed way without any step, while the ways beside it act and nothing follows further down.",
    why: "A group of contacts gets nothing at all. Usually somebody meant to come back and finish it.",
    fix: 'Add the steps, or say that it is meant so: name the branch "End" or "Do nothing".',
    sources: ["jetstack.ai/docs/audits/workflow-audits (dead-end branches)", "reasoned"],
  },
  sees: { traits: Trait.decide | Trait.pause | Trait.send },
  find(view) {
    const found: Empty[] = [];
    for (const step of view.workflow.steps) {
      const { branches } = step;
      if (branches.length < 2 || step.next !== END || branches.every(acts) || !branches.some(acts)) continue;
      for (const branch of branches) if (isForgotten(view, step, branch)) found.push({ step, branch });
    }
    return found;
  },
  tell({ step, branch }, view) {
    const beside = step.branches.filter(acts);
    const firsts = beside.flatMap(({ target }) => view.workflow.steps[target] ?? []);
    const asked = branch.condition === null ? null : describeCondition(view.derive(branchConditions)(branch));
    return {
      message: `Nothing stands in the branch ${quoted(branch)} of ${quoted(step)}, while ${listed(beside.map(quoted))} ${beside.length === 1 ? "goes" : "go"} on.`,
      impact: `Contacts who take ${quoted(branch)} get nothing further: no message, no task, no error.`,
      fix: `Add what should happen in ${quoted(branch)}. If nothing should, rename it to "End" or accept this finding.`,
      steps: [step, ...placeOfBranch(branch)],
      hangsOn: [step.id, branch.id ?? branch.name],
      evidence: {
        branch: branch.name,
        kind: branch.kind,
        ...(asked === null ? {} : { asks: asked }),
        besideIt: firsts.slice(0, 10).map(({ name }) => name),
      },
      confidence: "likely",
    };
  },
  wrong: () => [
    {
      title: "one of two sources was never finished",
      workflow: choice([way("Facebook", text("fb")), way("Google"), way("None", text("rest"))]),
    },
    {
      title: "a split with one path built",
      workflow: {
        actions: [{ id: "ab", type: "split", branches: [way("Version A", text("a")), way("Version B")] }],
      },
    },
    {
      title: "nobody thought of contacts who do not answer",
      workflow: {
        actions: [
          text("ask"),
          {
            id: "hold",
            type: "wait",
            config: { event: "reply", timeout: { days: 2 } },
            branches: [way("Reply", text("thanks")), way("Timeout")],
          },
        ],
      },
    },
    {
      title: "the contact that was not found",
      workflow: {
        actions: [
          { id: "find", type: "find_contact", branches: [way("Contact Found", text("hi")), way("Contact Not Found")] },
        ],
      },
    },
    {
      title: "the WhatsApp window is closed",
      workflow: {
        actions: [{ id: "window", type: "whatsapp_24h_window", branches: [way("Open", text("hi")), way("Closed")] }],
      },
    },
  ],
  right: () => [
    { title: "every branch acts", workflow: choice([way("Facebook", text("fb")), way("None", text("rest"))]) },
    {
      title: "a branch that says that it ends",
      workflow: choice([way("Facebook", text("fb")), way("End here"), way("None", text("rest"))]),
    },
    {
      title: "who has booked leaves",
      workflow: choice([way("Already booked"), way("None", text("rest"))]),
    },
    {
      title: "so does who has the client tag, in Spanish and in German",
      workflow: choice([way("Ya es cliente"), way("Kunde"), way("None", text("rest"))]),
    },
    {
      title: "the control group of a test",
      workflow: {
        actions: [{ id: "ab", type: "split", branches: [way("Offer", text("a")), way("Control group")] }],
      },
    },
    {
      title: "all branches go on below",
      workflow: {
        actions: [
          {
            id: "which",
            type: "condition",
            branches: [
              { name: "Facebook", next: "fb" },
              { name: "Google", next: "rest" },
            ],
          },
          text("fb"),
          text("rest"),
        ],
      },
    },
    { title: "an empty None is another rule's", workflow: choice([way("Facebook", text("fb")), way("None")]) },
    {
      title: "nothing stands in any branch yet",
      workflow: choice([way("Facebook"), way("Google"), way("None")]),
    },
    {
      title: "nobody takes a path with weight 0",
      workflow: {
        workflow: {
          workflowData: {
            templates: [
              {
                id: "ab",
                type: "workflow_split",
                next: ["a", "b"],
                attributes: {
                  transitions: [
                    { id: "a", name: "Path A", conditionType: "default" },
                    { id: "b", name: "Path B", conditionType: "default" },
                  ],
                  extras: { weightDistribution: { a: 100, b: 0 } },
                },
              },
              { id: "a", type: "transition", name: "Path A", parent: "ab", next: "text" },
              { id: "b", type: "transition", name: "Path B", parent: "ab" },
              { id: "text", type: "sms", attributes: { body: "Hi" } },
            ],
          },
        },
      },
    },
    {
      title: "an answer that was awaited needs nothing more",
      workflow: {
        actions: [
          text("ask"),
          {
            id: "hold",
            type: "wait",
            config: { event: "reply", timeout: { days: 2 } },
            branches: [way("Reply"), way("Timeout", text("chase"))],
          },
        ],
      },
    },
  ],
});

function acts({ target, missing }: Branch): boolean {
  return target !== END || missing !== null;
}

function isForgotten(view: View, step: Step, branch: Branch): boolean {
  if (acts(branch) || !kinds.has(branch.kind) || hasNoWeight(step, branch)) return false;
  // A branch without conditions never matches, so nobody is lost in it.
  if (branch.condition !== null && view.derive(branchConditions)(branch).kind === "never") return false;
  return phrasesIn(view.derive(branchWords)(branch), "endsHere").length === 0;
}

function hasNoWeight({ type, attributes }: Step, { id }: Branch): boolean {
  if (type !== "workflow_split" || id === null) return false;
  return recordOf(recordOf(attributes["extras"])["weightDistribution"])[id] === 0;
}

function way(name: string, ...actions: readonly object[]): object {
  return actions.length === 0 ? { name, next: null } : { name, actions };
}

function choice(branches: readonly object[]): unknown {
  return { actions: [{ id: "which", type: "condition", branches }] };
}

function text(id: string): object {
  return { id, type: "sms", config: { body: "Hi" } };
}
