import { answersToSends } from "../../conditions/answers-to-sends.ts";
import { asked } from "../../conditions/asked.ts";
import { type Atom, atomsOf, type FieldKind } from "../../conditions/ast.ts";
import { branchConditions } from "../../conditions/branch-conditions.ts";
import { describeAtom } from "../../conditions/words.ts";
import { Trait } from "../../model/traits.ts";
import type { Branch, Step, Trigger } from "../../model/workflow.ts";
import type { View } from "../../view.ts";
import { quoted } from "../../words.ts";
import { placeOfBranch } from "../places.ts";
import { defineRule } from "../rule.ts";
import { exampleDecision, exampleWorkflow, hasTag, row, sms } from "./example-workflow.ts";

interface HastyDecision {
  readonly step: Step;
  readonly branch: Branch;
  readonly atom: Atom;
  readonly send: Step;
  readonly reaction: string;
}

export const decisionRightAfterSend = defineRule<HastyDecision>({
  meta: {
    code: "LOGIC-006",
    id: "decision-right-after-send",
    category: "logic",
    severity: "high",
    scope: "W",
    title: "The workflow asks for an answer before anyone can give one",
    summary:
      "An If/Else on a reply, an open, a click, a booking or a payment that runs in the same moment as the message it judges.",
    why: 'Nobody answers within the same second, so the branch is always "no" and everyone gets the "you did not answer" treatment at once.',
    fix: "Wait for the event with a timeout, then branch.",
    sources: ["help article 155000002471 (If/Else FAQ: insert a wait first)"],
  },
  sees: { traits: Trait.decide },
  *find(view) {
    const { kinds } = view.derive(asked);
    if (!reactions.some((kind) => kinds.has(kind))) return;
    const conditionOf = view.derive(branchConditions);
    for (const step of view.stepsWith(Trait.decide)) {
      const found = firstHasty(step, view, conditionOf);
      if (found !== null) yield found;
    }
  },
  tell({ step, branch, atom, send, reaction }) {
    return {
      message: `${quoted(step)} asks whether ${describeAtom(atom)} in the same moment in which ${quoted(send)} goes out. Nobody can have ${reaction} by then, so the branch ${quoted(branch)} is never taken.`,
      impact: 'Everyone gets the "no answer" treatment seconds after the message, also those who would have answered.',
      fix: `Put a wait between ${quoted(send)} and ${quoted(step)} that ends when the contact has ${reaction}, with a timeout, and branch behind it.`,
      steps: [step, send, ...placeOfBranch(branch)],
      evidence: { condition: describeAtom(atom), judges: send.name, delaySeconds: 0 },
      at: step,
      hangsOn: [step.id],
    };
  },
  wrong: () => [
    {
      title: "replied? right behind the SMS",
      workflow: exampleWorkflow([sms("hello"), askReply()]),
    },
    {
      title: "the email's click is asked for at once",
      workflow: exampleWorkflow([
        { id: "offer", type: "email", name: "Offer", attributes: { subject: "Offer", html: "<p>Offer</p>" } },
        {
          id: "ask",
          name: "Clicked?",
          branches: [{ name: "Yes", rows: [row("email_event", "clicked", "==", "true")] }],
        },
      ]),
    },
    {
      title: "a missed appointment cannot be booked again within the same second",
      workflow: exampleWorkflow(
        [
          sms("rebook"),
          { id: "ask", name: "Booked?", branches: [{ name: "Yes", rows: [appointmentIs("confirmed")] }] },
        ],
        [noShow()],
      ),
    },
  ],
  right: () => [
    {
      title: "a wait stands in between",
      workflow: exampleWorkflow([
        sms("hello"),
        {
          id: "wait",
          type: "wait",
          attributes: { type: "time", startAfter: { type: "days", value: 1, when: "after" } },
        },
        askReply(),
      ]),
    },
    {
      title: "the reply to an earlier message is judged",
      workflow: exampleWorkflow([
        sms("first"),
        {
          id: "wait",
          type: "wait",
          attributes: { type: "time", startAfter: { type: "days", value: 1, when: "after" } },
        },
        sms("second"),
        askReply(),
      ]),
    },
    {
      title: "the reply is what started the workflow",
      workflow: exampleWorkflow([sms("thanks"), askReply()], [{ type: "customer_reply" }]),
    },
    {
      title: "the appointment's status sorts, it does not wait for anything",
      workflow: exampleWorkflow(
        [
          sms("thanks"),
          { id: "ask", name: "Confirmed?", branches: [{ name: "Yes", rows: [appointmentIs("confirmed")] }] },
        ],
        [{ type: "customer_appointment" }],
      ),
    },
    {
      title: "a tag can be asked for at any time",
      workflow: exampleWorkflow([
        sms("hello"),
        { id: "ask", name: "VIP?", branches: [{ name: "VIP", rows: [hasTag("vip")] }] },
      ]),
    },
    {
      title: "nothing was sent",
      workflow: exampleDecision("Replied?", [{ name: "Yes", rows: [replied()] }]),
    },
  ],
});

/** Kinds of fields that hold what a contact did. */
const reactions: readonly FieldKind[] = ["reply", "email-event", "link", "payment", "appointment"];

type ConditionOf = ReturnType<typeof branchConditions>;

function firstHasty(step: Step, view: View, conditionOf: ConditionOf): HastyDecision | null {
  for (const branch of step.branches) {
    if (branch.kind !== "condition" || branch.condition === null) continue;
    for (const atom of atomsOf(conditionOf(branch))) {
      const reaction = reactionAsked(atom, view);
      const send = reaction === null ? null : view.derive(answersToSends).justSent(step);
      if (reaction !== null && send !== null) return { step, branch, atom, send, reaction };
    }
  }
  return null;
}

/** What the contact would have had to do, in words; null when the row does not ask for a reaction to a message. */
function reactionAsked({ field, test }: Atom, { workflow }: View): string | null {
  // "Has not replied" is true right behind the message, too, but then it is what the branch means to find.
  if (test.kind === "empty" || test.kind === "not-equals" || test.kind === "excludes" || test.kind === "not-contains")
    return null;
  const triggers = (workflow.triggers ?? []).filter((trigger) => trigger.active);
  const startedBy = (...types: readonly string[]) => triggers.some(({ type }) => types.includes(type));
  switch (field.kind) {
    case "reply":
      return startedBy("customer_reply", "conv_ai_trigger", "conv_ai_autonomous_trigger", "call_status")
        ? null
        : "replied";
    case "email-event":
      return startedBy("mailgun_email_event") ? null : "opened or clicked it";
    case "link":
      return startedBy("trigger_link") ? null : "clicked the link";
    case "payment":
      return startedBy("payment_received", "order_submission", "two_step_form_submission") ? null : "paid";
    case "appointment":
      return test.kind === "equals" && field.key === "appointment.status" && excludes(triggers, test.values)
        ? "booked"
        : null;
    default:
      return null;
  }
}

/** Every run starts with an appointment whose status is certainly another one. */
function excludes(triggers: readonly Trigger[], asked: readonly string[]): boolean {
  return (
    triggers.length > 0 &&
    triggers.every(({ type, conditions }) => {
      const status = conditions.find(({ field }) => field === "appointment.status")?.value;
      const given = (Array.isArray(status) ? status : [status]).filter((value) => typeof value === "string");
      return type === "appointment" && given.length > 0 && !given.some((value) => asked.includes(value));
    })
  );
}

function askReply() {
  return { id: "ask", name: "Replied?", branches: [{ name: "Yes", rows: [replied()] }] };
}

function replied(): Record<string, unknown> {
  return row("contact_reply", "", "is", "true");
}

function appointmentIs(status: string): Record<string, unknown> {
  return row("appointment", "status", "==", status);
}

function noShow() {
  return { type: "appointment", conditions: [{ field: "appointment.status", operator: "==", value: "noshow" }] };
}
