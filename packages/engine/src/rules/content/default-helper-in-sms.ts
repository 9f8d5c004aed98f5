import type { MergeField } from "../../text/merge-fields.ts";
import { TextFlag } from "../../text/text-flags.ts";
import { type StepText, texts } from "../../text/texts.ts";
import { listed, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";
import { spanOf } from "./merge-field-edits.ts";

interface State {
  readonly text: StepText;
  readonly fields: readonly MergeField[];
}

export const defaultHelperInSms = defineRule<State>({
  meta: {
    code: "CONT-011",
    id: "default-helper-in-sms",
    category: "content",
    severity: "medium",
    scope: "W",
    title: "A fallback that does not work in texts",
    summary:
      "A text uses a default helper such as {{default contact.first_name \u201cthere\u201d}}, which works in emails only.",
    why: "The contact reads raw code instead of a name.",
    fix: "Branch on the empty field in front of the text, or write the text without it.",
    sources: ["help article 155000007825 (default values: email only)", "platform fact F38"],
  },
  sees: { types: ["sms", "manual-sms"] },
  *find(view) {
    const shared = view.derive(texts);
    for (const text of shared.sms) {
      if ((text.flags & TextFlag.brace) === 0) continue;
      const fields = shared
        .mergeFields(text)
        .filter(({ path, fallback, fault }) => fault === null && path !== "" && fallback !== null);
      if (fields.length > 0) yield { text, fields };
    }
  },
  tell({ text, fields }) {
    const spans = [...new Set(fields.map((field) => spanOf(text, field)))];
    return {
      message: `${quoted(text.step)} is a text and uses the fallback ${listed(spans)}, which only emails understand.`,
      impact: "The braces and the fallback are sent as they stand, and every contact sees raw code.",
      fix: `Put an If/Else on the empty field in front of ${quoted(text.step)} and write one text with the name and one without, or leave the name out.`,
      steps: [text.step],
      evidence: { field: text.keys.join("/"), spans },
    };
  },
  wrong: () => [
    { title: "the default helper", workflow: sms('Hi {{default contact.first_name "there"}}, see you on Friday') },
    { title: "a fallback behind bars", workflow: sms('Hi {{contact.first_name || "there"}}, see you on Friday') },
  ],
  right: () => [
    { title: "a plain field", workflow: sms("See you on Friday, {{contact.first_name}}") },
    {
      title: "the same helper in an email",
      workflow: {
        actions: [
          {
            id: "mail",
            type: "email",
            config: { subject: "Hi", html: '<p>Hi {{default contact.first_name "there"}}</p>' },
          },
        ],
      },
    },
    { title: "a numbered gap of a message template", workflow: sms("See you on {{1}}") },
  ],
});

function sms(body: string): unknown {
  return { actions: [{ id: "text", type: "sms", name: "Reminder", config: { body } }] };
}
