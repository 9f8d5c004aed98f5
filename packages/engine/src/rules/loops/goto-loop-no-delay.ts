import { loopLockNarrow, loopLockWide, safeSecondsPerPass } from "../../domain/loop-lock.ts";
import { type Cycle, fastCycles, pauseFreeCycles } from "../../graph/cycles.ts";
import type { Step } from "../../model/workflow.ts";
import type { View } from "../../view.ts";
import { counted, inWords, quoted } from "../../words.ts";
import { stepsAt } from "../places.ts";
import { defineRule } from "../rule.ts";

/** The cycle is worked out when it is told: a dense graph can hold very many. */
interface HotLoop {
  readonly pauseFree: boolean;
  readonly cycle: () => Cycle;
}

export const gotoLoopNoDelay = defineRule<HotLoop>({
  meta: {
    code: "LOOP-001",
    id: "goto-loop-no-delay",
    category: "loops",
    severity: "critical",
    scope: "W",
    title: "A loop runs round without a pause",
    summary:
      "A circle of steps without any wait, or with waits so short that HighLevel's Loop Lock (about 50 executions in 30 minutes) is reached.",
    why: "One contact gets a burst of messages within seconds, then HighLevel locks the workflow and only its support can unlock it.",
    fix: "Put a wait inside the loop, and a way out of it.",
    sources: [
      "platform fact F21 (sources disagree on what is counted, so both readings are shown)",
      "help article 48001196760 (Go To)",
    ],
  },
  sees: "workflow",
  *find(view) {
    for (const cycle of view.derive(pauseFreeCycles)) yield { pauseFree: true, cycle: () => cycle };
    for (const { cycle } of fastCycles(view, safeSecondsPerPass(loopLockWide, 1))) yield { pauseFree: false, cycle };
  },
  tell({ pauseFree, cycle }, view) {
    const { steps: order, seconds, actions, sends } = cycle();
    const steps = stepsAt(view, order);
    const first = steps[0];
    const wide = lockArithmetic(
      safeSecondsPerPass(loopLockWide, actions),
      loopLockWide.executions,
      Math.max(1, actions),
      seconds,
    );
    const narrow = lockArithmetic(safeSecondsPerPass(loopLockNarrow, 1), loopLockNarrow.executions, 1, seconds);
    const way = describe(steps, order.length);
    const burst = sends === 0 ? "" : ` Each pass sends ${counted(sends, "message")}.`;
    return {
      message: pauseFree
        ? `${way} run round without any wait.${burst}`
        : `${way} run round with only ${inWords(seconds)} per pass.${burst} After ${wide.passesUntilLock} passes (${inWords(wide.secondsUntilLock)}) the Loop Lock can hit.`,
      impact:
        sends === 0
          ? "The loop spins until HighLevel locks the workflow, and then it stands still for every contact until support unlocks it."
          : `One contact can get ${counted(sends * wide.passesUntilLock, "message")} ${pauseFree ? "within seconds" : `within ${inWords(wide.secondsUntilLock)}`}, then HighLevel locks the workflow for everybody until support unlocks it.`,
      fix: `Put a wait of at least a day in front of ${quoted(closer(view, order))}, and let contacts leave the loop after a few passes.`,
      steps,
      ...(first === undefined ? {} : { at: first }),
      hangsOn: [closer(view, order).id],
      evidence: {
        loop: steps.map((step) => step.id),
        stepsInLoop: order.length,
        secondsPerPass: seconds,
        sendsPerPass: sends,
        actionsPerPass: actions,
        lockIfEveryActionCounts: wide,
        lockIfOnlyStartsCount: narrow,
      },
      confidence: pauseFree ? "certain" : narrow.reached ? "likely" : "possible",
    };
  },
  wrong: () => [
    {
      title: "no-show chaser: text, check, and back to the text",
      workflow: {
        actions: [
          { id: "text", type: "sms", config: { body: "You missed us. Rebook?" } },
          {
            id: "booked",
            type: "condition",
            branches: [
              { name: "Booked", next: null },
              { name: "No", next: "again" },
            ],
          },
          { id: "again", type: "goto", config: { target: "text" } },
        ],
      },
    },
    {
      title: "a wait without length does not pause",
      workflow: {
        workflow: {
          workflowData: {
            templates: [
              { id: "text", type: "sms", attributes: { body: "Hi" }, next: "hold" },
              { id: "hold", type: "wait", attributes: { type: "time", startAfter: {} }, next: "again" },
              { id: "again", type: "goto", attributes: { targetNodeId: "text" } },
            ],
          },
        },
      },
    },
    {
      title: "30 seconds between two texts",
      workflow: {
        actions: [
          { id: "text", type: "sms", config: { body: "Hi" } },
          { id: "hold", type: "wait", config: { seconds: 30 } },
          { id: "again", type: "goto", config: { target: "text" } },
        ],
      },
    },
    {
      title: "three actions a minute reach the lock when every action counts",
      workflow: {
        actions: [
          { id: "text", type: "sms", config: { body: "Hi" } },
          { id: "mail", type: "email", config: { subject: "Hi", body: "Hello" } },
          { id: "tag", type: "add_tag", config: { tags: ["chased"] } },
          { id: "hold", type: "wait", config: { minutes: 1 } },
          { id: "again", type: "goto", config: { target: "text" } },
        ],
      },
    },
    {
      title: "an appointment that has passed jumps back",
      workflow: {
        workflow: {
          workflowData: {
            templates: [
              { id: "text", type: "sms", attributes: { body: "Hi" }, next: "hold" },
              {
                id: "hold",
                type: "wait",
                attributes: {
                  type: "appointment",
                  appointmentCondition: "specific-step",
                  appointmentSpecificStep: "text",
                },
                next: "end",
              },
              { id: "end", type: "add_contact_tag", attributes: { tags: ["done"] } },
            ],
          },
        },
      },
    },
  ],
  right: () => [
    {
      title: "a day between passes",
      workflow: {
        actions: [
          { id: "text", type: "sms", config: { body: "Hi" } },
          { id: "hold", type: "wait", config: { days: 1 } },
          { id: "again", type: "goto", config: { target: "text" } },
        ],
      },
    },
    {
      title: "waiting for a reply is a pause",
      workflow: {
        actions: [
          { id: "text", type: "sms", config: { body: "Hi" } },
          { id: "hold", type: "wait", config: { event: "reply" } },
          { id: "again", type: "goto", config: { target: "text" } },
        ],
      },
    },
    {
      title: "a minute for one action stays under the lock",
      workflow: {
        actions: [
          { id: "text", type: "sms", config: { body: "Hi" } },
          { id: "hold", type: "wait", config: { minutes: 1 } },
          { id: "again", type: "goto", config: { target: "text" } },
        ],
      },
    },
    {
      title: "a Go To forward is no loop",
      workflow: {
        actions: [
          {
            id: "choice",
            type: "condition",
            branches: [
              { name: "Yes", next: "skip" },
              { name: "None", next: "text" },
            ],
          },
          { id: "skip", type: "goto", config: { target: "tag" } },
          { id: "text", type: "sms", config: { body: "Hi" } },
          { id: "tag", type: "add_tag", config: { tags: ["done"] } },
        ],
      },
    },
    {
      title: "a disabled wait still waits",
      workflow: {
        workflow: {
          workflowData: {
            templates: [
              { id: "text", type: "sms", attributes: { body: "Hi" }, next: "hold" },
              {
                id: "hold",
                type: "wait",
                attributes: { type: "time", startAfter: { type: "days", value: 1, when: "after" } },
                advanceCanvasMeta: { isDisabled: true },
                next: "again",
              },
              { id: "again", type: "goto", attributes: { targetNodeId: "text" } },
            ],
          },
        },
      },
    },
    {
      title: "a loop that nothing reaches never runs",
      workflow: {
        workflow: {
          workflowData: {
            templates: [
              { id: "start", type: "add_contact_tag", attributes: { tags: ["new"] } },
              { id: "text", type: "sms", attributes: { body: "Hi" }, next: "again" },
              { id: "again", type: "goto", attributes: { targetNodeId: "text" } },
            ],
          },
        },
      },
    },
  ],
});

interface LockArithmetic {
  /** A pass at least this long stays clear of the lock. */
  readonly safeSecondsPerPass: number;
  readonly reached: boolean;
  readonly passesUntilLock: number;
  readonly secondsUntilLock: number;
}

function lockArithmetic(safe: number, executions: number, perPass: number, seconds: number): LockArithmetic {
  const passes = Math.ceil(executions / perPass);
  return {
    safeSecondsPerPass: safe,
    reached: seconds < safe,
    passesUntilLock: passes,
    secondsUntilLock: passes * seconds,
  };
}

/** The step that closes the loop: its Go To, else the last one. */
function closer(view: View, order: readonly number[]): Step {
  const { steps } = view.workflow;
  const goto = order.findLast((at) => steps[at]?.type === "goto");
  return steps[goto ?? order.at(-1) ?? 0] as Step;
}

function describe(steps: readonly Step[], length: number): string {
  const names = steps.slice(0, 5).map(quoted);
  const rest = length - names.length;
  if (length === 1) return `The step ${names[0]} leads to itself: contacts`;
  return `${names.join(", then ")}${rest > 0 ? ` and ${counted(rest, "further step")}` : ""}: these steps`;
}
