import { atomsOf } from "../../conditions/ast.ts";
import { branchConditions } from "../../conditions/branch-conditions.ts";
import { NOBODY, spread, startsBy } from "../../graph/spread.ts";
import { listOf, textOf } from "../../model/attributes.ts";
import { Trait } from "../../model/traits.ts";
import type { Branch, Trigger } from "../../model/workflow.ts";
import { inOtherLanguages } from "../../text/languages.ts";
import { hitOf } from "../../text/phrase-scan.ts";
import { type StepText, texts } from "../../text/texts.ts";
import type { View } from "../../view.ts";
import { listed, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface Wrong {
  readonly text: StepText;
  readonly triggers: readonly Trigger[];
}

/** Call statuses of a call that nobody took. */
const missed: ReadonlySet<string> = new Set([
  "noanswer",
  "busy",
  "voicemail",
  "canceled",
  "cancelled",
  "failed",
  "missed",
]);

export const missedCallTextOnAnsweredCall = defineRule<Wrong>({
  meta: {
    code: "BOOK-009",
    id: "missed-call-text-on-answered-call",
    category: "booking",
    severity: "critical",
    scope: "W",
    title: '"Sorry we missed your call" after a call that was answered',
    summary:
      "A call trigger that is not narrowed to missed calls, with a text behind it that says that the call was missed.",
    why: "People you have just spoken with are told that nobody took their call.",
    fix: "Filter the trigger by call status (no answer, busy, voicemail) and direction (inbound).",
    sources: ["help article 155000002292 (call details)", "reasoned"],
  },
  sees: { traits: Trait.send },
  unchecked: ({ workflow }) => (workflow.triggers === null ? "needs the workflow's triggers" : null),
  partlyUnchecked: (view) => (answered(view).length > 0 ? inOtherLanguages(view) : null),
  *find(view) {
    const triggers = answered(view);
    if (triggers.length === 0) return;
    const said = view.derive(texts).withPhrase("missedCall");
    if (said.length === 0) return;
    const asks = asksCall(view);
    const labels = spread(
      view,
      startsBy(view, (trigger) => trigger !== null && triggers.includes(trigger)),
      (step) => !step.branches.some(asks),
    );
    for (const text of said)
      if ((text.step.traits & Trait.send) !== 0 && labels[text.step.index] !== NOBODY) yield { text, triggers };
  },
  tell({ text, triggers }, view) {
    const { step } = text;
    const phrase = hitOf(view.derive(texts).reading(text), "missedCall")?.row.phrase ?? "";
    return {
      message: `${quoted(step)} says "${phrase}", but ${listed(triggers.map(quoted))} ${triggers.length === 1 ? "starts" : "start"} with answered calls as well.`,
      impact: "People you have just spoken with, and people your team has called, are told that you missed their call.",
      fix: `Add filters to ${listed(triggers.map(quoted))}: call status no answer, busy or voicemail, and direction inbound.`,
      steps: [step, ...triggers.slice(0, 20)],
      at: step,
      hangsOn: [step.id],
      evidence: {
        phrase,
        triggerRows: triggers
          .slice(0, 5)
          .map(({ conditions }) =>
            conditions.slice(0, 10).map(({ field, value }) => `${field}: ${listOf(value).map(textOf).join(", ")}`),
          ),
      },
      confidence: "likely",
    };
  },
  wrong: () => [
    { title: "every call", workflow: workflow([], "Sorry we missed your call. How can we help?") },
    {
      title: "every inbound call",
      workflow: workflow([row("message.direction", "inbound")], "Sorry we missed your call."),
    },
    {
      title: "answered ones are in the list",
      workflow: workflow([row("call_status", ["no-answer", "completed"])], "We couldn't take your call."),
    },
    { title: "in Spanish", workflow: workflow([], "Perdimos tu llamada, ¿en qué podemos ayudarte?") },
    { title: "in German", workflow: workflow([], "Wir haben Ihren Anruf verpasst.") },
  ],
  right: () => [
    {
      title: "missed calls only",
      workflow: workflow([row("call_status", ["no-answer", "busy"])], "Sorry we missed your call."),
    },
    { title: "a text that fits answered calls", workflow: workflow([], "Thanks for calling Acme Dental.") },
    {
      title: "an If/Else asks for the status",
      workflow: {
        triggers: [{ id: "t", type: "call_status" }],
        actions: [
          {
            id: "ask",
            type: "condition",
            branches: [
              {
                name: "Missed",
                conditions: [{ field: "call_status", operator: "==", value: "no-answer" }],
                actions: [text("Sorry we missed your call.")],
              },
              { name: "None", next: null },
            ],
          },
        ],
      },
    },
    {
      title: "a text in French is not judged",
      workflow: workflow([], "Nous avons manqué votre appel, vous pouvez nous rappeler."),
    },
  ],
});

/** Call triggers that let in answered calls. */
function answered({ workflow }: View): readonly Trigger[] {
  return (workflow.triggers ?? []).filter(({ type, active, conditions }) => {
    if (!active || type !== "call_status") return false;
    const rows = conditions.filter(({ field }) => /(?:^|\.)call_?status$/i.test(field));
    const values = rows.flatMap(({ value }) =>
      listOf(value).map((status) =>
        textOf(status)
          .replace(/[\s_-]+/g, "")
          .toLowerCase(),
      ),
    );
    return values.length === 0 || !values.every((status) => missed.has(status));
  });
}

function asksCall(view: View): (branch: Branch) => boolean {
  const conditionOf = view.derive(branchConditions);
  return (branch) =>
    branch.condition !== null &&
    atomsOf(conditionOf(branch)).some(({ field }) => /call|direction/i.test(`${field.key} ${field.label}`));
}

function row(field: string, value: unknown): object {
  return { field, operator: "contains-any", value };
}

function text(body: string): object {
  return { id: "text", type: "sms", name: "Text back", config: { body } };
}

function workflow(conditions: readonly object[], body: string): unknown {
  return { triggers: [{ id: "t", type: "call_status", conditions }], actions: [text(body)] };
}
