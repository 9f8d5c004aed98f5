import { Notice, noticed } from "../../conditions/noticed.ts";
import { NOBODY, spread, startsBy } from "../../graph/spread.ts";
import { listOf, textOf } from "../../model/attributes.ts";
import { Trait } from "../../model/traits.ts";
import type { Trigger } from "../../model/workflow.ts";
import { inOtherLanguages } from "../../text/languages.ts";
import { hitOf } from "../../text/phrase-scan.ts";
import { phrasesIn } from "../../text/phrases.ts";
import { type StepText, texts } from "../../text/texts.ts";
import type { View } from "../../view.ts";
import { listed, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface Early {
  readonly text: StepText;
  readonly triggers: readonly Trigger[];
}

const ordered: ReadonlySet<string> = new Set(["order_submission", "two_step_form_submission", "abandoned_checkout"]);

export const thanksBeforePayment = defineRule<Early>({
  meta: {
    code: "LIFE-002",
    id: "thanks-before-payment",
    category: "lifecycle",
    severity: "high",
    scope: "W",
    title: "Thanks for a payment that may have failed",
    summary:
      "A thank-you for a purchase, or a receipt, behind a trigger for submitted orders or checkouts instead of received payments.",
    why: "People whose card was declined are thanked, and their order is worked on.",
    fix: "Start with Payment Received.",
    sources: ["help article 155000002292 (list of triggers)", "reasoned"],
  },
  sees: { traits: Trait.send },
  unchecked: ({ workflow }) => (workflow.triggers === null ? "needs the workflow's triggers" : null),
  partlyUnchecked: (view) => (unpaid(view).length > 0 ? inOtherLanguages(view) : null),
  *find(view) {
    const triggers = unpaid(view);
    if (triggers.length === 0) return;
    const said = view.derive(texts).withPhrase("paidThanks");
    if (said.length === 0 || phrasesIn(view.workflow.name, "paysLater").length > 0) return;
    const noticedBy = view.derive(noticed);
    const labels = spread(
      view,
      startsBy(view, (trigger) => trigger !== null && triggers.includes(trigger)),
      (step) => (noticedBy(step) & (Notice.payment | Notice.unknown)) === 0,
    );
    for (const text of said) {
      if ((text.step.traits & Trait.send) === 0 || labels[text.step.index] === NOBODY) continue;
      if (phrasesIn(text.value, "paysLater").length === 0) yield { text, triggers };
    }
  },
  tell({ text, triggers }, view) {
    const phrase = hitOf(view.derive(texts).reading(text), "paidThanks")?.row.phrase ?? "";
    return {
      message: `${quoted(text.step)} says "${phrase}", but ${listed(triggers.map(quoted))} ${triggers.length === 1 ? "fires" : "fire"} when an order is placed, paid or not.`,
      impact: "Declined cards are thanked as if they had paid, and what follows here is done for nothing.",
      fix: "Start this workflow with Payment Received (status succeeded), or ask for the payment in front of the message.",
      steps: [text.step, ...triggers.slice(0, 20)],
      at: text.step,
      hangsOn: [text.step.id],
      evidence: { phrase, triggerTypes: triggers.slice(0, 20).map(({ type }) => type) },
      confidence: "likely",
    };
  },
  wrong: () => [
    { title: "an order form", workflow: workflow("two_step_form_submission", [text("Thank you for your purchase!")]) },
    { title: "a submitted order", workflow: workflow("order_submission", [text("We received your payment.")]) },
    { title: "in Spanish", workflow: workflow("order_submission", [text("Gracias por tu compra")]) },
    { title: "in German", workflow: workflow("order_submission", [text("Vielen Dank für Ihre Bestellung")]) },
  ],
  right: () => [
    { title: "a payment that came in", workflow: workflow("payment_received", [text("Thank you for your purchase!")]) },
    {
      title: "cash on delivery",
      workflow: workflow("order_submission", [text("Thank you for your order! You pay cash on delivery.")]),
    },
    {
      title: "the payment is asked for first",
      workflow: workflow("order_submission", [
        {
          id: "ask",
          type: "condition",
          branches: [
            {
              name: "Paid",
              conditions: [{ field: "payment.status", operator: "==", value: "succeeded" }],
              actions: [text("Thank you for your purchase!")],
            },
            { name: "None", next: null },
          ],
        },
      ]),
    },
    {
      title: "orders only, of a form that tells them apart",
      workflow: {
        triggers: [
          {
            id: "t",
            type: "two_step_form_submission",
            conditions: [{ field: "twoStepOrderForm.submissionType", operator: "==", value: "sale" }],
          },
        ],
        actions: [text("Thank you for your purchase!")],
      },
    },
    {
      title: "the order is only noted",
      workflow: workflow("order_submission", [text("We are looking at what you chose.")]),
    },
    {
      title: "a text in French is not judged",
      workflow: workflow("order_submission", [text("Merci pour votre achat, nous vous remercions de votre confiance")]),
    },
  ],
});

function unpaid({ workflow }: View): readonly Trigger[] {
  return (workflow.triggers ?? []).filter(
    ({ type, active, conditions }) =>
      active && ordered.has(type) && !conditions.some(({ value }) => listOf(value).map(textOf).some(isPaid)),
  );
}

function isPaid(value: string): boolean {
  return /^(?:sale|paid|succeeded|success|completed)$/i.test(value.trim());
}

function text(body: string): object {
  return { id: "text", type: "sms", name: "Thanks", config: { body } };
}

function workflow(type: string, actions: readonly object[]): unknown {
  return { triggers: [{ id: "t", type }], actions };
}
