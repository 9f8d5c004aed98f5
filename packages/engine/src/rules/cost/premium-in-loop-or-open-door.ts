import { premiumPrices } from "../../domain/premium-prices.ts";
import { components } from "../../graph/components.ts";
import { cycleThrough } from "../../graph/cycles.ts";
import { reachability } from "../../graph/reachability.ts";
import { spread, startsBy } from "../../graph/spread.ts";
import { Trait } from "../../model/traits.ts";
import type { Step, Trigger } from "../../model/workflow.ts";
import type { Analysis, View } from "../../view.ts";
import { inWords, listed, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface State {
  readonly steps: readonly Step[];
  /** The door that lets everybody in; null: the steps stand in a loop. */
  readonly trigger: Trigger | null;
  /** Least seconds of a pass of the loop. */
  readonly passSeconds: number;
}

const MONTH_SECONDS = 30 * 86_400;
/** A round that takes this long is a schedule, not a leak. */
const SLOW_SECONDS = 7 * 86_400;

export const premiumInLoopOrOpenDoor = defineRule<State>({
  meta: {
    code: "COST-001",
    id: "premium-in-loop-or-open-door",
    category: "cost",
    severity: "high",
    scope: "W",
    title: "A billed step runs without a limit",
    summary:
      "A premium or AI step inside a loop (high; medium when a round takes a week), or straight behind a door that is open to everybody with no decision in between: an inbound webhook, every reply, a public form (medium; low while a contact comes in only once).",
    why: "Every run costs one cent and more, models bill their tokens on top, and nothing caps it. A bot on the form or a loop empties the wallet overnight.",
    fix: "Put a condition in front that lets only real cases through, and a counter into loops.",
    sources: [
      "help article 155000005678 (premium features)",
      "help article 155000003971 (pro tiers)",
      "platform fact F33",
    ],
  },
  sees: { traits: Trait.premium },
  *find(view) {
    const { reached } = view.derive(reachability);
    const premium = view.stepsWith(Trait.premium).filter((step) => !step.disabled && reached[step.index] === 1);
    if (premium.length === 0) return;
    const parts = view.derive(components);
    const loops = new Map<number, Step[]>();
    const outside: Step[] = [];
    for (const step of premium) {
      const part = parts.of[step.index] as number;
      const loop = loops.get(part);
      if (parts.cyclic[part] !== 1) outside.push(step);
      else if (loop === undefined) loops.set(part, [step]);
      else loop.push(step);
    }
    for (const [part, steps] of loops)
      yield { steps, trigger: null, passSeconds: cycleThrough(view, parts, part, null).seconds };
    if (outside.length > 0) yield* behindDoors(view, outside);
  },
  tell({ steps, trigger, passSeconds }, { workflow }) {
    const named = steps.slice(0, 20);
    const first = named[0];
    const cost = Math.round(steps.length * premiumPrices.perRun * 1000) / 1000;
    const perMonth = trigger === null && passSeconds > 0 ? Math.ceil(MONTH_SECONDS / passSeconds) : null;
    const once = trigger !== null && workflow.settings.reentry !== true;
    return {
      message:
        trigger === null
          ? `${listed(named.map(quoted))} ${steps.length === 1 ? "stands" : "stand"} in a loop and ${steps.length === 1 ? "is" : "are"} billed on every round${passSeconds > 0 ? ` (a round takes ${inWords(passSeconds)})` : ""}.`
          : `${listed(named.map(quoted))} ${steps.length === 1 ? "is" : "are"} billed for everybody who comes in by ${quoted(trigger)}, with no decision in between.`,
      impact: `Each ${trigger === null ? "round" : "entry"} costs at least $${cost.toFixed(2)}, model tokens not included${perMonth === null ? "" : `: up to $${(perMonth * cost).toFixed(2)} a month for one contact`}. Nothing caps it.`,
      fix:
        trigger === null
          ? "Count the rounds in a field and leave the loop when there are enough, or move the billed step in front of the loop."
          : `Put an If/Else behind ${quoted(trigger)} that lets only real cases through to ${first === undefined ? "it" : quoted(first)}.`,
      steps: trigger === null ? named : [...named, trigger],
      ...(first === undefined ? {} : { at: first }),
      hangsOn: trigger === null ? steps.map(({ id }) => id) : [trigger.id],
      severity: trigger === null ? (passSeconds >= SLOW_SECONDS ? "medium" : "high") : once ? "low" : "medium",
      confidence: once ? "possible" : "likely",
      evidence: {
        where: trigger === null ? "loop" : "open door",
        trigger: trigger?.id ?? null,
        premiumSteps: steps.length,
        costPerRunUsd: cost,
        passSeconds: trigger === null ? passSeconds : null,
        runsPerMonthAndContact: perMonth,
        estimate: true,
      },
    };
  },
  wrong: () => [
    {
      title: "in a loop",
      workflow: { actions: [gpt, wait({ days: 1 }), { id: "again", type: "goto", config: { target: "gpt" } }] },
    },
    {
      title: "in a loop of a week, medium",
      workflow: { actions: [gpt, wait({ days: 7 }), { id: "again", type: "goto", config: { target: "gpt" } }] },
    },
    { title: "behind every reply, again and again", workflow: door({ type: "customer_reply" }, [gpt]) },
    { title: "behind an inbound webhook", workflow: door({ type: "inbound_webhook" }, [gpt]) },
    {
      title: "behind a public form, once per contact: for the strict profile",
      workflow: door({ type: "form_submission" }, [gpt], { allowMultiple: false }),
      options: { profile: "strict" },
    },
    {
      title: "several steps behind one door are one finding",
      workflow: door({ type: "customer_reply" }, [gpt, { ...gpt, id: "more" }]),
    },
  ],
  right: () => [
    {
      title: "a decision in between",
      workflow: door({ type: "customer_reply" }, [
        {
          id: "which",
          type: "condition",
          branches: [
            {
              name: "Question",
              conditions: [{ field: "message.body", operator: "contains", value: "?" }],
              actions: [gpt],
            },
            { name: "None", actions: [] },
          ],
        },
      ]),
    },
    {
      title: "certain replies only",
      workflow: door(
        { type: "customer_reply", conditions: [{ field: "message.body", operator: "contains", value: "PRICE" }] },
        [gpt],
      ),
    },
    { title: "a payment is no open door", workflow: door({ type: "payment_received" }, [gpt]) },
    {
      title: "the standard webhook costs nothing",
      workflow: door({ type: "customer_reply" }, [
        { id: "call", type: "webhook", config: { url: "https://api.acme.dental" } },
      ]),
    },
    {
      title: "a public form, once per contact",
      workflow: door({ type: "form_submission" }, [gpt], { allowMultiple: false }),
    },
  ],
});

/** Anybody can come in here, as often as they like, and each time costs. */
function isOpenDoor({ type, conditions }: Trigger): boolean {
  if (type === "customer_reply" || type === "conv_ai_trigger")
    return conditions.every(({ field }) => field === "message.type");
  return openDoors.has(type);
}

const openDoors: ReadonlySet<string> = new Set([
  "form_submission",
  "survey_submission",
  "quiz_submitted",
  "inbound_webhook",
  "funnel_website_pageview",
]);

function* behindDoors(view: View, premium: readonly Step[]): Iterable<State> {
  const triggers = view.workflow.triggers ?? [];
  if (!triggers.some(isOpenDoor)) return;
  const from = view.derive(undecided);
  const byTrigger = new Map<number, Step[]>();
  for (const step of premium) {
    const label = from[step.index] as number;
    if (label < 0) continue;
    const steps = byTrigger.get(label);
    if (steps === undefined) byTrigger.set(label, [step]);
    else steps.push(step);
  }
  for (const [label, steps] of byTrigger) {
    const trigger = triggers[label];
    if (trigger !== undefined) yield { steps, trigger, passSeconds: 0 };
  }
}

/** By which open door a run comes to each step with no decision and no pause on the way. */
const undecided: Analysis<Int32Array> = (view) =>
  spread(
    view,
    startsBy(view, (trigger) => trigger !== null && isOpenDoor(trigger)),
    ({ traits }) => (traits & (Trait.decide | Trait.pause)) === 0,
  );

const gpt = { id: "gpt", type: "chatgpt", name: "Write the answer", config: { promptText: "Say hello" } };

function wait(config: object): object {
  return { id: "hold", type: "wait", config };
}

function door(trigger: object, actions: readonly object[], settings: object = {}): unknown {
  return {
    allowMultiple: true,
    ...settings,
    triggers: [{ id: "start", name: "Start", active: true, ...trigger }],
    actions,
  };
}
