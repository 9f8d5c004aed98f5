import { stepTypeOf } from "../../domain/step-types.ts";
import { incoming } from "../../graph/incoming.ts";
import { reachability } from "../../graph/reachability.ts";
import { waitTimings } from "../../graph/wait-timings.ts";
import { textOf } from "../../model/attributes.ts";
import { Trait } from "../../model/traits.ts";
import { END, type Step, type Trigger } from "../../model/workflow.ts";
import { int32s } from "../../number-arrays.ts";
import type { Analysis } from "../../view.ts";
import { quoted } from "../../words.ts";
import { defineRule, type Place } from "../rule.ts";
import { isReplyWait, testsOptOut } from "./replies.ts";

interface State {
  /** The trigger that fires on a reply, or the wait that a reply ends. */
  readonly source: Trigger | Step;
  readonly send: Step;
}

export const optOutReplyIgnored = defineRule<State>({
  meta: {
    code: "COMP-003",
    id: "opt-out-reply-ignored",
    category: "compliance",
    severity: "high",
    scope: "W",
    title: "A reply that asks to be left alone is answered like any other",
    summary:
      "After a reply the workflow sends again, with no check whether the reply asks to stop and no DND step. HighLevel itself reacts to exact keywords only.",
    why: "\u201cPlease stop texting me\u201d is answered with the next offer. Since April 2025 United States rules ask to honour such a reply in any reasonable wording.",
    fix: "Check the reply for a wish to stop before sending, and on that branch enable DND and leave the workflow.",
    sources: [
      "help article 48001214849 (DND)",
      "platform fact F36",
      "kelleydrye.com on the 2025 revocation rule (parts deferred)",
    ],
  },
  sees: { traits: Trait.send },
  unchecked: ({ workflow }) => (workflow.triggers === null ? "needs the workflow's triggers" : null),
  *find(view) {
    const { workflow } = view;
    const at = (start: number) =>
      start === END ? undefined : workflow.steps[view.derive(unguardedSend)[start] as number];
    const triggers = workflow.triggers ?? [];
    const anyActive = triggers.some(({ active }) => active);
    for (const trigger of triggers) {
      if (trigger.type !== "customer_reply" || (anyActive && !trigger.active) || readsTheText(trigger)) continue;
      const send = at(trigger.target);
      if (send !== undefined) yield { source: trigger, send };
    }
    // Whether a reply branch is taken while stop on response is on is unknown: nothing is claimed then.
    if (workflow.settings.stopOnResponse === true) return;
    for (const step of view.derive(waitTimings).ofKind.event) {
      if (!isReplyWait(step) || view.derive(reachability).reached[step.index] === 0) continue;
      const reply = step.branches.find(({ kind }) => kind === "event");
      const send = reply === undefined ? undefined : at(reply.target);
      if (send !== undefined) yield { source: step, send };
    }
  },
  tell({ source, send }) {
    const byTrigger = !("traits" in source);
    const place: Place = source;
    return {
      message: byTrigger
        ? `The trigger ${quoted(source)} fires on any reply, and ${quoted(send)} goes out without a check whether the reply asks to stop.`
        : `After a reply to ${quoted(source)}, ${quoted(send)} goes out without a check whether the reply asks to stop.`,
      impact:
        "A contact who writes \u201cplease stop texting me\u201d gets the next message. Only the exact keywords (STOP, UNSUBSCRIBE, CANCEL, END, QUIT) are handled for you. This is a risk of complaints and claims, not legal advice.",
      fix: `In front of ${quoted(send)}, branch on replies such as \u201cstop\u201d, \u201cremove me\u201d or \u201cnot interested\u201d (or on the intent), and on that branch enable DND and remove the contact from the workflow.`,
      steps: [send, place],
      at: send,
      hangsOn: [source.id],
      evidence: { source: source.id, send: send.id, sourceKind: byTrigger ? "trigger" : "reply wait" },
      confidence: "likely",
    };
  },
  wrong: () => [
    { title: "any reply gets an answer", workflow: replied([text("answer")]) },
    {
      title: "an AI answer is an answer too",
      workflow: replied([
        { id: "gpt", type: "chatgpt", config: { promptText: "Answer {{message.body}}" } },
        { id: "answer", type: "sms", config: { body: "{{chatgpt.1.response}}" } },
      ]),
    },
    {
      title: "a branch on interest alone does not see the wish to stop",
      workflow: replied([
        {
          id: "which",
          type: "condition",
          branches: [
            { name: "Wants a price", conditions: [bodyContains("price")], actions: [text("price")] },
            { name: "None", actions: [text("other")] },
          ],
        },
      ]),
    },
    {
      title: "a reply to a wait, with stop on response off",
      workflow: {
        triggers: [{ id: "start", type: "form_submission", active: true }],
        stopOnResponse: false,
        actions: [
          text("ask"),
          {
            id: "hold",
            type: "wait",
            config: { type: "reply" },
            branches: [
              { name: "Replied", kind: "event", actions: [text("thanks")] },
              { name: "Timeout", kind: "timeout", actions: [] },
            ],
          },
        ],
      },
    },
  ],
  right: () => [
    {
      title: "replies that ask to stop have their own branch",
      workflow: replied([
        {
          id: "which",
          type: "condition",
          branches: [
            {
              name: "Wants out",
              conditions: [bodyContains("remove me")],
              actions: [{ id: "dnd", type: "dnd", config: { dnd_contact: "enable" } }],
            },
            { name: "None", actions: [text("answer")] },
          ],
        },
      ]),
    },
    {
      title: "the trigger listens for one word",
      workflow: replied([text("answer")], [{ field: "message.body", operator: "contains", value: "YES" }]),
    },
    {
      title: "DND is set before anything is sent",
      workflow: replied([{ id: "dnd", type: "dnd", config: { dnd_contact: "enable" } }, text("bye")]),
    },
    {
      title: "a person takes over",
      workflow: replied([{ id: "hand", type: "manual-sms", config: { body: "Hi" } }, text("later")]),
    },
    {
      title: "only the team is told",
      workflow: replied([
        { id: "tell", type: "notification", config: { type: "sms", sms: { body: "Reply", userType: "all" } } },
      ]),
    },
    {
      title: "with stop on response on nothing is known of the reply branch",
      workflow: {
        triggers: [{ id: "start", type: "form_submission", active: true }],
        stopOnResponse: true,
        actions: [
          text("ask"),
          {
            id: "hold",
            type: "wait",
            config: { type: "reply" },
            branches: [
              { name: "Replied", kind: "event", actions: [text("thanks")] },
              { name: "Timeout", kind: "timeout", actions: [] },
            ],
          },
        ],
      },
    },
  ],
});

/**
 * For every step the nearest message that a run there goes on to send without a check on the way, itself included; END when there
 * is none. Spreads backwards from all messages at once, so it is linear.
 */
const unguardedSend: Analysis<Int32Array> = (view) => {
  const { first, source } = view.derive(incoming);
  const guards = view.derive(testsOptOut);
  const nearest = int32s(view.graph.size).fill(END);
  const queue: number[] = [];
  for (const step of view.stepsWith(Trait.send)) {
    // A bot reads the reply before it answers.
    if (step.disabled || stepTypeOf(step.type)?.channel === "bot") continue;
    nearest[step.index] = step.index;
    queue.push(step.index);
  }
  for (let head = 0; head < queue.length; head++) {
    const node = queue[head] as number;
    for (let at = first[node] as number; at < (first[node + 1] as number); at++) {
      const before = source[at] as number;
      if (nearest[before] !== END) continue;
      const step = view.workflow.steps[before];
      if (step === undefined || handles(step) || guards(step)) continue;
      nearest[before] = nearest[node] as number;
      queue.push(before);
    }
  }
  return nearest;
};

/** DND is switched on, or a person answers. */
function handles({ type, attributes, disabled }: Step): boolean {
  if (disabled) return false;
  return (
    type === "manual-sms" ||
    type === "manual-call" ||
    (type === "dnd_contact" && textOf(attributes["dnd_contact"]).startsWith("enable"))
  );
}

/** A trigger that fires on certain words answers those words. */
function readsTheText({ conditions }: Trigger): boolean {
  return conditions.some(({ field }) => field === "message.body" || field === "message.text");
}

function text(id: string): object {
  return { id, type: "sms", config: { body: "Hi" } };
}

function bodyContains(value: string): object {
  return { field: "message.body", operator: "contains", value };
}

function replied(actions: readonly object[], conditions: readonly object[] = []): unknown {
  return {
    triggers: [{ id: "start", type: "customer_reply", name: "Customer replied", active: true, conditions }],
    actions,
  };
}
