import { triggerTypeOf } from "../../domain/trigger-types.ts";
import { leastDelay, NEVER } from "../../graph/least-delay.ts";
import { startsBy } from "../../graph/spread.ts";
import { waitTimings } from "../../graph/wait-timings.ts";
import { Trait } from "../../model/traits.ts";
import type { Step, Trigger } from "../../model/workflow.ts";
import type { View } from "../../view.ts";
import { inWords, listed, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface Late {
  readonly triggers: readonly Trigger[];
  readonly first: Step;
  readonly seconds: number;
}

export const firstTouchDelayed = defineRule<Late>({
  meta: {
    code: "LIFE-001",
    id: "first-touch-delayed",
    category: "lifecycle",
    severity: "high",
    scope: "W",
    title: "New leads wait for the first answer",
    summary:
      "A new lead comes in, and the first message stands behind a wait of more than 5 minutes (a setting). A sending window alone is fine: the law asks for it.",
    why: "Leads go to whoever answers first.",
    fix: "Answer at once, and put only the follow-ups behind waits.",
    settings: [
      { key: "minutes", type: "number", default: 5, description: "A first message later than this is reported." },
    ],
    sources: ["reasoned"],
  },
  sees: { traits: Trait.send },
  unchecked: ({ workflow }) => (workflow.triggers === null ? "needs the workflow's triggers" : null),
  *find(view, settings) {
    const triggers = (view.workflow.triggers ?? []).filter(
      ({ type, active }) => active && triggerTypeOf(type)?.leadCapture === true,
    );
    if (triggers.length === 0 || view.derive(waitTimings).ofKind.time.length === 0) return;
    const starts = startsBy(view, (trigger) => trigger !== null && triggers.includes(trigger));
    const limit = typeof settings["minutes"] === "number" ? settings["minutes"] * 60 : 300;
    const sources = starts.map(([node]) => node);
    if (earliest(view, leastDelay(view.graph, sources, limit)) !== null) return;
    const seconds = leastDelay(view.graph, sources);
    const first = earliest(view, seconds);
    if (first !== null) yield { triggers, first, seconds: seconds[first.index] as number };
  },
  tell: ({ triggers, first, seconds }) => ({
    message: `A lead who comes in by ${listed(triggers.map(quoted))} hears nothing before ${quoted(first)}, ${inWords(seconds)} later at the earliest.`,
    impact: "By then many have spoken with whoever answered first.",
    fix: "Send a first answer at once, in front of the wait, and keep the wait for what follows.",
    steps: [first, ...triggers.slice(0, 20)],
    at: first,
    hangsOn: triggers.slice(0, 20).map(({ id }) => id),
    evidence: {
      leastDelaySeconds: seconds,
      firstMessage: first.id,
      triggerTypes: triggers.slice(0, 20).map(({ type }) => type),
    },
    confidence: "likely",
  }),
  wrong: () => [
    { title: "an hour of silence behind a form", workflow: workflow("form_submission", [wait({ hours: 1 }), text]) },
    { title: "a lead ad", workflow: workflow("facebook_lead_gen", [wait({ minutes: 10 }), text]) },
    {
      title: "a stricter setting",
      workflow: workflow("form_submission", [wait({ minutes: 3 }), text]),
      options: { rules: { "LIFE-001": { settings: { minutes: 1 } } } },
    },
  ],
  right: () => [
    {
      title: "answered at once, followed up later",
      workflow: workflow("form_submission", [text, wait({ days: 1 }), { ...text, id: "two" }]),
    },
    { title: "two minutes look human", workflow: workflow("form_submission", [wait({ minutes: 2 }), text]) },
    {
      title: "a sending window is not a delay",
      workflow: {
        ...workflow("form_submission", [text, wait({ days: 1 })]),
        timeWindow: { days: [1, 2, 3, 4, 5], start: "09:00", end: "17:00" },
      },
    },
    {
      title: "your team calls first",
      workflow: workflow("form_submission", [{ id: "call", type: "manual_call" }, wait({ days: 1 }), text]),
    },
    { title: "a tag is no new lead", workflow: workflow("contact_tag", [wait({ days: 1 }), text]) },
    {
      title: "a cool-off that is accepted with its reason",
      workflow: workflow("form_submission", [wait({ hours: 1 }), text]),
      options: { rules: { "LIFE-001": { settings: { minutes: 90 } } } },
    },
  ],
});

const text = {
  id: "text",
  type: "sms",
  name: "First text",
  config: { body: "Acme Dental: thanks for asking. Reply STOP to unsubscribe." },
};

function wait(config: object): object {
  return { id: "hold", type: "wait", config };
}

function workflow(type: string, actions: readonly object[]): object {
  return { triggers: [{ id: "t", type }], actions };
}

/** The message, or the call or text by hand, that comes first of those that are reached. */
function earliest(view: View, seconds: Float64Array): Step | null {
  let first: Step | null = null;
  for (const step of view.stepsWith(Trait.send | Trait.internal)) {
    if ((step.traits & Trait.send) === 0 && !step.type.startsWith("manual-")) continue;
    const time = seconds[step.index] as number;
    if (time !== NEVER && (first === null || time < (seconds[first.index] as number))) first = step;
  }
  return first;
}
