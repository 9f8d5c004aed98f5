import { reachability } from "../../graph/reachability.ts";
import type { Step } from "../../model/workflow.ts";
import { listed, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface DeadEnd {
  readonly terminal: Step;
  /** First steps behind it that no other way leads to. */
  readonly dead: readonly Step[];
}

export const stepsAfterTerminal = defineRule<DeadEnd>({
  meta: {
    code: "GRAPH-005",
    id: "steps-after-terminal",
    category: "graph",
    severity: "medium",
    scope: "W",
    title: "Steps behind the end of the run",
    summary:
      "A step whose only way in is behind a Go To, a Remove from Workflow that includes this workflow, a Delete Contact or the end of a conversation.",
    why: "Tag clean-ups, alerts and hand-offs that stand behind the exit never happen.",
    fix: "Move the steps in front of the exit.",
    sources: ["help article 155000002553 (remove from workflow)", "reasoned"],
  },
  sees: "workflow",
  *find(view) {
    const { cut } = view.graph;
    const { reached } = view.derive(reachability);
    for (let at = 0; at < cut.length; ) {
      const from = cut[at] as number;
      const dead: Step[] = [];
      for (; cut[at] === from; at += 2) {
        const behind = view.workflow.steps[cut[at + 1] as number];
        if (behind !== undefined && reached[behind.index] === 0) dead.push(behind);
      }
      const terminal = view.workflow.steps[from];
      if (terminal !== undefined && dead.length > 0 && reached[from] === 1) yield { terminal, dead };
    }
  },
  tell({ terminal, dead }) {
    const names = listed(dead.map(quoted));
    const leaves = terminal.type === "goto" ? "jumps to another step" : "ends the run";
    return {
      message: `${quoted(terminal)} ${leaves}, so ${names} behind it ${dead.length === 1 ? "is" : "are"} never reached.`,
      impact: "What stands there never happens for any contact.",
      fix: `Move ${names} in front of ${quoted(terminal)}, or delete ${dead.length === 1 ? "it" : "them"}.`,
      steps: [terminal, ...dead.slice(0, 20)],
      at: terminal,
      hangsOn: [terminal.id, ...dead.slice(0, 20).map((step) => step.id)],
      evidence: {
        endsAt: terminal.id,
        endsBy: terminal.type,
        firstDeadSteps: dead.slice(0, 20).map((step) => step.id),
      },
      // What still runs after a contact was removed is not spelled out in HighLevel's documentation.
      confidence: terminal.type === "goto" ? "certain" : "likely",
    };
  },
  wrong: () => [
    {
      title: "a hand-off behind Remove from all workflows",
      workflow: builder([
        { id: "out", type: "remove_from_workflow", attributes: { allWorkflows: true }, next: "hand-off" },
        { id: "hand-off", type: "add_to_workflow", attributes: { workflow_id: "nurture" } },
      ]),
    },
    {
      title: "an alert behind a Go To",
      workflow: builder([
        { id: "text", type: "sms", attributes: { body: "Hi" }, next: "hold" },
        {
          id: "hold",
          type: "wait",
          attributes: { type: "time", startAfter: { type: "days", value: 3 } },
          next: "back",
        },
        { id: "back", type: "goto", attributes: { targetNodeId: "text" }, next: "alert" },
        { id: "alert", type: "internal_notification", attributes: { type: "notification" } },
      ]),
    },
  ],
  right: () => [
    {
      title: "removing from another workflow goes on here",
      workflow: builder([
        { id: "out", type: "remove_from_workflow", attributes: { workflow_id: ["other"] }, next: "tag" },
        { id: "tag", type: "add_contact_tag", attributes: { tags: ["moved"] } },
      ]),
    },
    {
      title: "all except current goes on here",
      workflow: builder([
        {
          id: "out",
          type: "remove_from_workflow",
          attributes: { allWorkflows: true, includeCurrent: false },
          next: "tag",
        },
        { id: "tag", type: "add_contact_tag", attributes: { tags: ["moved"] } },
      ]),
    },
    {
      title: "another way leads to the step as well",
      workflow: builder([
        {
          id: "choice",
          type: "if_else",
          nodeType: "condition-node",
          attributes: { branches: [] },
          next: ["out", "tag"],
        },
        { id: "out", type: "remove_from_workflow", attributes: { includeCurrent: true }, next: "tag" },
        { id: "tag", type: "add_contact_tag", attributes: { tags: ["stayed"] } },
      ]),
    },
  ],
});

function builder(templates: readonly unknown[]): unknown {
  return { workflow: { id: "w", name: "Example", status: "published", workflowData: { templates } } };
}
