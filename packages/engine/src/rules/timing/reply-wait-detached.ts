import { stepTypeOf } from "../../domain/step-types.ts";
import { reachability } from "../../graph/reachability.ts";
import { waitTimings } from "../../graph/wait-timings.ts";
import { textOf } from "../../model/attributes.ts";
import { awaitedChannels } from "../../model/reply-channels.ts";
import { Trait } from "../../model/traits.ts";
import type { Step } from "../../model/workflow.ts";
import { int32s } from "../../number-arrays.ts";
import type { Analysis, View } from "../../view.ts";
import { listed, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface Detached {
  readonly step: Step;
  /** The send it could belong to, or null when none stands before it. */
  readonly send: Step | null;
  /** The decision between that send and the wait. */
  readonly between: Step | null;
  readonly channels: readonly string[];
}

export const replyWaitDetached = defineRule<Detached>({
  meta: {
    code: "TIME-004",
    id: "reply-wait-detached",
    category: "timing",
    severity: "high",
    scope: "W",
    title: "A reply wait that cannot hear the reply",
    summary:
      "A wait for a reply with no message on its channel before it, or with a branching step between the message and the wait.",
    why: "Replies are not recognised: the contact answers, takes the timeout path all the same, and is chased.",
    fix: "Put the wait directly behind the message it belongs to.",
    sources: ["help article 155000002470 (wait)", "platform fact F12"],
  },
  sees: { types: ["wait"] },
  *find(view) {
    const stepOf = (id: string) => view.derive(sendsById).get(id);
    for (const step of view.derive(waitTimings).ofKind.event) {
      const type = textOf(step.attributes["type"]);
      if ((type !== "reply" && type !== "contact_reply") || view.derive(reachability).reached[step.index] === 0)
        continue;
      const wanted = awaitedChannels(step, stepOf);
      const { send, between } = nearestSend(view, step, wanted);
      if (send === null || between !== null) yield { step, send, between, channels: [...wanted] };
    }
  },
  tell({ step, send, between, channels }) {
    const on = channels.length === 0 ? "" : ` by ${listed(channels)}`;
    return {
      message:
        send === null || between === null
          ? `${quoted(step)} waits for a reply${on}, but no message${on} goes out before it.`
          : `${quoted(step)} waits for a reply to ${quoted(send)}, but ${quoted(between)} branches in between, which cuts the wait off from the message.`,
      impact: "A contact who replies is treated as silent: they take the timeout path and get the next chaser.",
      fix:
        send === null || between === null
          ? `Send the message directly in front of ${quoted(step)}, or wait for something else.`
          : `Move ${quoted(step)} directly behind ${quoted(send)} and branch afterwards.`,
      steps: [step, ...(send === null ? [] : [send]), ...(between === null ? [] : [between])],
      hangsOn: [step.id],
      evidence: { channels, nearestSend: send?.id ?? null, between: between?.id ?? null },
      confidence: "likely",
    };
  },
  wrong: () => [
    {
      title: "no message before the wait",
      workflow: {
        actions: [{ id: "tag", type: "add_tag", config: { tags: ["new"] } }, replyWait("hold"), text("chase")],
      },
    },
    {
      title: "a branch between the message and the wait",
      workflow: {
        actions: [
          { id: "mail", type: "email", config: { subject: "Hi", body: "Interested?" } },
          {
            id: "source",
            type: "condition",
            branches: [
              { name: "Facebook", next: "hold" },
              { name: "None", next: null },
            ],
          },
          replyWait("hold"),
          text("chase"),
        ],
      },
    },
    {
      title: "an email goes out, but a reply by SMS is awaited",
      workflow: {
        actions: [
          { id: "mail", type: "email", config: { subject: "Hi", body: "Hello" } },
          replyWait("hold", { replyLabel: ["SMS"] }),
          text("chase"),
        ],
      },
    },
  ],
  right: () => [
    { title: "directly behind the message", workflow: { actions: [text("ask"), replyWait("hold"), text("chase")] } },
    {
      title: "a tag between them does not branch",
      workflow: {
        actions: [text("ask"), { id: "tag", type: "add_tag", config: { tags: ["asked"] } }, replyWait("hold")],
      },
    },
    {
      title: "one of two awaited channels was used",
      workflow: { actions: [text("ask"), replyWait("hold", { replyLabel: ["Email", "SMS"] }), text("chase")] },
    },
    {
      title: "the branch stands before the message",
      workflow: {
        actions: [
          {
            id: "source",
            type: "condition",
            branches: [
              { name: "Facebook", next: "ask" },
              { name: "None", next: null },
            ],
          },
          text("ask"),
          replyWait("hold"),
        ],
      },
    },
    {
      title: "a second wait behind the timeout of the first, with a message between",
      workflow: {
        actions: [
          text("ask"),
          {
            ...replyWait("hold"),
            branches: [
              { name: "Reply", next: null },
              { name: "Timeout", next: "ask-2" },
            ],
          },
          text("ask-2"),
          replyWait("hold-2"),
        ],
      },
    },
  ],
});

function text(id: string) {
  return { id, type: "sms", name: id, config: { body: "Are you still looking?" } };
}

function replyWait(id: string, config: Readonly<Record<string, unknown>> = {}) {
  return { id, type: "wait", name: id, config: { event: "reply", timeout: { days: 1 }, ...config } };
}

const sendsById = (view: View): ReadonlyMap<string, Step> =>
  new Map(view.stepsWith(Trait.send).map((step) => [step.id, step]));

interface Upstream {
  /** Nearest send before a step on its shortest way, or -1. */
  readonly send: Int32Array;
  /** Nearest decision between that send and the step, or -1. */
  readonly decision: Int32Array;
}

const upstream: Analysis<Upstream> = (view) => {
  const { before, order } = view.derive(reachability);
  const send = int32s(view.graph.size).fill(-1);
  const decision = int32s(view.graph.size).fill(-1);
  for (const node of order) {
    const above = before[node] as number;
    if (above === -1) continue;
    const traits = view.workflow.steps[above]?.traits ?? 0;
    if ((traits & Trait.send) !== 0) send[node] = above;
    else {
      send[node] = send[above] as number;
      decision[node] = (traits & Trait.decide) !== 0 ? above : (decision[above] as number);
    }
  }
  return { send, decision };
};

/** How many messages back a wait may belong to. */
const FARTHEST = 20;

function nearestSend(view: View, wait: Step, wanted: ReadonlySet<string>): { send: Step | null; between: Step | null } {
  const { send, decision } = view.derive(upstream);
  const { steps } = view.workflow;
  let between = -1;
  let node = wait.index;
  for (let hops = 0; hops < FARTHEST; hops++) {
    if (between === -1) between = decision[node] as number;
    node = send[node] as number;
    const step = node < 0 ? undefined : steps[node];
    if (step === undefined) return { send: null, between: null };
    const channel = stepTypeOf(step.type)?.channel;
    if (wanted.size === 0 || (channel !== undefined && wanted.has(channel))) {
      return { send: step, between: between < 0 ? null : (steps[between] ?? null) };
    }
    // A message on another channel that itself branches (WhatsApp delivered or not) cuts the wait off as well.
    if (between === -1 && (step.traits & Trait.decide) !== 0) between = node;
  }
  return { send: null, between: null };
}
