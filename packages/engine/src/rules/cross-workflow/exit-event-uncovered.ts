import { Notice, noticed } from "../../conditions/noticed.ts";
import { waitTimings } from "../../graph/wait-timings.ts";
import { waitedSince } from "../../graph/waited-since.ts";
import { startsOn, takenOutBy } from "../../location/surroundings.ts";
import { Trait } from "../../model/traits.ts";
import type { Step } from "../../model/workflow.ts";
import { inOtherLanguages } from "../../text/languages.ts";
import { texts } from "../../text/texts.ts";
import { inWords, listed, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface Uncovered {
  readonly toward: keyof typeof aims;
  readonly asks: readonly Step[];
  readonly late: readonly Step[];
  readonly seconds: number;
  /** The other workflows are known, and none of them takes contacts out when it happens. */
  readonly searched: boolean;
}

/** What the messages ask for. */
const aims = {
  asksBooking: {
    noun: "a booking",
    done: "booked",
    by: new Set(["customer_appointment", "appointment", "service_booking", "rental_booking"]),
  },
  asksPayment: {
    noun: "a payment",
    done: "paid",
    by: new Set([
      "payment_received",
      "order_submission",
      "two_step_form_submission",
      "invoice",
      "shopify_order_placed",
    ]),
  },
  asksSignature: { noun: "a signature", done: "signed", by: new Set(["proposal_estimate_update", "estimate_update"]) },
} as const;
const kinds = ["asksBooking", "asksPayment", "asksSignature"] as const;

const HOUR = 3600;

export const exitEventUncovered = defineRule<Uncovered>({
  meta: {
    code: "XWF-008",
    id: "exit-event-uncovered",
    category: "cross-workflow",
    severity: "high",
    scope: "W+L",
    title: "A chase that does not notice its success",
    summary:
      "Messages that ask again and again for a booking, a payment or a signature, with no goal and no question that could notice that it happened.",
    why: "People who have paid or booked are still chased for it.",
    fix: "Add a goal event, or let the workflow for those who did it take them out of this one.",
    sources: [
      "everestx.com (GoHighLevel workflows)",
      "tkturners.com/blog/ghl-workflow-automation-best-practices",
      "emailgic.com",
    ],
  },
  sees: { traits: Trait.send },
  partlyUnchecked: (view) => (view.derive(waitTimings).ofKind.time.length > 0 ? inOtherLanguages(view) : null),
  *find(view) {
    if (view.graph.goals.length > 0) return;
    const shared = view.derive(texts);
    for (const toward of kinds) {
      const said = shared.withPhrase(toward);
      if (said.length < 2) continue;
      const asks = [...new Set(said.map(({ step }) => step))].filter(({ traits }) => (traits & Trait.send) !== 0);
      if (asks.length < 2) continue;
      const noticedBy = view.derive(noticed);
      const { of } = view.derive(waitTimings);
      const waited = waitedSince(
        view,
        asks.map(({ index }) => index),
        (step) => (noticedBy(step) & Notice.kept) === 0 && of[step.index]?.kind !== "date",
      );
      const late = asks.filter(({ index }) => (waited[index] as number) >= HOUR);
      const seconds = Math.max(0, ...late.map(({ index }) => waited[index] as number));
      if (late.length === 0) continue;
      const removers = takenOutBy(view);
      if (removers?.some(({ member }) => startsOn(member, aims[toward].by))) continue;
      yield { toward, asks, late, seconds, searched: removers !== null };
    }
  },
  tell({ toward, asks, late, seconds, searched }) {
    const { noun, done } = aims[toward];
    return {
      message: `${listed(asks.map(quoted))} ask for ${noun}, up to ${inWords(seconds)} after the first time, and nothing in between notices that the contact has ${done}.`,
      impact: `People who have already ${done} are asked for it again.`,
      fix: `Add a goal event for ${noun} behind the messages, or let the workflow that welcomes those who have ${done} remove them from this one.`,
      steps: late.slice(0, 50),
      hangsOn: late.slice(0, 50).map(({ id }) => id),
      evidence: {
        toward: noun,
        inferredFrom: asks.slice(0, 20).map(({ id }) => id),
        sendsAtRisk: late.slice(0, 50).map(({ id }) => id),
        exitsSearched: [
          "a goal",
          "a question in between",
          `removal by another workflow: ${searched ? "none" : "not given"}`,
        ],
      },
      // The other workflows, which may take them out, were not given.
      confidence: searched ? "likely" : "possible",
    };
  },
  wrong: () => [
    {
      title: "book, and book again two days later",
      workflow: chase("Book your visit: acme.dental/book", "Did you see this? Pick a time: acme.dental/book"),
    },
    { title: "a cart", workflow: chase("You left items in your cart.", "Complete your order today.") },
    { title: "a contract", workflow: chase("Please sign the agreement.", "We are waiting for your signature.") },
    { title: "in Spanish", workflow: chase("Reserva tu cita", "Agenda tu cita hoy") },
    { title: "in German", workflow: chase("Buchen Sie hier", "Jetzt buchen!") },
  ],
  right: () => [
    {
      title: "a goal takes them out",
      workflow: {
        actions: [
          text("a", "Book your visit."),
          wait,
          text("b", "Pick a time."),
          { id: "goal", type: "goal", config: { action: "exit", segments: [] } },
        ],
      },
    },
    {
      title: "a tag is asked for in between",
      workflow: {
        actions: [
          text("a", "Book your visit."),
          wait,
          {
            id: "ask",
            type: "condition",
            branches: [
              {
                name: "Booked",
                next: null,
                conditions: [{ field: "contact.tags", operator: "index-of-true", value: ["booked"] }],
              },
              { name: "None", actions: [text("b", "Pick a time.")] },
            ],
          },
        ],
      },
    },
    { title: "asked once", workflow: chase("Book your visit.", "Our practice opens at nine.") },
    { title: "what it is for cannot be told", workflow: chase("Here is part one.", "Here is part two.") },
    {
      title: "two messages at once",
      workflow: { actions: [text("a", "Book your visit."), text("b", "Pick a time.")] },
    },
    {
      title: "texts in French are not judged",
      workflow: chase(
        "Réservez votre rendez-vous avec nous",
        "Vous pouvez réserver votre rendez-vous dans notre agenda",
      ),
    },
  ],
});

/** Whether the workflow starts when it has happened, or by a tag, a field or a deal that may say so. */
const wait = { id: "hold", type: "wait", config: { days: 2 } };

function text(id: string, body: string): object {
  return { id, type: "sms", name: `Text ${id}`, config: { body } };
}

function chase(first: string, second: string): unknown {
  return { actions: [text("a", first), wait, text("b", second)] };
}
