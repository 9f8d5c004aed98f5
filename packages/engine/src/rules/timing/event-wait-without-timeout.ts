import { blastRadii } from "../../graph/blast-radius.ts";
import { waitTimings } from "../../graph/wait-timings.ts";
import type { Member } from "../../location/location-view.ts";
import { activeTriggers, takenOutBy } from "../../location/surroundings.ts";
import { textOf } from "../../model/attributes.ts";
import { END, type Step } from "../../model/workflow.ts";
import type { View } from "../../view.ts";
import { counted, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface Hold {
  readonly step: Step;
  /** Another workflow that ends the wait for those for whom it does not happen. */
  readonly releasedBy: Member | undefined;
}

export const eventWaitWithoutTimeout = defineRule<Hold>({
  meta: {
    code: "TIME-002",
    id: "event-wait-without-timeout",
    category: "timing",
    severity: "high",
    scope: "W+L",
    title: "A wait for something that may never happen",
    summary: "A wait for a reply, click, email event or condition without a timeout, with steps behind it.",
    why: "Contacts who never do it are parked for ever: no follow-up, no alert, and they cannot enter the workflow again.",
    fix: "Switch on the timeout and say what happens to those who did not react.",
    sources: ["help article 155000002470 (the timeout is optional)", "platform fact F10"],
  },
  sees: { types: ["wait"] },
  *find(view) {
    const { of, ofKind } = view.derive(waitTimings);
    for (const step of ofKind.event) {
      if (of[step.index]?.timesOut === true) continue;
      if (step.next !== END || step.branches.some((branch) => branch.target !== END))
        yield { step, releasedBy: releasedBy(view, step) };
    }
  },
  tell({ step, releasedBy: remover }, view) {
    const [behind] = blastRadii(view, [step.index]);
    const waitsFor = events[textOf(step.attributes["type"])] ?? "something";
    const count = Math.max(0, (behind?.steps ?? 1) - 1);
    const evidence = {
      waitsFor: step.attributes["type"],
      stepsBehind: count,
      sendsBehind: behind?.sends ?? 0,
      ...(remover === undefined ? {} : { releasedBy: remover.key }),
    };
    if (remover !== undefined) {
      const other = quoted(remover.view.workflow);
      return {
        message: `${quoted(step)} waits for ${waitsFor} and has no timeout; ${other} takes contacts out of this workflow.`,
        impact: "Whom that workflow does not reach stays here for ever.",
        fix: `Confirm that ${other} reaches everybody who waits here, or switch on the timeout.`,
        steps: [step],
        evidence,
        severity: "low",
        confidence: "likely",
      };
    }
    return {
      message: `${quoted(step)} waits for ${waitsFor} and has no timeout.`,
      impact: `Contacts for whom that never happens stay here for ever: ${counted(count, "step")} behind it${(behind?.sends ?? 0) > 0 ? `, ${counted(behind?.sends ?? 0, "message")} among them,` : ""} never happen for them, and they cannot enter this workflow again.`,
      fix: `Open ${quoted(step)}, switch on the timeout, and put behind it what should happen to contacts who do not react.`,
      steps: [step],
      evidence,
    };
  },
  wrong: () => [
    { title: "waiting for a reply for ever", workflow: chase({ type: "reply", reply: ["text"] }) },
    { title: "waiting for a click for ever", workflow: chase({ type: "link_clicked", link: "l1" }) },
    {
      title: "waiting for an email to be opened for ever",
      workflow: chase({ type: "email_event", emailEventSteps: ["text"], emailEventTypes: ["opened"] }),
    },
    { title: "waiting for a condition for ever", workflow: chase({ type: "condition", condition: { branches: [] } }) },
  ],
  right: () => [
    {
      title: "a reply wait that gives up after a day",
      workflow: chase({ type: "reply", reply: ["text"], startAfter: { type: "days", value: 1, when: "after" } }),
    },
    {
      title: "a timeout branch",
      workflow: {
        actions: [
          { id: "text", type: "sms", config: { body: "Interested?" } },
          {
            id: "hold",
            type: "wait",
            config: { event: "reply", timeout: { days: 1 } },
            branches: [
              { name: "Reply", next: "tag" },
              { name: "Timeout", next: null },
            ],
          },
          { id: "tag", type: "add_tag", config: { tags: ["hot"] } },
        ],
      },
    },
    { title: "a time wait ends by itself", workflow: chase({ type: "time", startAfter: { type: "days", value: 1 } }) },
    { title: "an appointment comes by itself", workflow: chase({ type: "appointment", appointmentCondition: "skip" }) },
    {
      title: "nothing stands behind the wait",
      workflow: {
        workflow: { workflowData: { templates: [{ id: "hold", type: "wait", attributes: { type: "reply" } }] } },
      },
    },
  ],
});

const events: Readonly<Record<string, string>> = {
  reply: "a reply",
  contact_reply: "a reply",
  condition: "a condition to come true",
  email_event: "something to happen to an email",
  link_clicked: "a click on a link",
  trigger_link: "a click on a link",
  contact_action: "the contact to do something",
  user_reply: "a reply from your team",
  user_replied: "a reply from your team",
};

/** A trigger on what is waited for lets go only of those for whom it happened anyway. */
const triggersOf: Readonly<Record<string, readonly string[]>> = {
  reply: ["customer_reply"],
  contact_reply: ["customer_reply"],
  email_event: ["mailgun_email_event"],
  link_clicked: ["trigger_link"],
  trigger_link: ["trigger_link"],
  contact_action: ["customer_reply", "mailgun_email_event", "trigger_link"],
};

/** A removal from all workflows, as on an opt-out, is no way out of this wait: it must name this workflow. */
function releasedBy(view: View, { attributes }: Step): Member | undefined {
  const awaited = triggersOf[textOf(attributes["type"])] ?? [];
  return takenOutBy(view)?.find(({ member, all }) => {
    const triggers = activeTriggers(member);
    return !all && (triggers.length === 0 || triggers.some(({ type }) => !awaited.includes(type)));
  })?.member;
}

function chase(wait: Readonly<Record<string, unknown>>): unknown {
  return {
    workflow: {
      id: "w",
      name: "Chase",
      workflowData: {
        templates: [
          { id: "text", type: "sms", name: "Ask", attributes: { body: "Interested?" }, next: "hold" },
          { id: "hold", type: "wait", name: "Wait", attributes: wait, next: "task" },
          { id: "task", type: "task-notification", name: "Call them", attributes: { title: "Call" } },
        ],
      },
    },
  };
}
