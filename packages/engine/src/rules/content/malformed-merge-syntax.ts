import type { MergeFault, MergeField } from "../../text/merge-fields.ts";
import { type StepText, texts } from "../../text/texts.ts";
import { counted, listed, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";
import { isAlwaysThere, rewriteFields, spanOf, textInWords } from "./merge-field-edits.ts";

interface State {
  readonly text: StepText;
  readonly faults: readonly (MergeField & { readonly fault: MergeFault })[];
}

const faultWords: Readonly<Record<MergeFault, string>> = {
  "single-brace": "has one brace where two belong",
  unbalanced: "has a brace missing",
  "extra-braces": "has a brace too many",
  empty: "is empty",
  "space-in-key": "has a blank inside its name",
  "tag-inside": "is cut in two by formatting",
  "curly-quotes": "has curly quotes around its fallback",
  foreign: "is written the way another mail tool wants it",
};

export const malformedMergeSyntax = defineRule<State>({
  meta: {
    code: "CONT-002",
    id: "malformed-merge-syntax",
    category: "content",
    severity: "high",
    scope: "W",
    title: "A merge field that is sent as raw code",
    summary:
      "Braces missing or too many, a blank inside the name, formatting inside the token, curly quotes in a fallback, or another tool\u2019s spelling such as [First Name] or *|FNAME|*.",
    why: "The recipient reads the code instead of the name, in every message.",
    fix: "Write the field as {{contact.first_name}}, or pick it from the builder's list.",
    sources: ["help article 48001078171 (merge fields)", "help article 155000007825 (default values)", "reasoned"],
  },
  sees: "workflow",
  *find(view) {
    for (const { text, fields } of view.derive(texts).merging) {
      // Braces in calls and code belong to them.
      if (text.role === "payload" || text.step.disabled || !fields.some(isFaulty)) continue;
      const faults = fields.filter((field) => isFaulty(field) && (text.role !== "data" || isSure(field)));
      if (faults.length > 0) yield { text, faults: faults as State["faults"] };
    }
  },
  tell({ text, faults }) {
    const first = faults[0];
    const spans = faults.map((field) => spanOf(text, field));
    const rewritten = faults.map(({ rewrite }) => rewrite).filter((token) => token !== null);
    const reader = text.role === "message" || text.role === "subject";
    return {
      message:
        first !== undefined && faults.length === 1
          ? `In ${textInWords(text)} of ${quoted(text.step)}, ${spans[0]} ${faultWords[first.fault]}.`
          : `In ${textInWords(text)} of ${quoted(text.step)}, ${counted(faults.length, "merge field")} cannot be read: ${listed(spans)}.`,
      impact: reader
        ? "Everybody who gets this message reads the raw code where a name or a date should stand."
        : "The field stays empty or unread, and the code stands where a value should be.",
      fix:
        rewritten.length > 0
          ? `Write ${listed([...new Set(rewritten)])} instead.`
          : "Delete it and pick the field from the builder\u2019s list again.",
      steps: [text.step],
      severity: reader ? "high" : "medium",
      evidence: {
        field: text.keys.join("/"),
        spans: faults.slice(0, 20).map((field) => ({
          start: field.start,
          end: field.end,
          text: spanOf(text, field),
          fault: field.fault,
          rewrite: field.rewrite,
        })),
        count: faults.length,
      },
    };
  },
  mend({ text, faults }) {
    if (!faults.every(({ certain, path }) => certain && isAlwaysThere(path))) return null;
    return rewriteFields(
      text,
      faults.map((field) => ({ field, token: field.rewrite ?? "" })),
    );
  },
  wrong: () => [
    { title: "single braces", workflow: sms("Hi {contact.first_name}, see you on Thursday") },
    { title: "a closing brace is missing", workflow: sms("Hi {{contact.first_name}, see you") },
    { title: "three braces", workflow: sms("Hi {{{contact.first_name}}}, see you") },
    { title: "a blank inside the name", workflow: sms("Hi {{contact.first name}}, see you") },
    { title: "another tool's brackets", workflow: sms("Hi [First Name], see you") },
    { title: "another tool's percent signs", workflow: sms("Hi %FNAME%, see you") },
    { title: "another tool's stars", workflow: sms("Hi *|FNAME|*, see you") },
    { title: "formatting cuts the token in two", workflow: email("Hello", "<p>Hi {{contact.<b>first_name</b>}},</p>") },
    {
      title: "curly quotes in a fallback",
      workflow: email("Hi {{default contact.first_name \u201cthere\u201d}}", "<p>Hello</p>"),
    },
    { title: "several in one text are one finding", workflow: sms("Hi {contact.first_name} [Last Name]") },
    {
      title: "in a notification to the team",
      workflow: {
        actions: [
          {
            id: "tell",
            type: "notification",
            config: { type: "sms", sms: { body: "New lead {{contact.name}", userType: "all" } },
          },
        ],
      },
    },
  ],
  right: () => [
    { title: "well-formed fields", workflow: sms("Hi {{contact.first_name}}, {{ custom_values.offer }}") },
    {
      title: "a fallback with straight quotes",
      workflow: email('Hi {{default contact.first_name "there"}}', "<p>Hello</p>"),
    },
    { title: "style sheets have braces", workflow: email("Hello", "<style>p { color: red }</style><p>Hello</p>") },
    { title: "a per cent sign", workflow: sms("10% off on Monday, 20% on Tuesday") },
    { title: "a Markdown link", workflow: sms("[Email](https://acme.dental)") },
    {
      title: "the gaps of a WhatsApp template",
      workflow: { actions: [{ id: "t", type: "whatsapp", config: { body: "Hi {{1}}" } }] },
    },
    {
      title: "JSON in a webhook body",
      workflow: {
        actions: [
          {
            id: "call",
            type: "custom_webhook",
            config: {
              method: "POST",
              url: "https://api.acme.dental",
              body: { rawData: '{"a":{"name":{contact.name}}}' },
            },
          },
        ],
      },
    },
    {
      title: "a pattern in brackets in a prompt",
      workflow: {
        actions: [
          { id: "ai", type: "chatgpt", config: { promptText: "Answer as: Hello [First Name], thanks for {topic}" } },
        ],
      },
    },
  ],
});

function isFaulty(field: MergeField): boolean {
  return field.fault !== null;
}

/** In prompts and settings only what is surely meant as a merge field counts. */
function isSure({ certain, fault }: MergeField): boolean {
  return certain && fault !== "foreign" && fault !== "single-brace";
}

function sms(body: string): unknown {
  return { actions: [{ id: "text", type: "sms", name: "Reminder", config: { body } }] };
}

function email(subject: string, html: string): unknown {
  return { actions: [{ id: "mail", type: "email", name: "Welcome", config: { subject, html } }] };
}
