import { Trait } from "../../model/traits.ts";
import { replaceFields } from "../../text/merge-fields.ts";
import { hitOf } from "../../text/phrase-scan.ts";
import { phrasesIn } from "../../text/phrases.ts";
import { prompts } from "../../text/prompts.ts";
import type { OutputUse } from "../../text/step-outputs.ts";
import { type StepText, texts } from "../../text/texts.ts";
import type { Analysis, View } from "../../view.ts";
import { listed, quoted } from "../../words.ts";
import { spanOf } from "../content/merge-field-edits.ts";
import { defineRule } from "../rule.ts";
import { aiOutputUses, byText, isSent, reachedUnchecked } from "./ai-outputs.ts";

interface State {
  readonly text: StepText;
  readonly uses: readonly OutputUse[];
  /** What makes an invented answer harmful here: "price", "patient". */
  readonly sensitive: string | null;
}

/** A greeting and a name around the answer do not make it reviewed. */
const MOST_LETTERS_BESIDE = 40;

export const aiOutputSentUnreviewed = defineRule<State>({
  meta: {
    code: "AI-001",
    id: "ai-output-sent-unreviewed",
    category: "ai",
    severity: "high",
    scope: "W",
    title: "What a model wrote is sent as it is",
    summary:
      "The output of an AI step is the whole message, with no check of it and no person in between, and nothing says that a machine writes. High where prices, law or health are concerned, else medium.",
    why: "A model invents prices, promises and diagnoses, and now and then answers with nothing or with ten segments.",
    fix: "Send the draft to a user first, or check it (not empty, not too long) and say that the answer is automatic.",
    sources: ["help article 155000000209 (GPT: review before sending)", "github.com/uxieee/uxie-ghl-factory"],
  },
  sees: { traits: Trait.ai },
  *find(view) {
    const uses = view.derive(aiOutputUses).filter(isSent);
    if (uses.length === 0) return;
    const reaches = view.derive(reachedUnchecked);
    for (const [text, inText] of byText(uses)) {
      if (text.role === "subject" || !isWhole(view, text, inText)) continue;
      if (inText.some(({ producer }) => producer !== null && !reaches(producer, text.step))) continue;
      yield { text, uses: inText, sensitive: view.derive(sensitiveMatter) };
    }
  },
  tell({ text, uses, sensitive }) {
    const tokens = [...new Set(uses.map(({ field }) => spanOf(text, field)))];
    const writers = [...new Set(uses.flatMap(({ producer }) => (producer === null ? [] : [producer])))];
    return {
      message: `${quoted(text.step)} sends ${listed(tokens)}${writers.length === 0 ? "" : ` of ${listed(writers.map(quoted))}`} as it is: nobody and nothing has looked at it.`,
      impact:
        sensitive === null
          ? "The contact reads whatever the model wrote: a wrong fact, an empty message, or a text that costs ten segments."
          : `The contact reads whatever the model wrote, and here (\u201c${sensitive}\u201d) an invented answer does harm: a price you must honour, or advice nobody may give.`,
      fix: `Send the draft to a user with an internal notification, or put an If/Else behind the AI step that lets only filled answers of a sensible length through, and say that the answer is automatic.`,
      steps: [text.step, ...writers],
      hangsOn: [text.step.id],
      severity: sensitive === null ? "medium" : "high",
      confidence: "likely",
      evidence: { tokens, writtenBy: writers.map(({ id }) => id), sensitiveMatter: sensitive, checks: 0 },
    };
  },
  wrong: () => [
    {
      title: "the answer is the whole text",
      workflow: workflow("Say hello to {{contact.first_name}}", [sms("{{chatgpt.1.response}}")]),
    },
    {
      title: "where prices are concerned, high",
      workflow: workflow("Answer questions about our prices", [sms("{{chatgpt.1.response}}")]),
    },
    {
      title: "a name below the answer changes nothing",
      workflow: workflow("Say hello", [sms("{{chatgpt.1.response}}\nYour Acme team")]),
    },
    {
      title: "a condition on something else",
      workflow: workflow("Say hello", [
        {
          id: "which",
          type: "condition",
          branches: [
            {
              name: "Rome",
              conditions: [{ field: "contact.city", operator: "==", value: "Rome" }],
              actions: [sms("{{chatgpt.1.response}}")],
            },
            { name: "None", actions: [] },
          ],
        },
      ]),
    },
  ],
  right: () => [
    {
      title: "the output is checked first",
      workflow: workflow("Say hello", [checked([sms("{{chatgpt.1.response}}")])]),
    },
    {
      title: "a person sends it",
      workflow: workflow("Say hello", [{ id: "hand", type: "manual-sms", config: { body: "{{chatgpt.1.response}}" } }]),
    },
    {
      title: "a person has seen it",
      workflow: workflow("Say hello", [{ id: "hand", type: "manual-call", config: {} }, sms("{{chatgpt.1.response}}")]),
    },
    {
      title: "it says that a machine writes",
      workflow: workflow("Say hello", [sms("Automatic reply: {{chatgpt.1.response}}")]),
    },
    {
      title: "one line in a text of your own",
      workflow: workflow("Say hello", [
        sms(
          "Acme Dental: thank you for your registration, we look forward to your visit. {{chatgpt.1.response}} See you on Monday.",
        ),
      ]),
    },
    {
      title: "a draft for the team",
      workflow: workflow("Say hello", [
        {
          id: "tell",
          type: "notification",
          config: { type: "sms", sms: { body: "{{chatgpt.1.response}}", userType: "all" } },
        },
      ]),
    },
    {
      title: "the output of a formatter",
      workflow: { actions: [{ id: "f", type: "text_formatter", config: {} }, sms("{{text_formatter.1.result}}")] },
    },
  ],
});

/** Hardly anything but the output, and no word that a machine writes. */
function isWhole(view: View, text: StepText, uses: readonly OutputUse[]): boolean {
  const shared = view.derive(texts);
  if (hitOf(shared.reading(text), "automationDisclosure") !== null) return false;
  const rest = replaceFields(
    text.value,
    uses.map(({ field }) => field),
    () => " ",
  );
  return (rest.match(/\p{L}/gu)?.length ?? 0) <= MOST_LETTERS_BESIDE;
}

/** A word of the prompts or the workflow's name that says that invented answers do harm here; null: none. */
const sensitiveMatter: Analysis<string | null> = (view) => {
  const spoken = [view.workflow.name, ...view.derive(prompts).map(({ text }) => text)];
  for (const words of spoken) {
    const [found] = phrasesIn(words, "sensitiveMatter");
    if (found !== undefined) return found;
  }
  return null;
};

function sms(body: string): object {
  return { id: "text", type: "sms", name: "Send the answer", config: { body } };
}

function checked(actions: readonly object[]): object {
  return {
    id: "filled",
    type: "condition",
    branches: [
      { name: "Filled", conditions: [{ field: "chatgpt.1.response", operator: "has_value" }], actions },
      { name: "None", actions: [] },
    ],
  };
}

function workflow(promptText: string, actions: readonly object[]): unknown {
  return {
    actions: [
      { id: "gpt", type: "chatgpt", name: "Write the answer", stepIndex: 1, config: { promptText } },
      ...actions,
    ],
  };
}
