import { freeFormTypes, isFreeForm, whatsappWindowSeconds } from "../../model/whatsapp.ts";
import type { Step } from "../../model/workflow.ts";
import { quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";
import { sinceWhatsappMessage } from "./whatsapp-window.ts";

interface State {
  readonly step: Step;
}

export const whatsappWindowUnchecked = defineRule<State>({
  meta: {
    code: "COMP-011",
    id: "whatsapp-window-unchecked",
    category: "compliance",
    severity: "high",
    scope: "W",
    title: "A free WhatsApp message outside the 24 hours",
    summary:
      "A WhatsApp message without a template that a run can reach more than 24 hours after the contact's last WhatsApp message, and not by the Open way of a window check.",
    why: "WhatsApp refuses the message, the step fails silently, and nobody answers the contact.",
    fix: "Put the WhatsApp window check in front: free text on Open, a template on Closed.",
    sources: ["help article 155000003533 (WhatsApp customer service window)", "platform fact F45"],
  },
  sees: { types: freeFormTypes },
  unchecked: ({ workflow }) => (workflow.triggers === null ? "needs the workflow's triggers" : null),
  *find(view) {
    const sends = freeFormTypes.flatMap((type) => view.stepsOfType(type)).filter(isFreeForm);
    if (sends.length === 0) return;
    const since = view.derive(sinceWhatsappMessage);
    for (const step of sends.sort((a, b) => a.index - b.index))
      if ((since[step.index] as number) >= whatsappWindowSeconds) yield { step };
  },
  tell({ step }, view) {
    const called = (view.workflow.triggers ?? []).length === 0;
    return {
      message: `${quoted(step)} is a free WhatsApp message, and a run can get there ${whatsappWindowSeconds / 3600} hours or more after the contact's last WhatsApp message, or without one.`,
      impact: "Outside the 24 hours WhatsApp delivers templates only: the message is refused, and no error is shown.",
      fix: `Put \u201cWhatsApp: Customer Service Window Check\u201d in front of ${quoted(step)}, keep it on the Open way, and send an approved template on the Closed way.`,
      steps: [step],
      confidence: called ? "possible" : "likely",
      evidence: { windowHours: whatsappWindowSeconds / 3600, template: false, windowCheck: false },
    };
  },
  wrong: () => [
    { title: "behind a form", workflow: workflow({ type: "form_submission" }, [free]) },
    { title: "behind a reply on any channel", workflow: workflow({ type: "customer_reply" }, [free]) },
    {
      title: "two days after the contact's WhatsApp message",
      workflow: workflow(onWhatsapp, [wait({ days: 2 }), free]),
    },
    {
      title: "short waits add up to a day",
      workflow: workflow(onWhatsapp, [wait({ hours: 12 }), wait({ hours: 13 }, "more"), free]),
    },
    { title: "on the Closed way of the check", workflow: workflow({ type: "form_submission" }, [check([], [free])]) },
    {
      title: "a day after the Open way",
      workflow: workflow({ type: "form_submission" }, [check([wait({ days: 1 }), free], [])]),
    },
    {
      title: "a picture",
      workflow: workflow({ type: "form_submission" }, [
        { id: "pic", type: "whatsapp_media", config: { media_url: "https://acme.dental/a.png" } },
      ]),
    },
    {
      title: "a loop that waits and writes again",
      workflow: workflow(onWhatsapp, [
        free,
        wait({ hours: 3 }),
        { id: "again", type: "goto", config: { target: "free" } },
      ]),
    },
  ],
  right: () => [
    {
      title: "a template",
      workflow: workflow({ type: "form_submission" }, [
        { id: "tpl", type: "whatsapp_v2", config: { template_id: "66f0" } },
      ]),
    },
    { title: "the Open way of a window check", workflow: workflow({ type: "form_submission" }, [check([free], [])]) },
    { title: "an answer to a WhatsApp message", workflow: workflow(onWhatsapp, [wait({ hours: 2 }), free]) },
    {
      title: "two days after a click-to-WhatsApp ad",
      workflow: workflow({ type: "whatsapp_referral" }, [wait({ days: 2 }), free]),
    },
    {
      title: "a loop that checks each time",
      workflow: workflow({ type: "form_submission" }, [
        { ...check([free, wait({ days: 1 }), { id: "again", type: "goto", config: { target: "check" } }], []) },
      ]),
    },
    {
      title: "after a reply on WhatsApp",
      workflow: workflow({ type: "form_submission" }, [
        { id: "tpl", type: "whatsapp_v2", config: { template_id: "66f0" } },
        {
          id: "hold",
          type: "wait",
          config: { type: "reply", replyLabel: ["WhatsApp"], startAfter: { type: "days", value: 3 } },
          branches: [
            { name: "Replied", kind: "event", actions: [free] },
            { name: "Timeout", kind: "timeout", actions: [] },
          ],
        },
      ]),
    },
    {
      title: "an unfinished step is another rule's",
      workflow: workflow({ type: "form_submission" }, [{ id: "new", type: "whatsapp_v2", config: {} }]),
    },
  ],
});

const free = { id: "free", type: "whatsapp_v2", name: "Free answer", config: { body: "How can we help?" } };
const onWhatsapp = {
  type: "customer_reply",
  conditions: [{ field: "message.type", operator: "==", value: "WhatsApp" }],
};

function wait(config: object, id = "hold"): object {
  return { id, type: "wait", config };
}

function check(open: readonly object[], closed: readonly object[]): object {
  return {
    id: "check",
    type: "whatsapp_24h_window",
    branches: [
      { name: "Open", actions: open },
      { name: "Closed", actions: closed },
    ],
  };
}

function workflow(trigger: object, actions: readonly object[]): unknown {
  return { triggers: [{ id: "start", active: true, ...trigger }], actions };
}
