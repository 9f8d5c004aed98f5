import { reachedWithoutName } from "../../conditions/filled.ts";
import { foreignPlaceholders } from "../../domain/merge-fields.ts";
import { triggerTypeOf } from "../../domain/trigger-types.ts";
import { reachability } from "../../graph/reachability.ts";
import { Trait } from "../../model/traits.ts";
import { greetingBefore } from "../../text/greetings.ts";
import { inOtherLanguages } from "../../text/languages.ts";
import { meaningOf, suggestPath } from "../../text/merge-field-lookup.ts";
import type { MergeField } from "../../text/merge-fields.ts";
import { TextFlag } from "../../text/text-flags.ts";
import { type StepText, texts } from "../../text/texts.ts";
import type { View } from "../../view.ts";
import { quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";
import { rewriteFields, spanOf, textInWords } from "./merge-field-edits.ts";

interface State {
  readonly text: StepText;
  readonly fields: readonly MergeField[];
  /** The word in front of the first of them; "" where it starts the text; null in a subject. */
  readonly greeting: string | null;
}

export const mergeFieldNoFallback = defineRule<State>({
  meta: {
    code: "CONT-004",
    id: "merge-field-no-fallback",
    category: "content",
    severity: "medium",
    scope: "W",
    title: "A greeting with a gap when the name is missing",
    summary:
      "The contact's name in a greeting or a subject line, with no fallback in an email, and no condition in front of a text that has found the name filled.",
    why: "Contacts without a name read \u201cHi ,\u201d. It shows that a machine writes, and fewer people answer.",
    fix: "Give the field a fallback in emails. In front of a text, branch on the empty name and write one text without it.",
    sources: [
      "help article 48001078171 (merge fields)",
      "help article 155000007825 (default values)",
      "platform fact F38",
    ],
  },
  sees: { traits: Trait.send },
  partlyUnchecked: (view) => inOtherLanguages(view, (text) => isSent(text) && (text.flags & TextFlag.brace) !== 0),
  *find(view) {
    const shared = view.derive(texts);
    const namePaths = new Set([...shared.paths].filter((path) => isName(meantBy(path))));
    const mayBeName = ({ path, fault }: MergeField) => (fault === null ? namePaths.has(path) : isName(meantBy(path)));
    for (const { text, fields: read } of shared.merging) {
      if (!isSent(text)) continue;
      let greeting: string | null = null;
      const fields: MergeField[] = [];
      for (const field of read) {
        if (field.fallback !== null || field.path === "" || !mayBeName(field)) continue;
        const word = text.role === "subject" ? null : greetingBefore(text.value, field.start, text.html);
        if (text.role !== "subject" && word === null) continue;
        if (fields.length === 0) greeting = word;
        fields.push(field);
      }
      if (fields.length > 0 && view.derive(reachedWithoutName)[text.step.index] === 1) yield { text, fields, greeting };
    }
  },
  tell({ text, fields, greeting }, view) {
    const token = fields[0] === undefined ? "" : spanOf(text, fields[0]);
    const email = text.step.type === "email";
    return {
      message: `${quoted(text.step)} uses ${token} in ${text.role === "subject" ? textInWords(text) : "its greeting"}, and nothing stands in for contacts whose name is empty.`,
      impact:
        `Contacts without a name read "${greeting === null || greeting === "" ? "" : `${greeting.charAt(0).toUpperCase()}${greeting.slice(1)} `},\u201d or worse, and answer less.`.replace(
          '"',
          "\u201c",
        ),
      fix: email
        ? 'Write {{default contact.first_name "there"}}, or set the default value of the field in the editor.'
        : `Put an If/Else \u201cFirst Name is empty\u201d in front of ${quoted(text.step)} and write one text without the name: a fallback does not work in texts.`,
      steps: [text.step],
      confidence: askedForInForm(view, text) ? "possible" : "likely",
      evidence: { field: text.keys.join("/"), token, channel: email ? "email" : text.step.type, times: fields.length },
    };
  },
  mend({ text, fields, greeting }, view) {
    // "Hi there" is English; other languages greet nobody without a name.
    if (text.step.type !== "email" || greeting === null || !thereAfter.has(greeting)) return null;
    if (fields.some(({ fault, path }) => fault !== null || !isName(path))) return null;
    const { language } = view.derive(texts).reading(text);
    if (language !== "en" && language !== "unknown") return null;
    return rewriteFields(
      text,
      fields.map((field) => ({ field, token: `{{default ${field.path} "there"}}` })),
    );
  },
  wrong: () => [
    { title: "a text that greets", workflow: workflow([sms("Hi {{contact.first_name}}, your table is ready.")]) },
    {
      title: "an email that greets",
      workflow: workflow([email("News of May", "<p>Hello <b>{{contact.first_name}}</b>,</p>")]),
    },
    {
      title: "a name in the subject",
      workflow: workflow([email("{{contact.first_name}}, your offer", "<p>Hello</p>")]),
    },
    { title: "a name that starts the text", workflow: workflow([sms("{{contact.first_name}}, your table is ready.")]) },
    { title: "in Spanish", workflow: workflow([sms("Hola {{contact.first_name}}, su mesa está lista.")]) },
    { title: "in German", workflow: workflow([email("Neues", "<p>Liebe {{contact.first_name}},</p>")]) },
    {
      title: "behind a form, which may ask for the name",
      workflow: workflow([sms("Hi {{contact.first_name}}, thanks.")], "form_submission"),
    },
    {
      title: "a condition on something else",
      workflow: workflow([
        {
          id: "which",
          type: "condition",
          branches: [
            {
              name: "Rome",
              conditions: [{ field: "contact.city", operator: "==", value: "Rome" }],
              actions: [sms("Hi {{contact.first_name}}")],
            },
            { name: "None", actions: [] },
          ],
        },
      ]),
    },
  ],
  right: () => [
    {
      title: "a fallback in an email",
      workflow: workflow([email("News", '<p>Hello {{default contact.first_name "there"}},</p>')]),
    },
    { title: "no name at all", workflow: workflow([sms("Your table is ready.")]) },
    {
      title: "a condition found the name filled",
      workflow: workflow([
        {
          id: "which",
          type: "condition",
          branches: [
            {
              name: "Named",
              conditions: [{ field: "contact.first_name", operator: "has_value" }],
              actions: [sms("Hi {{contact.first_name}}")],
            },
            { name: "None", actions: [sms("Hi there", "other")] },
          ],
        },
      ]),
    },
    {
      title: "those without a name are led away",
      workflow: workflow([
        {
          id: "which",
          type: "condition",
          branches: [
            {
              name: "Nameless",
              conditions: [{ field: "contact.first_name", operator: "has_no_value" }],
              actions: [sms("Hi there", "other")],
            },
            { name: "None", actions: [sms("Hi {{contact.first_name}}")] },
          ],
        },
      ]),
    },
    {
      title: "the name in the middle of a sentence",
      workflow: workflow([sms("We booked the table for {{contact.name}} at eight.")]),
    },
    { title: "the name of the user who writes", workflow: workflow([sms("Hi, {{user.first_name}} of Acme here.")]) },
    {
      title: "a fallback in a text is another rule's",
      workflow: workflow([sms('Hi {{default contact.first_name "there"}}')]),
    },
    {
      title: "a text that a person sends by hand",
      workflow: workflow([{ id: "hand", type: "manual-sms", config: { body: "Hi {{contact.first_name}}" } }]),
    },
    {
      title: "in French it is not known what greets",
      workflow: workflow([sms("Bonjour {{contact.first_name}}, votre table est prête pour vous et toute la famille.")]),
    },
    {
      title: "a message to the team",
      workflow: workflow([
        {
          id: "tell",
          type: "notification",
          config: { type: "sms", sms: { body: "Hi {{contact.first_name}}", userType: "all" } },
        },
      ]),
    },
  ],
});

/** A message of the workflow itself: a person who sends by hand sees the gap. */
function isSent({ role, step }: StepText): boolean {
  return (role === "message" || role === "subject") && !step.disabled && (step.traits & Trait.send) !== 0;
}

const names: ReadonlySet<string> = new Set([
  "firstname",
  "name",
  "fullname",
  "lastname",
  "firstnamelowercase",
  "lastnamelowercase",
]);

function isName(path: string): boolean {
  return /^contact\./i.test(path) && names.has(path.slice(8).replaceAll("_", "").toLowerCase());
}

/** A misspelt or foreign field is another rule's finding; put right, it would still have no fallback. */
function meantBy(path: string): string {
  if (meaningOf(path).kind === "known") return path;
  return foreignPlaceholders.get(path.replace(/[\s_-]/g, "").toLowerCase()) ?? suggestPath(path)?.path ?? path;
}

/** "Hi there", "Hello there"; not "Dear there". */
const thereAfter: ReadonlySet<string> = new Set(["hi", "hey", "hello", "hiya"]);

/** Forms mostly ask for the name; whether this one insists on it the document does not say. */
function askedForInForm(view: View, { step }: StepText): boolean {
  const { reached, start, before } = view.derive(reachability);
  if (reached[step.index] === 0) return false;
  let node = step.index;
  while ((before[node] as number) !== -1) node = before[node] as number;
  const trigger = view.workflow.triggers?.[start[node] as number];
  return trigger !== undefined && triggerTypeOf(trigger.type)?.supplies.includes("form") === true;
}

function sms(body: string, id = "text"): object {
  return { id, type: "sms", name: "Greeting", config: { body } };
}

function email(subject: string, html: string): object {
  return { id: "mail", type: "email", name: "Greeting", config: { subject, html } };
}

function workflow(actions: readonly object[], trigger = "contact_tag"): unknown {
  return { triggers: [{ id: "start", type: trigger, active: true }], actions };
}
