import { type Branch, END, type Step } from "../../model/workflow.ts";
import { prompts } from "../../text/prompts.ts";
import { quoted } from "../../words.ts";
import { placeOfBranch } from "../places.ts";
import { defineRule } from "../rule.ts";

interface State {
  readonly step: Step;
  /** The way without steps; null: the prompt says nothing of the contact. */
  readonly branch: Branch | null;
}

const deciding = ["workflow_ai_decision_maker", "workflow_ai_intent_detection", "conversationai_ai_splitter"];

export const aiBranchUnhandled = defineRule<State>({
  meta: {
    code: "AI-004",
    id: "ai-branch-unhandled",
    category: "ai",
    severity: "medium",
    scope: "W",
    title: "When the model is unsure, nothing happens",
    summary:
      "The default, none or negative way of an AI decision has no steps, or the decision is asked without anything about the contact.",
    why: "The unsure cases are the ones that matter, and they are dropped without a word.",
    fix: "Lead the default way to a person: a task, a notification, a tag.",
    sources: ["help article 155000005649 (AI decision maker)", "help article 155000005885 (intent detection)"],
  },
  sees: { types: deciding },
  *find(view) {
    const steps = deciding.flatMap((type) => view.stepsOfType(type)).filter(({ disabled }) => !disabled);
    for (const step of steps) {
      const acts = step.branches.some(({ target }) => target !== END);
      // Built out on no way at all is unfinished work, which other rules name.
      if (acts)
        for (const branch of step.branches)
          if (branch.target === END && branch.missing === null && isUnsure(branch)) yield { step, branch };
    }
    if (view.stepsOfType("workflow_ai_decision_maker").length === 0) return;
    for (const { step, text, fields } of view.derive(prompts))
      if (step.type === "workflow_ai_decision_maker" && text !== "" && fields.length === 0)
        yield { step, branch: null };
  },
  tell({ step, branch }) {
    if (branch === null)
      return {
        message: `${quoted(step)} decides, but nothing about the contact stands in its prompt.`,
        impact: "The model gets the same words for everybody, so everybody is sent the same way, or a random one.",
        fix: "Put what it should decide on into the prompt: the message, a field, a form answer.",
        steps: [step],
        hangsOn: [step.id],
        confidence: "likely",
        evidence: { problem: "prompt-without-contact" },
      };
    return {
      message: `The way "${branch.name.slice(0, 60)}" of ${quoted(step)} has no steps: whoever the model cannot place stops there.`,
      impact: "Unclear answers are mostly questions and complaints. Nobody sees them, and the contact waits in vain.",
      fix: "Put a step there that brings in a person: a task, an internal notification or a tag that somebody looks at. If nothing shall happen, name the way \u201cDo nothing\u201d.",
      steps: [step, ...placeOfBranch(branch)],
      hangsOn: branch.id === null ? [step.id] : [step.id, branch.id],
      evidence: { problem: "way-without-steps", way: branch.name.slice(0, 100), kind: branch.kind },
    };
  },
  wrong: () => [
    { title: "the default branch of a decision", workflow: decision("Default Branch", []) },
    { title: "no condition met", workflow: decision("No condition met", []) },
    { title: "the negative way", workflow: decision("Negative", []) },
    {
      title: "a prompt without a word about the contact",
      workflow: decision("Default Branch", [note], "Is this lead hot?"),
    },
  ],
  right: () => [
    { title: "the default way leads to a person", workflow: decision("Default Branch", [note]) },
    { title: "a way that is meant to do nothing", workflow: decision("Do nothing", []) },
    { title: "a named way without steps is another rule's", workflow: decision("Wants a price", []) },
    {
      title: "nothing is built behind it yet",
      workflow: {
        actions: [
          {
            id: "which",
            type: "workflow_ai_decision_maker",
            config: { information: "{{message.body}}" },
            branches: [
              { name: "Default Branch", actions: [] },
              { name: "Hot", actions: [] },
            ],
          },
        ],
      },
    },
  ],
});

/** "Negative", "No interest"; the model's own fallback has its kind. A way that says that it ends is meant. */
function isUnsure({ kind, name }: Branch): boolean {
  if (/\b(?:do nothing|nothing|end|exit|skip|ignore|stop|nichts|ende|nada|fin)\b/i.test(name)) return false;
  return (
    kind === "none" ||
    kind === "timeout" ||
    /^(?:negative|not sure|unsure|unknown|other|unclear|negativ|unklar|negativo)\b/i.test(name.trim())
  );
}

const note = { id: "note", type: "task-notification", config: { title: "Read this answer" } };

function decision(name: string, actions: readonly object[], information = "{{message.body}}"): unknown {
  return {
    actions: [
      {
        id: "which",
        type: "workflow_ai_decision_maker",
        name: "What do they want?",
        config: { instructions: "Decide", information },
        branches: [
          { name, actions },
          { name: "Hot", actions: [{ id: "tag", type: "add_contact_tag", config: { tags: ["hot"] } }] },
        ],
      },
    ],
  };
}
