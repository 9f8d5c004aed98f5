import { dominators } from "../../graph/dominators.ts";
import { Trait } from "../../model/traits.ts";
import type { Step } from "../../model/workflow.ts";
import { indexOf, type OutputFault, type OutputUse, producersOf } from "../../text/step-outputs.ts";
import type { StepText } from "../../text/texts.ts";
import type { View } from "../../view.ts";
import { listed, quoted } from "../../words.ts";
import { rewriteFields, spanOf } from "../content/merge-field-edits.ts";
import { defineRule } from "../rule.ts";
import { aiOutputUses, byText, isSent, isWritten, reachedUnchecked } from "./ai-outputs.ts";

interface State {
  readonly text: StepText;
  readonly uses: readonly OutputUse[];
}

const faultWords: Readonly<Record<OutputFault, string>> = {
  missing: "there is no such step",
  later: "the step comes only later",
  "other-way": "some runs come here without passing that step",
};

export const aiOutputReferenceWrong = defineRule<State>({
  meta: {
    code: "AI-005",
    id: "ai-output-reference-wrong",
    category: "ai",
    severity: "high",
    scope: "W",
    title: "Reads the answer of an AI step that is not there",
    summary:
      "A merge field such as {{chatgpt.2.response}} whose number belongs to no AI step, to one that comes later, or to one on another branch.",
    why: "The place stays empty: contacts get a blank message, or a blank is written.",
    fix: "Pick the output from the builder's list again: the number is the step's own.",
    sources: ["help article 155000000209 (GPT, using the response)", "reasoned"],
  },
  sees: { traits: Trait.send | Trait.ai | Trait.writesContact | Trait.opportunity | Trait.internal | Trait.outbound },
  *find(view) {
    const wrong = view.derive(aiOutputUses).filter(({ fault }) => fault !== null);
    if (wrong.length === 0) return;
    for (const [text, uses] of byText(wrong)) yield { text, uses };
  },
  tell({ text, uses }, view) {
    const [first] = uses;
    const meant = first === undefined ? null : rightStep(view, text.step, first);
    const tokens = [...new Set(uses.map(({ field }) => spanOf(text, field)))];
    const faults = [...new Set(uses.flatMap(({ fault }) => (fault === null ? [] : [fault])))];
    const producers = [...new Set(uses.flatMap(({ producer }) => (producer === null ? [] : [producer])))];
    const right = meant === null || first === undefined ? null : tokenFor(first, meant);
    return {
      message: `${quoted(text.step)} reads ${listed(tokens)}, but ${listed(faults.map((fault) => faultWords[fault]))}.`,
      impact:
        text.role === "message" || text.role === "subject"
          ? "The answer is missing in the message: the contact gets a blank or half a sentence."
          : "A blank is passed on, and what builds on it goes wrong without an error.",
      fix:
        meant === null || right === null
          ? "Pick the output from the builder's list again, or move the AI step in front of this one on every way."
          : `Write ${right}: that is ${quoted(meant)}.`,
      steps: [text.step, ...producers],
      hangsOn: [text.step.id],
      severity: text.role === "internal" ? "medium" : "high",
      confidence: faults.includes("other-way") && faults.length === 1 ? "likely" : "certain",
      evidence: {
        field: text.keys.join("/"),
        tokens,
        faults,
        aiSteps:
          first === undefined
            ? []
            : producersOf(view, first.stepType)
                .slice(0, 20)
                .map((step) => ({ id: step.id, number: numberOrNull(step) })),
        suggestion: right,
      },
    };
  },
  mend({ text, uses }, view) {
    const edits = uses.flatMap((use) => {
      const step = rightStep(view, text.step, use);
      return step === null ? [] : [{ field: use.field, token: tokenFor(use, step), step }];
    });
    if (edits.length < uses.length) return null;
    // With the right number the next question is whether there is an answer at all; that is for a person to settle.
    const shown = uses.some((use) => isSent(use) || isWritten(use));
    if (shown && edits.some(({ step }) => view.derive(reachedUnchecked)(step, text.step))) return null;
    return rewriteFields(text, edits);
  },
  wrong: () => [
    { title: "a number that no step has", workflow: workflow([gpt(1), sms("{{chatgpt.2.response}}")]) },
    { title: "no AI step at all", workflow: workflow([sms("{{chatgpt.1.response}}")]) },
    { title: "the step comes later", workflow: workflow([sms("{{chatgpt.1.response}}"), gpt(1)]) },
    { title: "a step on another branch", workflow: workflow([branch([gpt(1)], [sms("{{chatgpt.1.response}}")])]) },
    {
      title: "in a note, where the right number is offered",
      workflow: workflow([gpt(1), { id: "note", type: "add_notes", config: { html: "{{chatgpt.3.response}}" } }]),
    },
    {
      title: "in the prompt of an agent",
      workflow: workflow([
        gpt(1),
        { id: "agent", type: "ai_agent", stepIndex: 2, config: { prompt: "Check {{chatgpt.9.response}}" } },
      ]),
    },
    {
      title: "a step that is switched off",
      workflow: {
        workflowData: {
          templates: [
            {
              id: "gpt",
              type: "chatgpt",
              stepIndex: 1,
              attributes: { promptText: "Hi" },
              next: "text",
              advanceCanvasMeta: { isDisabled: true },
            },
            { id: "text", type: "sms", attributes: { body: "{{chatgpt.1.response}}" } },
          ],
        },
      },
    },
  ],
  right: () => [
    { title: "the right number", workflow: workflow([gpt(1), sms("{{chatgpt.1.response}}")]) },
    {
      title: "numbers of several steps",
      workflow: workflow([gpt(1), gpt(4, "more"), sms("{{chatgpt.4.response}} {{chatgpt.1.response}}")]),
    },
    { title: "behind a branch", workflow: workflow([gpt(1), branch([sms("{{chatgpt.1.response}}")], [])]) },
    {
      title: "a document that gives its steps no numbers",
      workflow: workflow([{ id: "gpt", type: "chatgpt", config: { promptText: "Hi" } }, sms("{{chatgpt.5.response}}")]),
    },
    { title: "an output in an unknown form", workflow: workflow([gpt(1), sms("{{chatgpt.response}}")]) },
    { title: "a webhook's output is another rule's", workflow: workflow([sms("{{custom_webhook.3.id}}")]) },
  ],
});

/** The only AI step of the kind, when every run passes it before: then surely it is meant. */
function rightStep(view: View, user: Step, { stepType, producer }: OutputUse): Step | null {
  const [only, ...others] = producersOf(view, stepType);
  if (only === undefined || others.length > 0 || only === producer || only === user) return null;
  return numberOrNull(only) !== null && view.derive(dominators).dominates(only.index, user.index) ? only : null;
}

function tokenFor({ field, number }: OutputUse, step: Step): string {
  return `{{${field.path.replace(`.${number}`, `.${indexOf(step)}`)}}}`;
}

function numberOrNull(step: Step): number | null {
  const index = indexOf(step);
  return Number.isNaN(index) ? null : index;
}

function gpt(stepIndex: number, id = "gpt"): object {
  return { id, type: "chatgpt", name: "Write the answer", stepIndex, config: { promptText: "Say hello" } };
}

function sms(body: string): object {
  return { id: "text", type: "sms", name: "Send the answer", config: { body } };
}

function branch(first: readonly object[], second: readonly object[]): object {
  return {
    id: "which",
    type: "condition",
    branches: [
      { name: "Rome", conditions: [{ field: "contact.city", operator: "==", value: "Rome" }], actions: first },
      { name: "None", actions: second },
    ],
  };
}

function workflow(actions: readonly object[]): unknown {
  return { actions };
}
