import { noticed } from "../../conditions/noticed.ts";
import { waitTimings } from "../../graph/wait-timings.ts";
import { waitedSince } from "../../graph/waited-since.ts";
import { startsOn, takenOutBy } from "../../location/surroundings.ts";
import { Trait } from "../../model/traits.ts";
import type { Step } from "../../model/workflow.ts";
import { inOtherLanguages } from "../../text/languages.ts";
import { texts } from "../../text/texts.ts";
import type { View } from "../../view.ts";
import { inWords, listed, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface Stale {
  readonly sends: readonly Step[];
  readonly seconds: number;
}

const DAY = 86_400;

/** By which another workflow learns that the contact needs no more persuading. */
const changesOfMind: ReadonlySet<string> = new Set([
  ...["customer_appointment", "appointment", "service_booking", "rental_booking"],
  ...["payment_received", "order_submission", "two_step_form_submission", "invoice", "shopify_order_placed"],
  ...["proposal_estimate_update", "estimate_update", "customer_reply"],
]);

export const staleEligibility = defineRule<Stale>({
  meta: {
    code: "LOGIC-007",
    id: "stale-eligibility",
    category: "logic",
    severity: "medium",
    scope: "W+L",
    title: '"Still interested?" to somebody who bought yesterday',
    summary:
      "A message that sells or asks again, a day or more after the contact came in, with no question, goal or wait for a reply that could notice what happened meanwhile.",
    why: "Clients who paid or booked yesterday are asked whether they are still interested.",
    fix: "Add a goal event, ask again in front of each message, or let the workflow for new clients take them out of this one.",
    sources: [
      "nation.marketo.com (impact of wait steps on qualification)",
      "tkturners.com/blog/ghl-workflow-automation-best-practices",
    ],
  },
  sees: { traits: Trait.send },
  partlyUnchecked: (view) => (view.derive(waitTimings).ofKind.time.length > 0 ? inOtherLanguages(view) : null),
  *find(view) {
    if (view.graph.goals.length > 0) return;
    const pitches = pitchesOf(view);
    if (pitches.length === 0) return;
    const { of, ofKind } = view.derive(waitTimings);
    if (ofKind.time.length === 0) return;
    const noticedBy = view.derive(noticed);
    const { entries } = view.graph;
    const starts: number[] = [];
    for (let at = 0; at < entries.length; at += 2) starts.push(entries[at] as number);
    const waited = waitedSince(view, starts, (step, seconds) => {
      if (of[step.index]?.kind === "date") return false;
      // What is asked before any wait cannot notice what happens later.
      return noticedBy(step) === 0 || (seconds === 0 && step.type !== "wait");
    });
    const sends = pitches.filter(({ index }) => (waited[index] as number) >= DAY);
    if (sends.length === 0) return;
    if (takenOutBy(view)?.some(({ member }) => startsOn(member, changesOfMind))) return;
    yield { sends, seconds: Math.max(...sends.map(({ index }) => waited[index] as number)) };
  },
  tell({ sends, seconds }, view) {
    const replies = view.workflow.settings.stopOnResponse === true;
    return {
      message: `${listed(sends.map(quoted))} ${sends.length === 1 ? "goes" : "go"} out up to ${inWords(seconds)} after the contact came in, and nothing on the way asks whether they have booked, bought or declined meanwhile.`,
      impact: "Somebody who became a client yesterday is asked whether they are still interested.",
      fix: `Add a goal event, or an If/Else in front of ${listed(sends.map(quoted))} that lets out who no longer needs it.`,
      steps: sends.slice(0, 50),
      hangsOn: sends.slice(0, 50).map(({ id }) => id),
      evidence: { sends: sends.slice(0, 50).map(({ id }) => id), secondsSinceEntry: seconds, stopOnResponse: replies },
      confidence: replies ? "possible" : "likely",
    };
  },
  wrong: () => [
    { title: "still interested, three days later", workflow: later([text("Are you still interested?")]) },
    { title: "an offer after a day", workflow: later([text("20% off your first visit")]) },
    {
      title: "asked at the door, not since",
      workflow: {
        actions: [
          {
            id: "ask",
            type: "condition",
            branches: [
              { name: "Client", next: null, conditions: [client] },
              { name: "None", next: "hold" },
            ],
          },
          wait,
          text("Are you still interested?"),
        ],
      },
    },
    { title: "in Spanish", workflow: later([text("¿Todavía te interesa?")]) },
    { title: "in German", workflow: later([text("Haben Sie noch Interesse?")]) },
  ],
  right: () => [
    {
      title: "asked again in front of it",
      workflow: later([
        {
          id: "ask",
          type: "condition",
          branches: [
            { name: "Client", next: null, conditions: [client] },
            { name: "None", actions: [text("Are you still interested?")] },
          ],
        },
      ]),
    },
    {
      title: "a goal",
      workflow: later([
        text("Are you still interested?"),
        { id: "goal", type: "goal", config: { action: "exit", segments: [] } },
      ]),
    },
    {
      title: "a wait for the reply notices it",
      workflow: {
        actions: [
          { ...text("Hello"), id: "first" },
          { id: "hold", type: "wait", config: { event: "reply", timeout: { days: 2 } } },
          text("Are you still interested?"),
        ],
      },
    },
    { title: "a series that teaches", workflow: later([text("Part two of the guide is in your inbox.")]) },
    {
      title: "the same hour",
      workflow: { actions: [{ id: "hold", type: "wait", config: { hours: 1 } }, text("Are you still interested?")] },
    },
    {
      title: "a text in French is not judged",
      workflow: later([text("Est-ce que vous êtes toujours intéressé par notre offre ?")]),
    },
  ],
});

function pitchesOf(view: View): readonly Step[] {
  const shared = view.derive(texts);
  const said = [...shared.withPhrase("chases"), ...shared.withPhrase("promotional")];
  if (said.length === 0) return [];
  return [...new Set(said.map(({ step }) => step))]
    .filter(({ traits }) => (traits & Trait.send) !== 0)
    .sort((a, b) => a.index - b.index);
}

const client = { field: "contact.tags", operator: "index-of-true", value: ["client"] };
const wait = { id: "hold", type: "wait", config: { days: 3 } };

function text(body: string): object {
  return { id: "text", type: "sms", name: "Text", config: { body } };
}

function later(actions: readonly object[]): unknown {
  return { actions: [wait, ...actions] };
}
