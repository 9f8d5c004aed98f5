import { Trait } from "../../model/traits.ts";
import { type Prompt, prompts } from "../../text/prompts.ts";
import { sensitiveKindOf } from "../../text/sensitive-fields.ts";
import { listed, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface Personal {
  readonly token: string;
  readonly kind: string;
}

interface State {
  readonly prompt: Prompt;
  readonly personal: readonly Personal[];
}

export const personalDataToModel = defineRule<State>({
  meta: {
    code: "AI-009",
    id: "personal-data-to-model",
    category: "ai",
    severity: "high",
    scope: "W",
    title: "Personal data goes to a model that does not need it",
    summary:
      "A phone number, an email address, a date of birth, or a health, identity or payment field stands in the prompt of an AI step.",
    why: "The data leaves for another company. Without a contract for it that is a privacy breach, and for health data a costly one.",
    fix: "Leave these fields out of the prompt: the model rarely needs them. Put them into the message yourself.",
    sources: [
      "help article 155000000169 (external AI models)",
      "Regulation (EU) 2016/679, articles 5 and 28",
      "reasoned",
    ],
  },
  sees: { traits: Trait.ai },
  *find(view) {
    for (const prompt of view.derive(prompts)) {
      const personal = new Map<string, Personal>();
      for (const { path } of prompt.fields) {
        const kind = personalKind(path);
        if (kind !== null) personal.set(path, { token: `{{${path}}}`, kind });
      }
      if (personal.size > 0) yield { prompt, personal: [...personal.values()] };
    }
  },
  tell({ prompt: { step }, personal }) {
    const kinds = [...new Set(personal.map(({ kind }) => kind))];
    return {
      message: `${quoted(step)} sends ${listed(personal.map(({ token }) => token))} to a model.`,
      impact: `The contact's ${listed(kinds)} leaves for another company with every run. Without a contract that covers it, that is a breach of privacy law. This is a risk, not legal advice.`,
      fix: `Take ${personal.length === 1 ? "it" : "them"} out of the prompt. Where the answer must hold ${personal.length === 1 ? "it" : "them"}, put the field into the message that is sent. If a contract covers it, accept this finding with that reason.`,
      steps: [step],
      confidence: "likely",
      evidence: { tokens: personal },
    };
  },
  wrong: () => [
    {
      title: "phone and email",
      workflow: gpt("Write to {{contact.first_name}}, {{contact.email}}, {{contact.phone}}"),
    },
    { title: "a date of birth", workflow: gpt("Wish {{contact.date_of_birth}} a happy birthday") },
    { title: "a health field", workflow: gpt("Advise on {{contact.current_medication}}") },
    { title: "a Spanish field", workflow: gpt("Resume {{contact.historial_medico}}") },
    {
      title: "the question of an AI decision",
      workflow: {
        actions: [
          {
            id: "which",
            type: "workflow_ai_decision_maker",
            config: { information: "{{contact.ssn}}" },
            branches: [{ name: "Default Branch", actions: [] }],
          },
        ],
      },
    },
  ],
  right: () => [
    { title: "a first name and a city", workflow: gpt("Greet {{contact.first_name}} from {{contact.city}}") },
    { title: "the message to be answered", workflow: gpt("Answer {{message.body}}") },
    {
      title: "the location's own phone and email",
      workflow: gpt("Sign with {{location.phone}} and {{location.email}}"),
    },
    { title: "a word that only holds one", workflow: gpt("{{contact.discard_reason}}") },
    {
      title: "phone and email in the message that is sent",
      workflow: { actions: [{ id: "t", type: "sms", config: { body: "We call {{contact.phone}}" } }] },
    },
  ],
});

const contactDetails: ReadonlyMap<string, string> = new Map([
  ["phone", "phone number"],
  ["phoneraw", "phone number"],
  ["email", "email address"],
  ["fulladdress", "address"],
  ["address1", "address"],
]);

/** What a merge field tells of the contact that a model need not know; null: nothing of the kind. */
function personalKind(path: string): string | null {
  const dot = path.indexOf(".");
  const root = path.slice(0, dot).toLowerCase();
  if (dot < 0 || root === "location" || root === "user" || root === "custom_values" || root === "location_owner")
    return null;
  const field = path
    .slice(path.lastIndexOf(".") + 1)
    .replaceAll("_", "")
    .toLowerCase();
  return contactDetails.get(field) ?? sensitiveKindOf(path.slice(dot + 1));
}

function gpt(promptText: string): unknown {
  return { actions: [{ id: "gpt", type: "chatgpt", name: "Write the text", config: { promptText } }] };
}
