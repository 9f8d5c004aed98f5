import { settingPointer } from "../../model/pointer.ts";
import { type OutputUse, outputUses } from "../../text/step-outputs.ts";
import { quoted } from "../../words.ts";
import { type ExampleStep, exampleWorkflow, sms } from "../logic/example-workflow.ts";
import { defineRule } from "../rule.ts";

interface Unsaved {
  readonly use: OutputUse;
  readonly fault: "not-saved" | "missing" | "later" | "other-way";
}

export const webhookResponseNotSaved = defineRule<Unsaved>({
  meta: {
    code: "INTG-005",
    id: "webhook-response-not-saved",
    category: "integrations",
    severity: "high",
    scope: "W",
    title: "A webhook's answer is used that is not there",
    summary:
      "A {{custom_webhook.…}} field while the call does not save its response, or whose number belongs to no call that ran before.",
    why: "The field stays blank: messages have gaps, and blanks are written over good data.",
    fix: "Switch on \u201csave response\u201d in the webhook step, and pick the field from the list again.",
    sources: ["help article 48001238167 (custom webhook)", "github.com/uxieee/uxie-ghl-factory (silent failures)"],
  },
  sees: "workflow",
  *find(view) {
    for (const use of view.derive(outputUses)) {
      if (use.stepType !== "custom_webhook") continue;
      if (use.fault !== null) yield { use, fault: use.fault };
      else if (use.producer?.attributes["saveResponse"] === false) yield { use, fault: "not-saved" };
    }
  },
  tell({ use: { text, number, producer }, fault }) {
    const token = `{{custom_webhook.${number}.…}}`;
    return {
      message: `${quoted(text.step)} uses ${token}, ${inWords(fault, producer === null ? "" : quoted(producer))}.`,
      impact: "The place stays blank, or a blank is written over what was there.",
      fix:
        fault === "not-saved" && producer !== null
          ? `Switch on "save response" in ${quoted(producer)}.`
          : "Pick the field from the list again, from a webhook step that runs before.",
      steps: producer === null ? [text.step] : [text.step, producer],
      evidence: { token, fault, field: text.keys.join("/"), webhook: producer?.name ?? null },
      hangsOn: [text.step.id, ...(producer === null ? [] : [producer.id])],
    };
  },
  mend({ use: { producer }, fault }) {
    const path = fault === "not-saved" && producer !== null ? settingPointer(producer, "saveResponse") : null;
    return path === null ? null : [{ op: "replace", path, value: true }];
  },
  wrong: () => [
    { title: "the response is not saved", workflow: exampleWorkflow([call(false), code]) },
    {
      title: "no webhook has this number",
      workflow: exampleWorkflow([{ ...call(true), stepIndex: 2 }, code]),
    },
    { title: "the call comes later", workflow: exampleWorkflow([code, call(true)]) },
    { title: "there is no webhook at all", workflow: exampleWorkflow([code]) },
  ],
  right: () => [
    { title: "saved, and called before", workflow: exampleWorkflow([call(true), code]) },
    {
      title: "the document does not say whether it is saved",
      workflow: exampleWorkflow([
        { id: "call", type: "custom_webhook", attributes: { method: "GET", url: "https://api.acme.dental" } },
        code,
      ]),
    },
    {
      title: "outputs of AI steps are another rule's",
      workflow: exampleWorkflow([sms("a", "{{chatgpt.9.response}}")]),
    },
    { title: "nothing uses the response", workflow: exampleWorkflow([call(false), sms("thanks")]) },
  ],
});

function inWords(fault: Unsaved["fault"], producer: string): string {
  switch (fault) {
    case "not-saved":
      return `and ${producer} does not save its response`;
    case "missing":
      return "and no webhook step has that number";
    case "later":
      return `and ${producer} runs only later`;
    case "other-way":
      return `and some contacts come here without passing ${producer}`;
  }
}

function call(saveResponse: boolean): ExampleStep {
  const attributes = { method: "POST", url: "https://api.acme.dental/accounts", saveResponse };
  return { id: "call", type: "custom_webhook", name: "Create the account", stepIndex: 1, attributes };
}

const code = sms("code", "Acme: your code is {{custom_webhook.1.code}}. Reply STOP to unsubscribe");
