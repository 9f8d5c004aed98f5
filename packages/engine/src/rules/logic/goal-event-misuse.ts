import { NOBODY, spread } from "../../graph/spread.ts";
import type { LocationAnalysis } from "../../location/location-view.ts";
import { referencesInTexts } from "../../location/references.ts";
import { tagUses } from "../../location/tag-uses.ts";
import { listOf, recordOf, textOf } from "../../model/attributes.ts";
import { settingPointer } from "../../model/pointer.ts";
import { Trait } from "../../model/traits.ts";
import { END, type Step } from "../../model/workflow.ts";
import { inOtherLanguages } from "../../text/languages.ts";
import { texts } from "../../text/texts.ts";
import type { View } from "../../view.ts";
import { listed, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface Misuse {
  readonly kind: "several" | "pitch-behind" | "thanks-for-all" | "stuck" | "unset";
  readonly goal: Step;
  readonly others: readonly Step[];
}

export const goalEventMisuse = defineRule<Misuse>({
  meta: {
    code: "LOGIC-009",
    id: "goal-event-misuse",
    category: "logic",
    severity: "medium",
    scope: "W+L",
    title: "A goal that does not do what it is for",
    summary:
      "More than one goal, a goal that holds contacts at the end for ever or (with the whole location given) waits for a tag or link that nothing sets, or, high, a goal with the chase still behind it or with thanks that everybody gets.",
    why: "People who did what was asked keep getting the pitch, or everybody gets the thank-you.",
    fix: "One goal, behind the chase, that ends the run of who has not met it.",
    sources: ["help article 155000003328 (goal event)", "platform fact F19"],
  },
  sees: { types: ["workflow_goal"] },
  partlyUnchecked: (view) => inOtherLanguages(view),
  *find(view) {
    const goals = view.stepsOfType("workflow_goal").filter((step) => !step.disabled);
    const [first] = goals;
    if (first === undefined) return;
    if (goals.length > 1) yield { kind: "several", goal: first, others: goals.slice(1) };
    for (const goal of goals) {
      if (waitsForNothing(view, goal)) yield { kind: "unset", goal, others: [] };
      const policy = textOf(goal.attributes["action"]);
      if (goal.next === END && goal.missing === null) {
        if (/^wait/i.test(policy)) yield { kind: "stuck", goal, others: [] };
        continue;
      }
      const behind = spread(view, [[goal.index, goal.index]], () => true);
      const sayBehind = (kinds: typeof pitches | typeof thanks) =>
        saying(view, kinds).filter((step) => step !== goal && behind[step.index] !== NOBODY);
      const chase = sayBehind(pitches);
      if (chase.length > 0) yield { kind: "pitch-behind", goal, others: chase };
      const thanked = /^(?:continue|next|proceed)/i.test(policy) ? sayBehind(thanks) : [];
      if (thanked.length > 0) yield { kind: "thanks-for-all", goal, others: thanked };
    }
  },
  tell({ kind, goal, others }) {
    const names = listed(others.map(quoted));
    const words = {
      several: {
        message: `${quoted(goal)} is not the only goal: ${names} ${others.length === 1 ? "is" : "are"} in this workflow, too.`,
        impact: "Only one goal of a workflow works; which one, nobody can see.",
        fix: "Keep one goal, and put the other events into its conditions.",
      },
      "pitch-behind": {
        message: `Contacts who meet ${quoted(goal)} jump there and go on with ${names}, which still ask for it.`,
        impact: "People who did what was asked keep getting the pitch.",
        fix: `Move ${quoted(goal)} behind ${names}.`,
      },
      "thanks-for-all": {
        message: `Contacts who have not met ${quoted(goal)} go on all the same, to ${names}.`,
        impact: "Everybody is thanked for what only some have done.",
        fix: `Set ${quoted(goal)} to end the run of contacts who have not met it.`,
      },
      unset: {
        message: `${quoted(goal)} waits for a tag or a trigger link, and no workflow of this location adds that tag or sends that link.`,
        impact: "Unless people or forms do, nobody ever meets the goal: everybody gets the whole chase.",
        fix: `Choose an event in ${quoted(goal)} that happens, or let a workflow add the tag.`,
      },
      stuck: {
        message: `${quoted(goal)} is the last step and holds contacts until they meet it.`,
        impact: "Who never does it stays in the workflow for ever and cannot enter it again.",
        fix: `Set ${quoted(goal)} to end the run.`,
      },
    }[kind];
    return {
      ...words,
      steps: [goal, ...others.slice(0, 30)],
      at: goal,
      hangsOn: kind === "several" ? [kind, ...[goal, ...others].map(({ id }) => id)] : [goal.id, kind],
      evidence: {
        reason: kind,
        ifNotMet: textOf(goal.attributes["action"]),
        steps: others.slice(0, 30).map(({ id }) => id),
      },
      severity: kind === "pitch-behind" || kind === "thanks-for-all" ? "high" : "medium",
      confidence: kind === "unset" ? "possible" : "likely",
    };
  },
  mend({ kind, goal }) {
    const path = kind === "stuck" ? settingPointer(goal, "action") : null;
    return path === null ? null : [{ op: "replace", path, value: "exit" }];
  },
  wrong: () => [
    {
      title: "the chase stands behind the goal",
      workflow: workflow([goal("exit"), text("Are you still interested?")]),
    },
    { title: "everybody is thanked", workflow: workflow([goal("continue"), text("Thanks for booking!")]) },
    { title: "held at the end for ever", workflow: workflow([text("Book your visit."), goal("wait")]) },
    { title: "two goals", workflow: workflow([text("Book your visit."), goal("exit"), goal("exit", "second")]) },
  ],
  right: () => [
    { title: "one goal behind the chase", workflow: workflow([text("Are you still interested?"), goal("exit")]) },
    { title: "thanks only for those who met it", workflow: workflow([goal("exit"), text("Thanks for booking!")]) },
    { title: "held, with more to come", workflow: workflow([goal("wait"), text("Welcome aboard!")]) },
    { title: "no goal", workflow: workflow([text("Are you still interested?")]) },
    {
      title: "a text in French is not judged",
      workflow: workflow([goal("exit"), text("Est-ce que vous êtes toujours intéressé par notre offre ?")]),
    },
  ],
});

const pitches = ["chases", "asksBooking", "asksPayment", "asksSignature"] as const;
const thanks = ["visitBooked", "paidThanks"] as const;

/** With the whole location given: every event that the goal waits for is a tag that no workflow adds, or a link that none sends. */
function waitsForNothing(view: View, goal: Step): boolean {
  const here = view.around();
  if (here === null) return false;
  const events = listOf(goal.attributes["segments"]).flatMap((segment) => listOf(recordOf(segment)["conditions"]));
  if (events.length === 0) return false;
  const uses = here.location.derive(tagUses);
  const sent = here.location.derive(linksSent);
  return events.every((event) => {
    const extras = recordOf(recordOf(event)["extras"]);
    const tags = listOf(extras["tags"]).map((tag) => textOf(tag).trim().toLowerCase());
    const links = listOf(extras["linkIds"]).map(textOf);
    if (tags.length + links.length === 0) return false;
    // A goal may also wait for a tag to go.
    if (/remove/i.test(textOf(recordOf(event)["goal_condition"]))) return false;
    return (
      tags.every((tag) => !uses.get(tag)?.some(({ does }) => does === "adds")) && links.every((link) => !sent.has(link))
    );
  });
}

/** Trigger links that a text of any workflow holds. */
const linksSent: LocationAnalysis<ReadonlySet<string>> = ({ members }) =>
  new Set(
    members.flatMap(({ view }) =>
      view.derive(referencesInTexts).flatMap(({ kind, value }) => (kind === "trigger link" ? [value] : [])),
    ),
  );

/** Messages that say something of these kinds, in document order. */
function saying(view: View, kinds: readonly ((typeof pitches)[number] | (typeof thanks)[number])[]): readonly Step[] {
  const shared = view.derive(texts);
  const steps = new Set(kinds.flatMap((kind) => shared.withPhrase(kind).map(({ step }) => step)));
  return [...steps].filter(({ traits }) => (traits & Trait.send) !== 0).sort((a, b) => a.index - b.index);
}

function goal(action: string, id = "goal"): object {
  return { id, type: "goal", name: "Booked", config: { action, segments: [] } };
}

function text(body: string): object {
  return { id: "text", type: "sms", name: "Text", config: { body } };
}

function workflow(actions: readonly object[]): unknown {
  return { actions };
}
