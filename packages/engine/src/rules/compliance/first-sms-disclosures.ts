import { triggerTypeOf } from "../../domain/trigger-types.ts";
import { NOBODY, spread, startsBy } from "../../graph/spread.ts";
import { textOf } from "../../model/attributes.ts";
import { settingPointer } from "../../model/pointer.ts";
import type { Trigger } from "../../model/workflow.ts";
import type { Severity } from "../../report/types.ts";
import { expanded } from "../../text/expanded-length.ts";
import { firstTexts } from "../../text/first-texts.ts";
import { inOtherLanguages } from "../../text/languages.ts";
import { mergeFieldsOf, replaceFields } from "../../text/merge-fields.ts";
import { hitOf } from "../../text/phrase-scan.ts";
import { namesSender } from "../../text/sender-name.ts";
import { smsSegments } from "../../text/sms-segments.ts";
import { type StepText, texts } from "../../text/texts.ts";
import type { Analysis, View } from "../../view.ts";
import { listed, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

type Part = "opt-out" | "standard-opt-out" | "sender-name";

interface State {
  readonly text: StepText;
  readonly missing: readonly Part[];
}

const partWords: Readonly<Record<Part, string>> = {
  "opt-out": "does not say how to stop the texts",
  "standard-opt-out": "tells how to stop with a word that HighLevel does not know",
  "sender-name": "does not say who writes",
};

export const firstSmsDisclosures = defineRule<State>({
  meta: {
    code: "COMP-002",
    id: "first-sms-disclosures",
    category: "compliance",
    severity: "medium",
    scope: "W+F",
    title: "The first text does not say who writes or how to stop",
    summary:
      "The first text of a run lacks the sender's name or a full opt-out phrase, or asks for another word than the standard ones (\u201creply 2 to opt out\u201d). High when the location's compliance toggles are known to be off, info when they are known to be on.",
    why: "Carriers filter such texts as spam (error 30007) and suspend the number; and a contact who answers \u201c2\u201d is not opted out.",
    fix: "Begin with the business's name and end with \u201cReply STOP to unsubscribe\u201d, or switch the SMS compliance toggles on.",
    sources: [
      "help article 155000004684 (SMS compliance toggles, which phrases count)",
      "help article 48001213941 (LC Phone policy)",
      "help article 48001237726 (error 30007)",
    ],
  },
  sees: { types: ["sms"] },
  partlyUnchecked: (view) => inOtherLanguages(view, (text) => isFirst(view, text)),
  *find(view) {
    const shared = view.derive(texts);
    const first = view.derive(firstTexts);
    for (const text of shared.sms) {
      if (first[text.step.index] !== 1 || !isFirst(view, text)) continue;
      const missing = missingParts(view, text);
      if (missing.length > 0) yield { text, missing };
    }
  },
  tell({ text, missing }, view) {
    const severities = missing.map((part) => severityOf(part, view));
    const severity = order.find((one) => severities.includes(one)) ?? "medium";
    return {
      message: `${quoted(text.step)} is the first text that a contact gets, and it ${listed(missing.map((part) => partWords[part]))}.`,
      impact:
        severity === "info"
          ? "HighLevel appends what is missing, because the location's compliance toggles are on. With them off the text would be filtered."
          : "Carriers filter texts without these lines (error 30007) and suspend numbers that send many of them. You pay for them all the same.",
      fix: missing.includes("sender-name")
        ? `Begin ${quoted(text.step)} with the name of the business and end it with \u201cReply STOP to unsubscribe.\u201d`
        : `End ${quoted(text.step)} with \u201cReply STOP to unsubscribe.\u201d${missing.includes("standard-opt-out") ? " instead: only STOP, UNSUBSCRIBE, CANCEL, END and QUIT work by themselves." : ""}`,
      steps: [text.step],
      severity,
      confidence: missing.length === 1 && missing[0] === "sender-name" ? "possible" : "likely",
      evidence: {
        missing,
        smsOptOutText: view.options.location.toggles.smsOptOutText ?? null,
        smsSenderId: view.options.location.toggles.smsSenderId ?? null,
      },
    };
  },
  mend({ text, missing }, view) {
    const path = settingPointer(text.step, ...text.keys);
    if (path === null || missing.length !== 1 || missing[0] !== "opt-out") return null;
    const value = `${text.value.trimEnd()}\n${optOutLine(view.derive(texts).reading(text).language)}`;
    // A line that makes the text dearer is for a person to decide.
    return segmentsOf(value, view) > Math.max(1, segmentsOf(text.value, view))
      ? null
      : [{ op: "replace", path, value }];
  },
  wrong: () => [
    { title: "no way to stop", workflow: workflow("Acme Dental: your guide is ready at https://acme.dental/guide") },
    { title: "no sender", workflow: workflow("Your guide is ready. Reply STOP to unsubscribe.") },
    {
      title: "neither, and nothing appended: high",
      workflow: workflow("Your guide is ready."),
      options: { facts: { toggles: { smsOptOutText: false, smsSenderId: false } } },
    },
    {
      title: "neither, but HighLevel appends both: info",
      workflow: workflow("Your guide is ready."),
      options: { facts: { toggles: { smsOptOutText: true, smsSenderId: true } } },
    },
    { title: "a word that HighLevel does not know", workflow: workflow("Acme Gym: we miss you! Reply 2 to opt out.") },
    { title: "in Spanish", workflow: workflow("Clínica Sol: tu guía está lista, la puedes leer con calma.") },
    { title: "in German", workflow: workflow("Praxis Sommer: Ihr Ratgeber ist da, Sie können ihn jetzt lesen.") },
    {
      title: "the first text of each branch",
      count: 2,
      workflow: {
        triggers: [{ id: "start", type: "form_submission", active: true }],
        actions: [
          {
            id: "which",
            type: "condition",
            branches: [
              {
                name: "A",
                conditions: [{ field: "contact.city", operator: "==", value: "Rome" }],
                actions: [sms("a", "Acme: hello from us")],
              },
              { name: "None", actions: [sms("b", "Acme: hello to you")] },
            ],
          },
        ],
      },
    },
  ],
  right: () => [
    {
      title: "name and full phrase",
      workflow: workflow("Acme Dental: your guide is ready. Reply STOP to unsubscribe."),
    },
    {
      title: "the name as a merge field",
      workflow: workflow("{{location.name}}: your guide is ready. Text STOP to opt out."),
    },
    { title: "in Spanish", workflow: workflow("Clínica Sol: tu guía está lista. Responde STOP para darte de baja.") },
    { title: "in German", workflow: workflow("Praxis Sommer: Ihr Ratgeber ist da. STOP zum Abmelden.") },
    {
      title: "in French nothing follows from a missing phrase",
      workflow: workflow("Cabinet Soleil: votre guide est prêt, vous pouvez le lire dès maintenant avec nous."),
    },
    {
      title: "an answer in a conversation that the contact began",
      workflow: workflow("On it, one moment please.", "customer_reply"),
    },
    {
      title: "a later text needs neither",
      workflow: {
        triggers: [{ id: "start", type: "form_submission", active: true }],
        actions: [sms("one", "Acme: hello. Reply STOP to unsubscribe."), sms("two", "Your guide is ready.")],
      },
    },
    { title: "a text that a model writes is another rule's", workflow: workflow("{{chatgpt.1.response}}") },
  ],
});

const order: readonly Severity[] = ["high", "medium", "info"];

/** What the platform appends is only said, what it is known not to append weighs more. */
function severityOf(part: Part, { options: { facts } }: View): Severity {
  const appended = part === "sender-name" ? facts.toggles?.smsSenderId : facts.toggles?.smsOptOutText;
  if (appended === undefined) return "medium";
  return appended ? "info" : "high";
}

function missingParts(view: View, text: StepText): readonly Part[] {
  const shared = view.derive(texts);
  const reading = shared.reading(text);
  const fields = shared.mergeFields(text);
  // "[First Name]: …" names nobody.
  const words = replaceFields(text.value, fields, () => "");
  // Nothing but merge fields: what is sent is not known.
  if (!/\p{L}/u.test(words)) return [];
  const missing: Part[] = [];
  if (hitOf(reading, "optOutKeyword") === null) {
    if (hitOf(reading, "optOut") !== null) missing.push("standard-opt-out");
    else if (reading.language !== "other") missing.push("opt-out");
  }
  const named = fields.some(({ path }) => /^(?:location|user|custom_values)\./i.test(path));
  if (!named && !namesSender(words, view.derive(senderNames))) missing.push("sender-name");
  return missing;
}

/** Names under which this workflow or location is known to write. */
const senderNames: Analysis<readonly string[]> = ({ workflow, stepsOfType, options: { location } }) => {
  const names = new Set<string>();
  if (workflow.settings.senderName !== null) names.add(workflow.settings.senderName);
  for (const { attributes } of stepsOfType("email")) names.add(textOf(attributes["from_name"]));
  for (const [key, value] of Object.entries(location.customValues))
    if (/name|brand|business/i.test(key)) names.add(value);
  return [...names].filter((name) => name.trim() !== "");
};

/** Can it be the first text of a run, outside a conversation that the contact began? */
function isFirst(view: View, { step }: StepText): boolean {
  if (step.type !== "sms" || view.derive(firstTexts)[step.index] !== 1) return false;
  const labels = view.derive(outOfTheBlue);
  return labels === null || labels[step.index] !== NOBODY;
}

function answers(trigger: Trigger | null): boolean {
  return trigger !== null && triggerTypeOf(trigger.type)?.supplies.includes("message") === true;
}

/** By which trigger that is no message of the contact a run reaches each step; null: no trigger is one. */
const outOfTheBlue: Analysis<Int32Array | null> = (view) =>
  (view.workflow.triggers ?? []).some(answers)
    ? spread(
        view,
        startsBy(view, (trigger) => !answers(trigger)),
        () => true,
      )
    : null;

function optOutLine(language: string): string {
  if (language === "es") return "Responde STOP para darte de baja.";
  return language === "de" ? "STOP zum Abmelden." : "Reply STOP to unsubscribe.";
}

function segmentsOf(value: string, view: View): number {
  return smsSegments(expanded(value, mergeFieldsOf(value), view.options.location)).segments;
}

function sms(id: string, body: string): object {
  return { id, type: "sms", name: "First text", config: { body } };
}

function workflow(body: string, trigger = "form_submission"): unknown {
  return { triggers: [{ id: "start", type: trigger, active: true }], actions: [sms("text", body)] };
}
