import { Trait } from "../../model/traits.ts";
import type { Step } from "../../model/workflow.ts";
import type { StepText } from "../../text/texts.ts";
import { quoted } from "../../words.ts";
import { spanOf } from "../content/merge-field-edits.ts";
import { defineRule } from "../rule.ts";
import { aiOutputUses, byText, isSent, isWritten, reachedUnchecked } from "./ai-outputs.ts";

interface State {
  readonly text: StepText;
  readonly token: string;
  readonly producer: Step;
  readonly sent: boolean;
}

export const aiFailureSendsEmpty = defineRule<State>({
  meta: {
    code: "AI-006",
    id: "ai-failure-sends-empty",
    category: "ai",
    severity: "high",
    scope: "W",
    title: "When the model fails, an empty message goes out",
    summary:
      "The output of an AI step is sent or written with nothing in between that checks whether there is one. Medium where it is only written: HighLevel keeps the old value then.",
    why: "Models time out, run out of credit and refuse. The run goes on, and the contact gets an empty message or half a sentence.",
    fix: "Branch behind the AI step on \u201cresponse is not empty\u201d, and send a fixed text or tell a person on the other way.",
    sources: ["help article 155000000209 (GPT)", "platform facts F38, F41", "reasoned"],
  },
  sees: { traits: Trait.ai },
  *find(view) {
    const uses = view.derive(aiOutputUses).filter((use) => use.fault === null && (isSent(use) || isWritten(use)));
    if (uses.length === 0) return;
    const reaches = view.derive(reachedUnchecked);
    for (const [text, inText] of byText(uses))
      for (const use of inText) {
        const { producer, field } = use;
        if (producer === null || !reaches(producer, text.step)) continue;
        yield { text, producer, token: spanOf(text, field), sent: isSent(use) };
        break;
      }
  },
  tell: ({ text, token, producer, sent }) => ({
    message: `${quoted(text.step)} ${sent ? "sends" : "writes"} ${token} of ${quoted(producer)}, and nothing in between checks that there is an answer.`,
    impact: sent
      ? "When the model times out, refuses or has no credit left, the contact gets an empty message, and no error shows."
      : "When the model gives nothing, the old value stays and is read as if it were new.",
    fix: `Put an If/Else \u201cresponse is not empty\u201d behind ${quoted(producer)}, and on the other way send a fixed text or notify a user.`,
    steps: [text.step, producer],
    hangsOn: [text.step.id],
    severity: sent ? "high" : "medium",
    confidence: "likely",
    evidence: { token, writtenBy: producer.id, use: sent ? "sent" : "written", field: text.keys.join("/") },
  }),
  wrong: () => [
    { title: "sent right behind the model", workflow: workflow([sms("Hi, {{chatgpt.1.response}}")]) },
    {
      title: "in the subject of an email",
      workflow: workflow([{ id: "mail", type: "email", config: { subject: "{{chatgpt.1.response}}", html: "Hello" } }]),
    },
    { title: "written to a field, medium", workflow: workflow([field("{{chatgpt.1.response}}")]) },
    {
      title: "sent after a wait",
      workflow: workflow([{ id: "hold", type: "wait", config: { days: 1 } }, sms("{{chatgpt.1.response}}")]),
    },
    {
      title: "twice in one text is one finding",
      workflow: workflow([sms("{{chatgpt.1.response}} {{chatgpt.1.response}}")]),
    },
  ],
  right: () => [
    {
      title: "only filled answers are sent",
      workflow: workflow([
        {
          id: "filled",
          type: "condition",
          branches: [
            {
              name: "Filled",
              conditions: [{ field: "chatgpt.1.response", operator: "has_value" }],
              actions: [sms("{{chatgpt.1.response}}")],
            },
            { name: "None", actions: [] },
          ],
        },
      ]),
    },
    {
      title: "its length is measured first",
      workflow: workflow([
        {
          id: "length",
          type: "text_formatter",
          stepIndex: 2,
          config: { formatterType: "length", field: "{{chatgpt.1.response}}" },
        },
        {
          id: "filled",
          type: "condition",
          branches: [
            {
              name: "Long",
              conditions: [{ field: "text_formatter.2.result", operator: ">", value: "5" }],
              actions: [sms("{{chatgpt.1.response}}")],
            },
            { name: "None", actions: [] },
          ],
        },
      ]),
    },
    {
      title: "a note may be empty",
      workflow: workflow([{ id: "note", type: "add_notes", config: { html: "{{chatgpt.1.response}}" } }]),
    },
    {
      title: "the team may see an empty draft",
      workflow: workflow([
        {
          id: "tell",
          type: "notification",
          config: { type: "sms", sms: { body: "{{chatgpt.1.response}}", userType: "all" } },
        },
      ]),
    },
    {
      title: "a person sends it",
      workflow: workflow([{ id: "hand", type: "manual-sms", config: { body: "{{chatgpt.1.response}}" } }]),
    },
    { title: "a wrong number is another rule's", workflow: workflow([sms("{{chatgpt.7.response}}")]) },
  ],
});

function sms(body: string): object {
  return { id: "text", type: "sms", name: "Send the answer", config: { body } };
}

function field(value: string): object {
  return {
    id: "write",
    type: "update_contact_field",
    config: { actionType: "update_field_data", fields: [{ field: "summary", value }] },
  };
}

function workflow(actions: readonly object[]): unknown {
  return {
    actions: [
      { id: "gpt", type: "chatgpt", name: "Write the answer", stepIndex: 1, config: { promptText: "Say hello" } },
      ...actions,
    ],
  };
}
