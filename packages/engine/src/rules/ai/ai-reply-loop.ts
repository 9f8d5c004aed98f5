import { atomsOf } from "../../conditions/ast.ts";
import { branchConditions } from "../../conditions/branch-conditions.ts";
import { premiumPrices } from "../../domain/premium-prices.ts";
import { NOBODY, spread, startsBy } from "../../graph/spread.ts";
import type { Member } from "../../location/location-view.ts";
import { othersStartedBy } from "../../location/surroundings.ts";
import { listOf, textOf } from "../../model/attributes.ts";
import { Trait } from "../../model/traits.ts";
import type { Step, Trigger } from "../../model/workflow.ts";
import type { Analysis, View } from "../../view.ts";
import { counted, listed, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";
import { aiOutputUses, isSent, waitsForPerson } from "./ai-outputs.ts";

interface State {
  readonly trigger: Trigger;
  readonly send: Step;
  readonly writer: Step | null;
  /** Other workflows whose model answers the same replies. */
  readonly others: readonly Member[];
}

export const aiReplyLoop = defineRule<State>({
  meta: {
    code: "AI-002",
    id: "ai-reply-loop",
    category: "ai",
    severity: "high",
    scope: "W+L",
    title: "A model that answers every reply without end",
    summary:
      "Re-entry is on, every reply starts the workflow, and a model's answer is sent with no cap, no pause, no hand-off and no filter on who writes; or, with the whole location given, models of two workflows answer the same reply.",
    why: "Two machines talk to each other all night: an out-of-office reply is answered, answers again, and every turn is billed.",
    fix: "Count the answers and stop after a few, leave out contacts with a guard tag, or hand over to a person.",
    sources: [
      "help article 155000008094 (auto-pilot mode has a cap of 1 to 100 messages)",
      "github.com/uxieee/uxie-ghl-factory",
    ],
  },
  sees: { traits: Trait.ai },
  unchecked: ({ workflow }) =>
    workflow.triggers === null
      ? "needs the workflow's triggers"
      : workflow.settings.reentry === null && workflow.triggers.some(({ type }) => type === "customer_reply")
        ? "the document does not say whether re-entry is on"
        : null,
  *find(view) {
    const triggers = view.workflow.triggers ?? [];
    if (!triggers.some(hearsEverybody)) return;
    const others = othersThatAnswer(view, triggers.filter(hearsEverybody));
    if (view.workflow.settings.reentry !== true && others.length === 0) return;
    const from = view.derive(answeredWithoutGuard);
    const told = new Set<number>();
    for (const use of view.derive(aiOutputUses)) {
      const label = from[use.text.step.index] as number;
      const trigger = triggers[label];
      if (!isSent(use) || label === NOBODY || trigger === undefined || told.has(label)) continue;
      told.add(label);
      yield { trigger, send: use.text.step, writer: use.producer, others };
    }
  },
  tell({ trigger, send, writer, others }, view) {
    const names = listed(others.map((member) => quoted(member.view.workflow)));
    const premium = view.stepsWith(Trait.premium).filter(({ disabled }) => !disabled).length;
    return {
      message:
        others.length > 0
          ? `${quoted(trigger)} starts on every reply and ${quoted(send)} sends the model's answer, and so ${others.length === 1 ? "does" : "do"} ${names}: one reply gets ${counted(others.length + 1, "answer")}.`
          : `${quoted(trigger)} starts on every reply, re-entry is on, and ${quoted(send)} sends the model's answer each time: nothing ends the exchange.`,
      impact:
        "An automatic reply of the other side is answered, and its answer again, all night. Every turn is billed, and the contact's inbox fills.",
      fix: "Count the answers in a field and leave when there are enough, exclude a guard tag in the trigger's filter, or hand over to a person after the first answers.",
      steps: [send, trigger, ...(writer === null ? [] : [writer])],
      at: send,
      hangsOn: [trigger.id],
      confidence: "likely",
      evidence: {
        trigger: trigger.id,
        reentry: true,
        cycle: [trigger.id, ...(writer === null ? [] : [writer.id]), send.id],
        premiumStepsPerTurn: premium,
        costPerTurnUsd: Math.round(premium * premiumPrices.perRun * 1000) / 1000,
        cap: null,
        ...(others.length === 0 ? {} : { alsoAnsweredBy: others.slice(0, 20).map(({ key }) => key) }),
      },
    };
  },
  wrong: () => [
    { title: "every reply is answered by a model", workflow: workflow([gpt, answer]) },
    {
      title: "on one channel it is the same",
      workflow: workflow([gpt, answer], [{ field: "message.type", operator: "==", value: "SMS" }]),
    },
    {
      title: "a condition on the text of the reply is no cap",
      workflow: workflow([
        gpt,
        {
          id: "which",
          type: "condition",
          branches: [
            {
              name: "Price",
              conditions: [{ field: "message.body", operator: "contains", value: "price" }],
              actions: [answer],
            },
            { name: "None", actions: [] },
          ],
        },
      ]),
    },
  ],
  right: () => [
    { title: "re-entry is off", workflow: workflow([gpt, answer], [], { allowMultiple: false }) },
    {
      title: "a guard tag in the trigger's filter",
      workflow: workflow([gpt, answer], [{ field: "contact.tags", operator: "index-of-false", value: ["bot done"] }]),
    },
    {
      title: "a cap on the answers",
      workflow: workflow([
        gpt,
        {
          id: "which",
          type: "condition",
          branches: [
            {
              name: "Few",
              conditions: [{ field: "contact.bot_answers", operator: "<", value: "5" }],
              actions: [answer],
            },
            { name: "None", actions: [] },
          ],
        },
      ]),
    },
    {
      title: "it sleeps in between",
      workflow: workflow([gpt, { id: "hold", type: "wait", config: { hours: 2 } }, answer]),
    },
    {
      title: "a person answers",
      workflow: workflow([gpt, { id: "hand", type: "manual-sms", config: { body: "{{chatgpt.1.response}}" } }]),
    },
    {
      title: "a reply without a model",
      workflow: workflow([{ id: "thanks", type: "sms", config: { body: "Thanks!" } }]),
    },
    {
      title: "certain words only",
      workflow: workflow([gpt, answer], [{ field: "message.body", operator: "contains", value: "PRICE" }]),
    },
  ],
});

/** Filters on the channel still let everybody in; filters on the contact, the text or the workflow do not. */
function hearsEverybody({ type, active, conditions }: Trigger): boolean {
  return type === "customer_reply" && active && conditions.every(({ field }) => field === "message.type");
}

/** Other workflows in use whose model answers a reply that this one answers, too: on one channel, or on all. */
function othersThatAnswer(view: View, own: readonly Trigger[]): readonly Member[] {
  const others = othersStartedBy(view, "customer_reply") ?? [];
  const found = others.filter(
    ({ member, trigger }) =>
      hearsEverybody(trigger) &&
      (member.view.traits & Trait.ai) !== 0 &&
      own.some((one) => shareChannel(one, trigger)) &&
      member.view.derive(aiOutputUses).some(isSent),
  );
  return [...new Set(found.map(({ member }) => member))];
}

function shareChannel(a: Trigger, b: Trigger): boolean {
  const [one, other] = [a, b].map(({ conditions }) => conditions.flatMap(({ value }) => listOf(value).map(textOf)));
  if (one === undefined || other === undefined || one.length === 0 || other.length === 0) return true;
  return one.some((channel) => other.includes(channel));
}

/** By which such trigger a run reaches each step with no guard on the way. */
const answeredWithoutGuard: Analysis<Int32Array> = (view) => {
  const conditionOf = view.derive(branchConditions);
  const asksContact = (step: Step) =>
    step.branches.some(
      ({ condition }, at) =>
        condition !== null &&
        atomsOf(conditionOf(step.branches[at] as Step["branches"][number])).some(({ field }) =>
          guarding.has(field.kind),
        ),
    );
  return spread(
    view,
    startsBy(view, (trigger) => trigger !== null && hearsEverybody(trigger)),
    (step) =>
      (step.traits & Trait.pause) === 0 &&
      !waitsForPerson(step) &&
      step.type !== "update_conversation_ai_status" &&
      !((step.traits & Trait.decide) !== 0 && asksContact(step)),
  );
};

/** A condition on these can stop an exchange: a counter, a tag, the time. */
const guarding: ReadonlySet<string> = new Set(["tag", "contact", "custom-field", "workflow", "time", "opportunity"]);

const gpt = {
  id: "gpt",
  type: "chatgpt",
  name: "Write the answer",
  stepIndex: 1,
  config: { promptText: "Answer {{message.body}}" },
};
const answer = { id: "answer", type: "sms", name: "Send the answer", config: { body: "{{chatgpt.1.response}}" } };

function workflow(actions: readonly object[], conditions: readonly object[] = [], settings: object = {}): unknown {
  return {
    allowMultiple: true,
    ...settings,
    triggers: [{ id: "start", type: "customer_reply", name: "Customer replied", active: true, conditions }],
    actions,
  };
}
