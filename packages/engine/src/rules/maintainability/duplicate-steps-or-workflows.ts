import { sameSettings } from "../../model/same-settings.ts";
import { Trait } from "../../model/traits.ts";
import { END, type Step } from "../../model/workflow.ts";
import { quoted } from "../../words.ts";
import { exampleWorkflow, sms } from "../logic/example-workflow.ts";
import { defineRule } from "../rule.ts";

interface Twice {
  readonly first: Step;
  readonly second: Step;
}

/** Steps that do something, apart from messages: those are CONT-008's. */
const ACTING =
  Trait.internal |
  Trait.writesContact |
  Trait.opportunity |
  Trait.appointment |
  Trait.payment |
  Trait.outbound |
  Trait.ai;

export const duplicateStepsOrWorkflows = defineRule<Twice>({
  meta: {
    code: "MAINT-003",
    id: "duplicate-steps-or-workflows",
    category: "maintainability",
    severity: "low",
    scope: "W+L",
    title: "The same step twice in a row",
    summary:
      "Two steps of one type with the same settings, one directly behind the other. With the other workflows: two in use that start on the same trigger and share four steps of five or more.",
    why: "The second does nothing new or does it twice, and a later change is made in one of them only.",
    fix: "Delete one of the two.",
    sources: ["reasoned"],
  },
  sees: { traits: ACTING },
  find(view) {
    const { steps } = view.workflow;
    const found: Twice[] = [];
    for (const first of view.stepsWith(ACTING)) {
      const second = first.next === END ? undefined : steps[first.next];
      if (second === undefined || second.type !== first.type || second === first) continue;
      if ((first.traits & Trait.send) !== 0 || first.disabled || second.disabled) continue;
      if (sameSettings(first.attributes, second.attributes)) found.push({ first, second });
    }
    return found;
  },
  tell({ first, second }) {
    return {
      message: `${quoted(first)} and ${quoted(second)} are the same step, one behind the other.`,
      impact: "Everything in it happens twice, and whoever changes one forgets the other.",
      fix: "Delete one of them.",
      steps: [second, first],
      evidence: { type: first.type, similarity: 1 },
      hangsOn: [first.id, second.id],
    };
  },
  wrong: () => [
    { title: "the same tag twice", workflow: exampleWorkflow([tag("a", "lead"), tag("b", "lead")]) },
    { title: "the same alert twice", workflow: exampleWorkflow([alert("a"), alert("b")]) },
  ],
  right: () => [
    { title: "two tags", workflow: exampleWorkflow([tag("a", "lead"), tag("b", "roof")]) },
    { title: "two messages alike are another rule's", workflow: exampleWorkflow([sms("a"), sms("b")]) },
    {
      title: "two waits in a row add up",
      workflow: {
        actions: [
          { id: "a", type: "wait", config: { days: 1 } },
          { id: "b", type: "wait", config: { days: 1 } },
        ],
      },
    },
    {
      title: "the same tag on two branches' ends",
      workflow: exampleWorkflow([tag("a", "lead"), alert("b"), tag("c", "lead")]),
    },
  ],
});

function tag(id: string, name: string) {
  return { id, type: "add_contact_tag", name: `Tag ${id}`, attributes: { tags: [name] } };
}

function alert(id: string) {
  return {
    id,
    type: "internal_notification",
    name: `Alert ${id}`,
    attributes: { type: "sms", sms: { body: "New lead", userType: "assign" } },
  };
}
