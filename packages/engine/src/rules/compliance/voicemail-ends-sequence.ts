import { booleanOf, numberOf } from "../../model/attributes.ts";
import { settingPointer } from "../../model/pointer.ts";
import type { Step } from "../../model/workflow.ts";
import type { Analysis } from "../../view.ts";
import { quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface State {
  readonly step: Step;
  readonly timeout: number;
}

/** A mailbox picks up after about this many seconds; a shorter ring never reaches it (help article 155000003274). */
const MAILBOX_SECONDS = 20;

export const voicemailEndsSequence = defineRule<State>({
  meta: {
    code: "COMP-010",
    id: "voicemail-ends-sequence",
    category: "compliance",
    severity: "medium",
    scope: "W",
    title: "A mailbox that picks up ends the follow-up",
    summary:
      "Stop on response is on, and a Call step rings for 20 seconds or more with voicemail detection switched off: the mailbox counts as an answer.",
    why: "Every call that nobody takes ends the whole sequence. The leads who did not pick up are the ones it was built for.",
    fix: "Switch voicemail detection on in the Call step, or let it ring for less than 20 seconds.",
    sources: ["help article 48001239875 (stop on response)", "help article 155000003274 (call)", "platform fact F6"],
  },
  sees: { types: ["call"] },
  unchecked: ({ workflow }) =>
    workflow.settings.stopOnResponse === null ? "the document does not say whether stop on response is on" : null,
  *find(view) {
    if (view.workflow.settings.stopOnResponse !== true) return;
    for (const step of view.derive(callsToMailboxes)) yield { step, timeout: numberOf(step.attributes["timeout"]) };
  },
  tell: ({ step, timeout }) => ({
    message: `${quoted(step)} rings for ${timeout} seconds with voicemail detection off, and stop on response is on: a mailbox that picks up counts as an answer.`,
    impact: "The run ends for everybody who did not take the call, and what stands behind it is never sent.",
    fix: `Switch voicemail detection on in ${quoted(step)}, or set its timeout under ${MAILBOX_SECONDS} seconds.`,
    steps: [step],
    evidence: { stopOnResponse: true, voicemailDetection: false, timeoutSeconds: timeout },
  }),
  mend({ step }) {
    const path = settingPointer(step, "disable_detect_voicemail");
    return path === null ? null : [{ op: "replace", path, value: false }];
  },
  wrong: () => [
    {
      title: "a minute of ringing without detection",
      workflow: workflow({ disable_detect_voicemail: true, timeout: 60 }),
    },
    {
      title: "twenty seconds are enough for a mailbox",
      workflow: workflow({ disable_detect_voicemail: true, timeout: "20" }),
    },
  ],
  right: () => [
    { title: "detection is on", workflow: workflow({ disable_detect_voicemail: false, timeout: 60 }) },
    {
      title: "it stops ringing before the mailbox",
      workflow: workflow({ disable_detect_voicemail: true, timeout: 19 }),
    },
    {
      title: "stop on response is off",
      workflow: workflow({ disable_detect_voicemail: true, timeout: 60 }, { stopOnResponse: false }),
    },
    { title: "the timeout is not given", workflow: workflow({ disable_detect_voicemail: true }) },
    {
      title: "nothing stands behind the call",
      workflow: {
        stopOnResponse: true,
        actions: [{ id: "c", type: "call", config: { disable_detect_voicemail: true, timeout: 60 } }],
      },
    },
  ],
});

/** Calls behind which something stands, and that a mailbox answers unnoticed: with stop on response on, it ends the run. */
export const callsToMailboxes: Analysis<readonly Step[]> = (view) =>
  view
    .stepsOfType("call")
    .filter(
      (step) =>
        !step.disabled &&
        leadsOn(step) &&
        booleanOf(step.attributes["disable_detect_voicemail"]) === true &&
        numberOf(step.attributes["timeout"]) >= MAILBOX_SECONDS,
    );

function leadsOn({ next, missing, branches }: Step): boolean {
  return next >= 0 || missing !== null || branches.length > 0;
}

function workflow(config: object, settings: object = {}): unknown {
  return {
    stopOnResponse: true,
    ...settings,
    actions: [
      { id: "call", type: "call", name: "Ring the lead", config },
      { id: "text", type: "sms", config: { body: "Sorry we missed each other" } },
    ],
  };
}
