import { textOf } from "../../model/attributes.ts";
import { type FieldWrite, fieldWrites } from "../../model/field-writes.ts";
import { settingPointer } from "../../model/pointer.ts";
import { mergeFieldsOf } from "../../text/merge-fields.ts";
import { quoted } from "../../words.ts";
import { exampleWorkflow } from "../logic/example-workflow.ts";
import { defineRule } from "../rule.ts";

interface Written {
  readonly write: FieldWrite;
  readonly value: string;
  /** The text comes from a webhook as its sender wrote it. */
  readonly fromWebhook: boolean;
}

export const phoneNotE164 = defineRule<Written>({
  meta: {
    code: "DATA-015",
    id: "phone-not-e164",
    category: "data",
    severity: "high",
    scope: "W",
    title: "A phone number is stored without its country",
    summary:
      "A phone field gets a fixed number that is not in international form, or the raw text of an inbound webhook.",
    why: "The number cannot be reached from abroad or is taken for another, and the same person is stored twice.",
    fix: "Store numbers as +, country code, number. Put a Number Formatter step in front of what comes from outside.",
    sources: ["platform fact F32", "reasoned (ITU-T E.164)"],
  },
  sees: { types: ["update_contact_field", "create_update_contact"] },
  *find(view) {
    const { location } = view.options;
    for (const write of view.derive(fieldWrites)) {
      if (write.clears || !(isPhone(write.field) || location.customField(write.field)?.type === "PHONE")) continue;
      const value = textOf(write.value).trim();
      if (value === "" || isInternational(value)) continue;
      if (!value.includes("{{")) yield { write, value, fromWebhook: false };
      else if (
        mergeFieldsOf(value).some(({ path }) => /^inboundwebhookrequest\./i.test(path)) &&
        !value.startsWith("+")
      )
        yield { write, value, fromWebhook: true };
    }
  },
  tell({ write: { step, title }, value, fromWebhook }) {
    return {
      message: fromWebhook
        ? `${quoted(step)} writes ${value.slice(0, 80)} into "${title.slice(0, 60)}" just as the sender spells it.`
        : `${quoted(step)} writes "${value.slice(0, 40)}" into "${title.slice(0, 60)}", which is no number in international form.`,
      impact: "Texts and calls to such a number fail or reach somebody else, and the contact may be stored twice.",
      fix: fromWebhook
        ? "Bring it to international form with a Number Formatter step first, and write that step's output."
        : "Write it as +, country code and number, such as +13125558142.",
      steps: [step],
      evidence: { field: title.slice(0, 100), value: value.slice(0, 100) },
      // HighLevel may bring a national number into form by the location's country.
      confidence: fromWebhook ? "possible" : /\d{7}/.test(value.replace(/\D/g, "")) ? "likely" : "certain",
    };
  },
  mend({ write: { step, row }, value, fromWebhook }) {
    const path = settingPointer(step, "fields", row, "value");
    if (fromWebhook || path === null || !/^00[\d\s()./-]{8,20}$/.test(value)) return null;
    return [{ op: "replace", path, value: `+${value.replace(/\D/g, "").slice(2)}` }];
  },
  wrong: () => [
    { title: "a national number", workflow: write("(312) 555-8142") },
    { title: "words", workflow: write("see notes") },
    { title: "00 instead of +", workflow: write("0049 30 1234567") },
    { title: "what a webhook brings", workflow: write("{{inboundWebhookRequest.phone}}") },
    {
      title: "a phone field of the location's own",
      workflow: write("555 8142", "EXAMPLEFIELD00000001"),
      options: { facts: { customFields: [{ id: "EXAMPLEFIELD00000001", key: "contact.mobile", type: "PHONE" }] } },
    },
  ],
  right: () => [
    { title: "international form", workflow: write("+13125558142") },
    { title: "with blanks, which HighLevel takes", workflow: write("+1 (312) 555-8142") },
    { title: "the output of a formatter", workflow: write("{{number_formatter.1.output}}") },
    { title: "another field of the contact", workflow: write("{{contact.phone}}") },
    { title: "the country code in front of what comes in", workflow: write("+49{{inboundWebhookRequest.phone}}") },
    { title: "another field", workflow: write("312", "room") },
  ],
});

function isPhone(field: string): boolean {
  return /^(?:contact\.)?phone(?:_raw|Raw)?$/.test(field);
}

function isInternational(value: string): boolean {
  return /^\+[1-9][\d\s()./-]{6,24}$/.test(value) && /^\d{7,15}$/.test(value.replace(/\D/g, ""));
}

function write(value: string, field = "phone"): unknown {
  return exampleWorkflow([
    {
      id: "write",
      type: "create_update_contact",
      name: "Keep the number",
      attributes: { fields: [{ field, title: "Phone", value }] },
    },
  ]);
}
