import { type Copy, copies } from "../../location/copies.ts";
import type { Member } from "../../location/location-view.ts";
import { listed, quoted } from "../../words.ts";
import { hopOf, named } from "../hops.ts";
import { addTag, flow, hold, onForm, onTag, text, write } from "../location-example.ts";
import { defineLocationRule } from "../location-rule.ts";
import { duplicateStepsOrWorkflows } from "./duplicate-steps-or-workflows.ts";

interface Alike {
  readonly original: Member;
  readonly all: readonly Copy[];
}

/** What MAINT-003 sees of a whole location. */
export const duplicateWorkflows = defineLocationRule<Alike>({
  meta: {
    ...duplicateStepsOrWorkflows.meta,
    title: "Workflows that do the same",
    why: "A later change is made in one of them only, and whatever they do happens twice.",
    fix: "Keep one of them, or let both call a shared one.",
  },
  *find(location) {
    const among = [...location.derive(copies).values()].filter(({ copy }) => copy.inUse);
    for (const [original, all] of Map.groupBy(among, (one) => one.original)) yield { original, all };
  },
  tell({ original, all }, location) {
    const members = [original, ...all.map(({ copy }) => copy)];
    const least = Math.min(...all.map(({ similarity }) => similarity));
    const much = least === 1 ? "the same steps" : "nearly the same steps";
    const names = listed(members.map(named));
    return {
      message: `${names} start on the same trigger and take ${much}.`,
      impact: "Everything in them happens twice to whoever comes in, and a change in one leaves the other as it was.",
      fix: `Keep ${named(original)} and archive the rest; if each is needed, let them call one workflow for what they share.`,
      members,
      places: all.map(({ copy, trigger }) => ({ member: copy, place: trigger })),
      hops: all.slice(0, 20).map(({ copy, trigger, onlyInCopy }) =>
        hopOf(location, {
          member: copy,
          trigger,
          step: copy.view.workflow.steps[copy.view.workflow.entry] ?? null,
          effect:
            onlyInCopy.length === 0
              ? `does what ${named(original)} does`
              : `does what ${named(original)} does, but for ${listed(onlyInCopy.map(quoted))}`,
          seconds: 0,
        }),
      ),
      evidence: {
        original: original.key,
        copies: all.slice(0, 20).map(({ copy, similarity, onlyInCopy }) => ({
          workflow: copy.key,
          similarity: Math.round(similarity * 100) / 100,
          onlyThere: onlyInCopy.slice(0, 20).map(({ id }) => id),
        })),
      },
      confidence: least === 1 ? "certain" : "likely",
      hangsOn: members.map(({ key }) => key),
    };
  },
  wrong: () => [
    {
      title: "the same steps on the same form",
      workflows: [flow("a", onForm("f"), [addTag("lead"), text]), flow("b", onForm("f"), [addTag("lead"), text])],
    },
    {
      title: "a copy in which one message was changed",
      workflows: [flow("a", onForm("f"), five("Welcome")), flow("b", onForm("f"), five("Welcome!"))],
    },
    {
      title: "three copies are one finding",
      workflows: ["a", "b", "c"].map((id) => flow(id, onTag("lead"), [write("source", "web"), text])),
    },
  ],
  right: () => [
    {
      title: "the same steps on another form",
      workflows: [flow("a", onForm("f"), [addTag("lead"), text]), flow("b", onForm("g"), [addTag("lead"), text])],
    },
    {
      title: "half of the steps differ",
      workflows: [flow("a", onForm("f"), [addTag("lead"), text]), flow("b", onForm("f"), [addTag("roof"), text])],
    },
    {
      title: "the same start of a longer one",
      workflows: [flow("a", onForm("f"), five("Welcome")), flow("b", onForm("f"), five("Welcome").slice(0, 3))],
    },
    {
      title: "one of them is a draft: MAINT-002 names it",
      workflows: [
        flow("a", onForm("f"), [addTag("lead"), text]),
        flow("b", onForm("f"), [addTag("lead"), text], { status: "draft" }),
      ],
    },
    {
      title: "one step in common says nothing",
      workflows: [flow("a", onForm("f"), [text]), flow("b", onForm("f"), [text])],
    },
  ],
});

function five(greeting: string): readonly object[] {
  return [
    addTag("lead"),
    { id: "hello", type: "sms", name: "Greet", config: { body: greeting } },
    hold({ days: 1 }),
    write("source", "web"),
    text,
  ];
}
