import { Notice, noticed } from "../../conditions/noticed.ts";
import { waitedSince } from "../../graph/waited-since.ts";
import { Trait } from "../../model/traits.ts";
import { END, type Step } from "../../model/workflow.ts";
import { inOtherLanguages } from "../../text/languages.ts";
import { texts } from "../../text/texts.ts";
import type { View } from "../../view.ts";
import { inWords, listed, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface Unscreened {
  readonly ask: Step;
  readonly screens: readonly Step[];
  readonly seconds: number;
}

const DAY = 86_400;

export const askScreenedOnlyAtEntry = defineRule<Unscreened>({
  meta: {
    code: "LIFE-004",
    id: "ask-screened-only-at-entry",
    category: "lifecycle",
    severity: "medium",
    scope: "W",
    title: "Asked for a review a day after the last look",
    summary:
      "A review or referral request that was screened by an If/Else before a wait of a day or more, and not again when it goes out.",
    why: "The person who complained meanwhile is asked for five stars.",
    fix: "Ask again right in front of the request.",
    sources: ["reasoned"],
  },
  sees: { traits: Trait.decide },
  partlyUnchecked: (view) => ((view.traits & Trait.send) === 0 ? null : inOtherLanguages(view)),
  *find(view) {
    if ((view.traits & Trait.send) === 0 || view.graph.goals.length > 0) return;
    const asks = reviewAsks(view);
    if (asks.length === 0) return;
    const noticedBy = view.derive(noticed);
    const isScreen = (step: Step) => (step.traits & Trait.decide) !== 0 && (noticedBy(step) & Notice.any) !== 0;
    const screens = view.stepsWith(Trait.decide).filter(isScreen);
    if (screens.length === 0) return;
    const starts = screens.flatMap(({ branches }) => branches.map(({ target }) => target)).filter((to) => to !== END);
    const waited = waitedSince(view, starts, (step) => !isScreen(step));
    for (const ask of asks) {
      const seconds = waited[ask.index] as number;
      if (seconds >= DAY) yield { ask, screens, seconds };
    }
  },
  tell: ({ ask, screens, seconds }) => ({
    message: `${quoted(ask)} asks for a review or a recommendation up to ${inWords(seconds)} after the last question (${listed(screens.map(quoted))}) that could have kept somebody out.`,
    impact: "A customer who complained in between is asked for five stars, and answers in public.",
    fix: `Put the question once more right in front of ${quoted(ask)}.`,
    steps: [ask, ...screens.slice(0, 10)],
    at: ask,
    hangsOn: [ask.id],
    evidence: { screenedBy: screens.slice(0, 10).map(({ id }) => id), secondsSince: seconds },
    confidence: "likely",
  }),
  wrong: () => [
    {
      title: "happy today, asked in three days",
      workflow: screened([wait({ days: 3 }), text("Would you leave us a review?")]),
    },
    {
      title: "the review step itself",
      workflow: screened([wait({ days: 1 }), { id: "ask", type: "review_request", config: {} }]),
    },
    {
      title: "short waits add up",
      workflow: screened([wait({ hours: 12 }), wait({ hours: 12 }, "more"), text("Refer a friend!")]),
    },
    { title: "in German", workflow: screened([wait({ days: 2 }), text("Bewerten Sie uns!")]) },
  ],
  right: () => [
    { title: "asked an hour later", workflow: screened([wait({ hours: 1 }), text("Would you leave us a review?")]) },
    {
      title: "screened again",
      workflow: screened([
        wait({ days: 3 }),
        {
          id: "again",
          type: "condition",
          branches: [
            { name: "Still happy", conditions: [happy], actions: [text("Would you leave us a review?")] },
            { name: "None", next: null },
          ],
        },
      ]),
    },
    {
      title: "nobody is screened at all",
      workflow: { actions: [wait({ days: 3 }), text("Would you leave us a review?")] },
    },
    { title: "another message", workflow: screened([wait({ days: 3 }), text("Here is your care guide.")]) },
    {
      title: "a text in French is not judged",
      workflow: screened([wait({ days: 3 }), text("Pouvez-vous nous laisser un avis sur votre visite ?")]),
    },
  ],
});

function reviewAsks(view: View): readonly Step[] {
  const asks = new Set<Step>(view.stepsOfType("review_request").filter(({ disabled }) => !disabled));
  for (const { step } of view.derive(texts).withPhrase("asksReview"))
    if ((step.traits & Trait.send) !== 0) asks.add(step);
  return [...asks].sort((a, b) => a.index - b.index);
}

const happy = { field: "contact.tags", operator: "index-of-true", value: ["happy"] };

function screened(actions: readonly object[]): unknown {
  return {
    actions: [
      {
        id: "screen",
        type: "condition",
        branches: [
          { name: "Happy", conditions: [happy], actions },
          { name: "None", next: null },
        ],
      },
    ],
  };
}

function wait(config: object, id = "hold"): object {
  return { id, type: "wait", config };
}

function text(body: string): object {
  return { id: "ask", type: "sms", name: "Ask", config: { body } };
}
