import { wiring } from "../../location/wiring.ts";
import { END } from "../../model/workflow.ts";
import { counted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface Idle {
  /** Triggers without a single step behind them; else steps without a trigger in front of them. */
  readonly empty: boolean;
  /** Workflows that were searched for a hand-over to this one; null: the others are not known. */
  readonly searched: number | null;
}

export const nothingCanStartIt = defineRule<Idle>({
  meta: {
    code: "GRAPH-001",
    id: "nothing-can-start-it",
    category: "graph",
    severity: "high",
    scope: "W+L",
    title: "A workflow that starts nothing, or that nothing starts",
    summary:
      "A workflow without a single step (high), or one in use without any trigger to which no other workflow hands over. As long as the other workflows are not given, the latter is a note.",
    why: "Leads come in and nothing follows, and no error is ever shown.",
    fix: "Add the steps, or add a trigger. A workflow that others start needs none.",
    sources: ["help article 155000002554 (Add to Workflow: the target needs no trigger)", "platform fact F23"],
  },
  sees: "workflow",
  unchecked: ({ workflow }) =>
    workflow.triggers === null && workflow.entry !== END ? "needs the workflow's triggers" : null,
  *find(view) {
    const { workflow } = view;
    if (workflow.entry === END) yield { empty: true, searched: null };
    else if (workflow.triggers?.length === 0 && workflow.status !== "draft") {
      const here = view.around();
      if (here === null) yield { empty: false, searched: null };
      else if (!here.location.derive(wiring).callers[here.self.at]?.some(({ member }) => member.inUse))
        yield { empty: false, searched: here.location.members.length - 1 };
    }
  },
  tell({ empty, searched }, { workflow }) {
    const triggers = workflow.triggers ?? [];
    if (empty) {
      return {
        message: `The workflow has ${triggers.length === 0 ? "no steps" : `${counted(triggers.length, "trigger")} and no steps`}.`,
        impact: "Contacts enter and leave again in the same moment: nothing is sent, and nobody is told.",
        fix: "Add the steps, or set the workflow to draft until they are there.",
        steps: triggers.slice(0, 50),
        at: null,
        evidence: { steps: 0, triggers: triggers.length },
      };
    }
    if (searched !== null)
      return {
        message: `The workflow has no trigger, and none of the other ${counted(searched, "workflow")} hands over to it.`,
        impact: "Unless your team or an app puts contacts in, it never runs, and no error says so.",
        fix: "Add a trigger, or add a step to the workflow that should start it. If contacts are put in by hand or in bulk, all is well.",
        steps: [],
        at: workflow.steps[workflow.entry] ?? null,
        evidence: { steps: workflow.steps.length, triggers: 0, callersSearched: searched },
        confidence: "possible",
      };
    return {
      message:
        "The workflow has no trigger of its own. It works only for contacts who are put into it by another workflow, by hand, in bulk or by an app.",
      impact: "When nobody puts contacts in, it never runs, and no error says so.",
      fix: "If another workflow or your team starts it, all is well. Otherwise add a trigger.",
      steps: [],
      at: workflow.steps[workflow.entry] ?? null,
      evidence: { steps: workflow.steps.length, triggers: 0, callersSearched: "not given" },
      severity: "info",
    };
  },
  wrong: () => [
    { title: "a trigger and nothing behind it", workflow: started([{ id: "t", type: "form_submission" }], []) },
    { title: "no step and no trigger", workflow: started([], []) },
    { title: "steps that no trigger starts, as a note", workflow: started([], [text]) },
  ],
  right: () => [
    { title: "a trigger and a step", workflow: started([{ id: "t", type: "form_submission" }], [text]) },
    { title: "a draft may still get its trigger", workflow: started([], [text], "draft") },
    {
      title: "a trigger that is switched off is another fault",
      workflow: started([{ id: "t", type: "form_submission", active: false }], [text]),
    },
    { title: "triggers that were not supplied are not missing", workflow: { actions: [text] } },
  ],
});

const text = { id: "text", type: "sms", config: { body: "Hi" } };

function started(triggers: readonly object[], actions: readonly object[], status = "published"): unknown {
  return { id: "w", name: "Example", status, triggers, actions };
}
