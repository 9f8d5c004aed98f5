import { inOtherLanguages } from "../../text/languages.ts";
import { type PromisedCall, promisedCalls } from "../../text/promised-calls.ts";
import { quoted } from "../../words.ts";
import { exampleWorkflow, row, sms } from "../logic/example-workflow.ts";
import { defineRule } from "../rule.ts";

export const webhookFailureUnobserved = defineRule<PromisedCall>({
  meta: {
    code: "INTG-004",
    id: "webhook-failure-unobserved",
    category: "integrations",
    severity: "medium",
    scope: "W",
    title: "Nobody notices when the call fails",
    summary:
      "A later step reads a webhook's answer, or tells the contact that it is done, with no decision on the answer and no alert between.",
    why: "A call that fails is skipped without an error: the contact is promised something that did not happen.",
    fix: "Branch on a field of the answer, go on where it says so, and tell the team on the other way.",
    sources: ["help article 48001238167 (custom webhook)", "platform fact F31"],
  },
  sees: { types: ["webhook", "custom_webhook"] },
  partlyUnchecked: (view) => inOtherLanguages(view),
  *find(view) {
    yield* view.derive(promisedCalls);
  },
  tell({ call, step, by }) {
    return {
      message:
        by === "response"
          ? `${quoted(step)} uses the answer of ${quoted(call)}, and nothing looks whether there is one.`
          : `${quoted(step)} tells the contact that it is done, and nothing looks whether ${quoted(call)} worked.`,
      impact: "When the call fails, the run goes on: the contact is told or given something that is not there.",
      fix: `Behind ${quoted(call)}, ask for a field of its answer. Go on to ${quoted(step)} only if it is there, and alert the team otherwise.`,
      steps: [call, step],
      evidence: { call: call.name, dependent: step.name, reliesOn: by },
      confidence: by === "response" ? "certain" : "likely",
      at: step,
      hangsOn: [call.id, step.id],
    };
  },
  wrong: () => [
    {
      title: "the answer is written into a text",
      workflow: exampleWorkflow([
        call,
        sms("code", "Acme: your code is {{custom_webhook.1.code}}. Reply STOP to unsubscribe"),
      ]),
    },
    {
      title: "the account is promised",
      workflow: exampleWorkflow([call, sms("done", "Acme: your account is ready. Reply STOP to unsubscribe")]),
    },
    {
      title: "in Spanish",
      workflow: exampleWorkflow([call, sms("done", "Acme: tu cuenta está lista. Responde STOP")]),
    },
    {
      title: "in German",
      workflow: exampleWorkflow([call, sms("done", "Acme: Ihr Konto wurde eingerichtet. Antworten Sie STOPP")]),
    },
  ],
  right: () => [
    { title: "fire and forget: nothing depends on it", workflow: exampleWorkflow([call, sms("thanks")]) },
    {
      title: "the answer is looked at first",
      workflow: exampleWorkflow([
        call,
        {
          id: "ok",
          name: "Done?",
          branches: [
            {
              name: "Yes",
              rows: [row("custom_webhook", "1.status", "==", "ok")],
              steps: [sms("done", "Acme: your account is ready. Reply STOP to unsubscribe")],
            },
          ],
        },
      ]),
    },
    {
      title: "the team is told and looks after it",
      workflow: exampleWorkflow([
        call,
        { id: "tell", type: "internal_notification", attributes: { type: "sms" } },
        sms("done", "Acme: your account is ready. Reply STOP to unsubscribe"),
      ]),
    },
    { title: "no retry, timeout or error setting is asked for: there is none", workflow: exampleWorkflow([call]) },
    {
      title: "another language than the phrases'",
      workflow: exampleWorkflow([
        call,
        sms("done", "Acme : votre compte est prêt, nous vous remercions de votre confiance"),
      ]),
    },
  ],
});

const call = {
  id: "call",
  type: "custom_webhook",
  name: "Create the account",
  attributes: { method: "POST", url: "https://api.acme.dental/accounts", saveResponse: true },
};
