import { type Components, components } from "../../graph/components.ts";
import { cycleThrough } from "../../graph/cycles.ts";
import { reachability } from "../../graph/reachability.ts";
import type { Member } from "../../location/location-view.ts";
import { takenOutBy } from "../../location/surroundings.ts";
import { Trait } from "../../model/traits.ts";
import { END, type Step } from "../../model/workflow.ts";
import type { View } from "../../view.ts";
import { counted, inWords, listed, quoted } from "../../words.ts";
import { stepsAt } from "../places.ts";
import { defineRule } from "../rule.ts";

interface Trap {
  readonly component: number;
  /** Another workflow that takes contacts out of this one; null when the others are not known. */
  readonly removedBy: Member | undefined | null;
}

export const gotoLoopNoExit = defineRule<Trap>({
  meta: {
    code: "LOOP-002",
    id: "goto-loop-no-exit",
    category: "loops",
    severity: "critical",
    scope: "W+L",
    title: "A loop that no contact can leave",
    summary:
      "A circle of steps with no branch, timeout, goal or removal that leads out, while stop on response is off.",
    why: "Contacts stay enrolled for ever, are messaged for years, and can never enter the workflow again.",
    fix: "Give the loop a way out: a branch that leaves it, a goal event, or a highest number of passes.",
    sources: ["help article 48001202723 (recurring sequences by Go To)", "platform fact F1"],
  },
  sees: "workflow",
  *find(view) {
    const parts = view.derive(components);
    if (parts.cyclicCount === 0 || view.graph.goals.length > 0 || repliesEndIt(view)) return;
    const { reached } = view.derive(reachability);
    const removers = takenOutBy(view);
    const removedBy = removers === null ? null : removers[0]?.member;
    for (let component = parts.count - 1; component >= 0; component--) {
      if (parts.cyclic[component] === 0) continue;
      const member = parts.members[parts.first[component] as number] as number;
      if (reached[member] === 1 && !hasExit(view, parts, component)) yield { component, removedBy };
    }
  },
  tell({ component, removedBy }, view) {
    const parts = view.derive(components);
    const cycle = cycleThrough(view, parts, component, null);
    const steps = stepsAt(view, cycle.steps);
    const size = (parts.first[component + 1] as number) - (parts.first[component] as number);
    const closers = steps.filter((step) => step.type === "goto");
    const first = steps[0];
    const absent = [
      "a branch or timeout that leads out",
      "a goal event",
      "a removal from the workflow",
      "stop on response",
      // Only the others can tell.
      ...(removedBy === undefined ? ["a removal by another workflow"] : []),
    ];
    const remover = removedBy?.view.workflow;
    const until = remover === undefined ? "" : `, unless ${quoted(remover)} takes them out`;
    return {
      message: `Contacts who reach ${quoted(first ?? { name: "" })} go round ${counted(size, "step")} for ever${until}: there is no ${absent.join(", no ")}.`,
      impact:
        cycle.sends > 0
          ? `Every contact keeps getting ${counted(cycle.sends, "message")} ${cycle.seconds > 0 ? `every ${inWords(cycle.seconds)} or more` : "per pass"}, without end, and can never enter this workflow again.`
          : "Contacts never finish, so they can never enter this workflow again.",
      fix: `Let contacts leave before ${listed((closers.length > 0 ? closers : steps.slice(-1)).map(quoted))}: count the passes and branch out, or add a goal event and switch on stop on response.`,
      steps,
      ...(first === undefined ? {} : { at: first }),
      hangsOn: (closers.length > 0 ? closers : steps).map((step) => step.id),
      evidence: {
        loop: steps.map((step) => step.id),
        stepsInLoop: size,
        secondsPerPass: cycle.seconds,
        sendsPerPass: cycle.sends,
        exitsLookedFor: absent,
        ...(removedBy ? { removedBy: removedBy.key } : {}),
      },
      ...(removedBy ? { severity: "medium" as const } : {}),
      // Whether replies end the run is a setting the document may not hold.
      ...(view.workflow.settings.stopOnResponse === null ? { confidence: "likely" as const } : {}),
    };
  },
  wrong: () => [
    {
      title: "a monthly newsletter for ever",
      workflow: {
        settings: { stopOnResponse: false },
        actions: [
          { id: "mail", type: "email", config: { subject: "News", body: "This month" } },
          { id: "hold", type: "wait", config: { days: 30 } },
          { id: "again", type: "goto", config: { target: "mail" } },
        ],
      },
    },
    {
      title: "stop on response ends nothing in a loop that sends nothing",
      workflow: {
        settings: { stopOnResponse: true },
        actions: [
          { id: "call", type: "webhook", config: { method: "POST", url: "https://crm.example/ping" } },
          { id: "hold", type: "wait", config: { days: 1 } },
          { id: "again", type: "goto", config: { target: "call" } },
        ],
      },
    },
  ],
  right: () => [
    {
      title: "a branch leads out",
      workflow: {
        actions: [
          { id: "mail", type: "email", config: { subject: "News", body: "This month" } },
          { id: "hold", type: "wait", config: { days: 30 } },
          {
            id: "more",
            type: "condition",
            branches: [
              { name: "Customer", next: "again" },
              { name: "None", next: null },
            ],
          },
          { id: "again", type: "goto", config: { target: "mail" } },
        ],
      },
    },
    {
      title: "a timeout leads out",
      workflow: {
        actions: [
          { id: "mail", type: "email", config: { subject: "News", body: "Reply for more" } },
          {
            id: "hold",
            type: "wait",
            config: { event: "reply", timeout: { days: 2 } },
            branches: [
              { name: "Replied", next: "again" },
              { name: "Timeout", next: "done" },
            ],
          },
          { id: "again", type: "goto", config: { target: "mail" } },
          { id: "done", type: "add_tag", config: { tags: ["silent"] } },
        ],
      },
    },
    {
      title: "a reply ends the run",
      workflow: {
        settings: { stopOnResponse: true },
        actions: [
          { id: "text", type: "sms", config: { body: "Still looking?" } },
          { id: "hold", type: "wait", config: { days: 7 } },
          { id: "again", type: "goto", config: { target: "text" } },
        ],
      },
    },
    {
      title: "a goal takes contacts out",
      workflow: {
        workflow: {
          stopOnResponse: false,
          workflowData: {
            templates: [
              { id: "mail", type: "email", attributes: { subject: "News", html: "<p>x</p>" }, next: "hold" },
              {
                id: "hold",
                type: "wait",
                attributes: { type: "time", startAfter: { type: "days", value: 30 } },
                next: "again",
              },
              { id: "again", type: "goto", attributes: { targetNodeId: "mail" } },
              { id: "goal", type: "workflow_goal", attributes: { action: "exit", segments: [] } },
            ],
          },
        },
      },
    },
    {
      title: "a wait that ends the run when its date has passed",
      workflow: {
        workflow: {
          stopOnResponse: false,
          workflowData: {
            templates: [
              { id: "text", type: "sms", attributes: { body: "Reminder" }, next: "hold" },
              {
                id: "hold",
                type: "wait",
                attributes: { type: "appointment", appointmentCondition: "exit" },
                next: "again",
              },
              { id: "again", type: "goto", attributes: { targetNodeId: "text" } },
            ],
          },
        },
      },
    },
  ],
});

/** Stop on response ends a run when the contact answers a message of this workflow (platform fact F5), so it needs one. */
function repliesEndIt(view: View): boolean {
  return view.workflow.settings.stopOnResponse === true && (view.traits & Trait.send) !== 0;
}

function hasExit(view: View, parts: Components, component: number): boolean {
  const { firstEdge, edgeTarget } = view.graph;
  const last = parts.first[component + 1] as number;
  for (let at = parts.first[component] as number; at < last; at++) {
    const node = parts.members[at] as number;
    const step = view.workflow.steps[node] as Step;
    if (step.branches.some((branch) => branch.target === END) || endsWhenPassed(step)) return true;
    const lastEdge = firstEdge[node + 1] as number;
    for (let edge = firstEdge[node] as number; edge < lastEdge; edge++) {
      if (parts.of[edgeTarget[edge] as number] !== component) return true;
    }
  }
  return false;
}

function endsWhenPassed({ type, attributes }: Step): boolean {
  return (
    type === "wait" && (attributes["appointmentCondition"] === "exit" || attributes["specificDatePassed"] === "exit")
  );
}
