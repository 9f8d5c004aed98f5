import { lateSend } from "../../graph/late-send.ts";
import { activeTriggers, takenOutBy } from "../../location/surroundings.ts";
import { isRecord } from "../../model/attributes.ts";
import { Trait } from "../../model/traits.ts";
import type { Step } from "../../model/workflow.ts";
import type { View } from "../../view.ts";
import { counted, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";
import { noticesReplies } from "./replies.ts";
import { callsToMailboxes } from "./voicemail-ends-sequence.ts";

interface State {
  readonly step: Step;
  readonly repeats: boolean;
}

export const stopOnResponseOff = defineRule<State>({
  meta: {
    code: "COMP-009",
    id: "stop-on-response-off",
    category: "compliance",
    severity: "medium",
    scope: "W+L",
    title: "Messages go on after the contact has replied",
    summary:
      "Two or more messages over a day or more, or a loop of messages, with stop on response off and nothing that waits for a reply.",
    why: "The automation talks over the person who is already in a conversation with you, and the deal or the patience is lost.",
    fix: "Switch stop on response on in the workflow's settings.",
    sources: ["help article 48001239875 (stop on response)", "platform fact F5"],
  },
  sees: { traits: Trait.send },
  unchecked: ({ workflow }) =>
    workflow.settings.stopOnResponse === null ? "the document does not say whether stop on response is on" : null,
  *find(view) {
    const { workflow } = view;
    if (workflow.settings.stopOnResponse !== false || noticesReplies(workflow)) return;
    const late = view.derive(lateSend);
    const step = late === null ? undefined : workflow.steps[late.step];
    if (step === undefined || repliesTakeOut(view)) return;
    yield { step, repeats: late?.secondsSinceFirst === Number.POSITIVE_INFINITY };
  },
  tell({ step, repeats }, view) {
    const sends = view.stepsWith(Trait.send);
    return {
      message: repeats
        ? `Stop on response is off, and a loop sends ${quoted(step)} again and again, also to contacts who have replied.`
        : `Stop on response is off, and ${quoted(step)} goes out a day or more after the first message, also to contacts who have replied.`,
      impact:
        "Somebody who is already talking with you gets the next automatic message in the middle of the conversation.",
      fix: "Switch stop on response on in the workflow's settings. Leave it off only for receipts and reminders, and then accept this finding with that reason.",
      steps: [step],
      hangsOn: [],
      evidence: { stopOnResponse: false, sends: sends.length, repeats, message: counted(sends.length, "message") },
    };
  },
  mend(_state, view) {
    // Switched on, every mailbox that picks up would end the run (COMP-010): first the calls have to be set right.
    if (view.derive(callsToMailboxes).length > 0) return null;
    const { raw, pointer } = view.workflow;
    if (raw["stopOnResponse"] === false) return [{ op: "replace", path: `${pointer}/stopOnResponse`, value: true }];
    const { settings } = raw;
    if (isRecord(settings) && settings["stopOnResponse"] === false)
      return [{ op: "replace", path: `${pointer}/settings/stopOnResponse`, value: true }];
    return null;
  },
  wrong: () => [
    { title: "two texts two days apart", workflow: workflow([text("one"), wait({ days: 2 }), text("two")]) },
    {
      title: "many short waits make a day",
      workflow: workflow([text("one"), wait({ hours: 12 }), mail("two"), wait({ hours: 12 }, "later"), text("three")]),
    },
    {
      title: "a loop that chases",
      workflow: workflow([
        text("one"),
        wait({ hours: 2 }),
        {
          id: "again",
          type: "condition",
          branches: [
            { name: "Asked 3 times", next: null, conditions: [{ field: "contact.asked", operator: ">=", value: 3 }] },
            { name: "None", next: "one" },
          ],
        },
      ]),
    },
    {
      title: "a setting beside the steps of a plain document",
      workflow: { settings: { stopOnResponse: false }, actions: [text("one"), wait({ days: 1 }), text("two")] },
    },
  ],
  right: () => [
    {
      title: "switched on",
      workflow: workflow([text("one"), wait({ days: 2 }), text("two")], { stopOnResponse: true }),
    },
    { title: "one message", workflow: workflow([wait({ days: 2 }), text("one")]) },
    { title: "two messages on one afternoon", workflow: workflow([text("one"), wait({ hours: 3 }), text("two")]) },
    {
      title: "it waits for the reply",
      workflow: workflow([text("one"), wait({ event: "reply", timeout: { days: 2 } }), text("two")]),
    },
    {
      title: "two messages on different branches",
      workflow: workflow([
        text("one"),
        {
          id: "which",
          type: "condition",
          branches: [
            { name: "A", actions: [text("a")] },
            { name: "None", actions: [text("b")] },
          ],
        },
      ]),
    },
    {
      title: "a reminder before an appointment is not a chase",
      workflow: workflow([
        text("booked"),
        wait({ type: "appointment", appointmentStartAfter: { when: "before", type: "hours", value: 24 } }),
        text("reminder"),
      ]),
    },
    { title: "the document does not say", workflow: { actions: [text("one"), wait({ days: 2 }), text("two")] } },
  ],
});

/** Another workflow starts on replies and takes contacts out of this one. */
function repliesTakeOut(view: View): boolean {
  const removers = takenOutBy(view) ?? [];
  return removers.some(({ member }) => activeTriggers(member).some(({ type }) => type === "customer_reply"));
}

function workflow(actions: readonly object[], settings: object = {}): unknown {
  return { stopOnResponse: false, ...settings, actions };
}

function text(id: string): object {
  return { id, type: "sms", config: { body: "Hi" } };
}

function mail(id: string): object {
  return { id, type: "email", config: { subject: "Hi", html: "Hello" } };
}

function wait(config: object, id = "hold"): object {
  return { id, type: "wait", config };
}
