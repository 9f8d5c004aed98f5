import { recordGaps } from "../../conditions/record-gaps.ts";
import type { RecordContext } from "../../domain/record-contexts.ts";
import { triggerTypeOf } from "../../domain/trigger-types.ts";
import type { Trigger } from "../../model/workflow.ts";
import { meaningOf } from "../../text/merge-field-lookup.ts";
import type { MergeField } from "../../text/merge-fields.ts";
import { type StepText, texts } from "../../text/texts.ts";
import type { Analysis, View } from "../../view.ts";
import { counted, listed, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";
import { spanOf, textInWords } from "./merge-field-edits.ts";

interface State {
  readonly text: StepText;
  readonly fields: readonly MergeField[];
  readonly record: RecordContext;
  /** Triggers that do not bring the record; empty when the field itself can hold no value. */
  readonly lacking: readonly Trigger[];
}

/** Records that a merge field can lack, in a user's words, and the step that would fetch one. */
const recordWords: ReadonlyMap<RecordContext, { readonly name: string; readonly remedy: string }> = new Map([
  ["appointment", { name: "an appointment", remedy: "Start this part from an appointment trigger" }],
  ["opportunity", { name: "an opportunity", remedy: "Put Find Opportunity in front" }],
  ["invoice", { name: "an invoice", remedy: "Start this part from an invoice or payment trigger" }],
  ["order", { name: "an order", remedy: "Start this part from an order or payment trigger" }],
  ["payment", { name: "a payment", remedy: "Start this part from a payment trigger" }],
  ["message", { name: "a message from the contact", remedy: "Start this part from the Customer Replied trigger" }],
  ["inboundWebhook", { name: "an inbound webhook", remedy: "Start this part from the Inbound Webhook trigger" }],
  ["note", { name: "a note", remedy: "Start this part from a note trigger" }],
  ["task", { name: "a task", remedy: "Start this part from a task trigger" }],
  ["course", { name: "a course event", remedy: "Start this part from a course trigger" }],
]);

/** A record that the other one brings along. */
export const broughtBy: ReadonlyMap<RecordContext, readonly RecordContext[]> = new Map([
  ["order", ["order", "payment", "invoice"]],
  ["payment", ["payment", "order", "invoice"]],
]);

export const mergeFieldWrongContext = defineRule<State>({
  meta: {
    code: "CONT-003",
    id: "merge-field-wrong-context",
    category: "content",
    severity: "high",
    scope: "W",
    title: "A merge field that has nothing to show here",
    summary:
      "A field of an appointment, opportunity, invoice, order, message or webhook on a way where neither the trigger nor a step supplies such a record; also webhook lists and keys with blanks.",
    why: "The place stays empty: \u201cYour appointment is on .\u201d",
    fix: "Use a trigger that brings the record, find or create it in an earlier step, or write the text without the field.",
    sources: [
      "help article 155000002472 (send email, troubleshooting)",
      "help article 48001237383 (inbound webhook)",
      "platform facts F16, F32",
    ],
  },
  sees: "workflow",
  partlyUnchecked: (view) =>
    view.workflow.triggers === null && view.derive(usesRecords) ? "needs the workflow's triggers" : null,
  *find(view) {
    if (!view.derive(usesRecords)) return;
    const gaps = view.derive(recordGaps);
    const waitsForReply = view.stepsOfType("wait").some(({ attributes }) => attributes["type"] === "reply");
    for (const { text, fields } of view.derive(texts).merging) {
      if (text.step.disabled) continue;
      const byRecord = new Map<RecordContext, MergeField[]>();
      const unusable: MergeField[] = [];
      for (const field of fields) {
        const record = recordOfField(field);
        if (record === null) continue;
        if (record === "inboundWebhook" && isUnusable(field.path)) unusable.push(field);
        // A wait for a reply brings the reply's text, wherever it stands.
        else if (!(record === "message" && waitsForReply)) push(byRecord, record, field);
      }
      if (unusable.length > 0) yield { text, fields: unusable, record: "inboundWebhook", lacking: [] };
      for (const [record, places] of byRecord) {
        const lacking = lackingAt(record, text, gaps);
        if (lacking.length > 0) yield { text, fields: places, record, lacking };
      }
    }
  },
  tell({ text, fields, record, lacking }, view) {
    const tokens = [...new Set(fields.map((field) => spanOf(text, field)))];
    const words = recordWords.get(record);
    const reader = text.role === "message" || text.role === "subject";
    const impact = reader
      ? "The message goes out with a gap, such as \u201cYour appointment is on .\u201d"
      : "An empty value is written or passed on.";
    const evidence = {
      field: text.keys.join("/"),
      tokens,
      record,
      lacking: lacking.map(({ id, type }) => ({ id, type })),
    };
    if (lacking.length === 0)
      return {
        message: `${quoted(text.step)} uses ${listed(tokens)}, and HighLevel cannot fill list items or keys with blanks of a webhook.`,
        impact,
        fix: "Have the sender put the value into a field of its own, with a name without blanks, and map the webhook again.",
        steps: [text.step],
        evidence,
        confidence: "likely",
      };
    const all = (view.workflow.triggers ?? []).filter(({ active }) => active).length <= lacking.length;
    return {
      message: `${quoted(text.step)} uses ${listed(tokens)} in ${textInWords(text)}, but ${lacking.length === 1 ? "the trigger" : "the triggers"} ${listed(lacking.map(quoted))} ${lacking.length === 1 ? "brings" : "bring"} no such record: ${counted(lacking.length, "way")} in ${lacking.length === 1 ? "leaves" : "leave"} it empty.`,
      impact,
      fix: `${words?.remedy ?? "Fetch the record in an earlier step"}${all ? "" : `, keep ${listed(lacking.map(quoted))} in a workflow of its own`}, or write the text without ${words?.name ?? "the record"}.`,
      steps: [text.step, ...lacking.slice(0, 10)],
      at: text.step,
      hangsOn: [text.step.id],
      severity: reader ? "high" : "medium",
      evidence,
    };
  },
  wrong: () => [
    {
      title: "an appointment behind a form",
      workflow: workflow(["form_submission"], [sms("See you on {{appointment.start_time}}")]),
    },
    {
      title: "a deal behind a tag",
      workflow: workflow(["contact_tag"], [sms("Your quote: {{opportunity.monetary_value}}")]),
    },
    {
      title: "one of two triggers brings no appointment",
      workflow: workflow(["appointment", "contact_tag"], [sms("See you on {{appointment.start_time}}")]),
    },
    {
      title: "webhook data behind a form",
      workflow: workflow(
        ["form_submission"],
        [
          {
            id: "field",
            type: "update_contact_field",
            config: { fields: [{ field: "source", value: "{{inboundWebhookRequest.source}}" }] },
          },
        ],
      ),
    },
    {
      title: "a key with a blank in webhook data",
      workflow: workflow(["inbound_webhook"], [sms("Hi {{inboundWebhookRequest.first name}}")]),
    },
    {
      title: "an item of a list in webhook data",
      workflow: workflow(["inbound_webhook"], [sms("You ordered {{inboundWebhookRequest.items[0].name}}")]),
    },
    {
      title: "the deal is found only on one branch",
      workflow: workflow(
        ["contact_tag"],
        [
          {
            id: "find",
            type: "find_opportunity",
            branches: [
              { name: "Opportunity Found", kind: "found", actions: [sms("Your quote: {{opportunity.name}}", "found")] },
              {
                name: "Opportunity Not Found",
                kind: "not-found",
                actions: [sms("Your quote: {{opportunity.name}}", "lost")],
              },
            ],
          },
        ],
      ),
    },
  ],
  right: () => [
    {
      title: "an appointment trigger",
      workflow: workflow(["appointment"], [sms("See you on {{appointment.start_time}}")]),
    },
    {
      title: "a step creates the deal first",
      workflow: workflow(
        ["form_submission"],
        [
          { id: "deal", type: "internal_create_opportunity", config: { pipelineId: "sales" } },
          sms("Your quote: {{opportunity.name}}"),
        ],
      ),
    },
    {
      title: "a trigger that the engine does not know may bring anything",
      workflow: workflow(["acme_app_event"], [sms("See you on {{appointment.start_time}}")]),
    },
    {
      title: "a called workflow may be passed it",
      workflow: workflow([], [sms("See you on {{appointment.start_time}}")]),
    },
    {
      title: "contact and user fields are always there",
      workflow: workflow(["contact_tag"], [sms("Hi {{contact.first_name}}, {{user.name}}, {{right_now.year}}")]),
    },
    {
      title: "a step's output is another rule's",
      workflow: workflow(["contact_tag"], [sms("{{chatgpt.9.response}}")]),
    },
    {
      title: "an order behind a payment",
      workflow: workflow(["payment_received"], [sms("Order {{order.number}}, invoice {{invoice.number}}")]),
    },
    {
      title: "nested webhook data",
      workflow: workflow(["inbound_webhook"], [sms("Hi {{inboundWebhookRequest.user.name}}")]),
    },
    {
      title: "the text of the reply that was waited for",
      workflow: workflow(
        ["form_submission"],
        [
          sms("When?", "ask"),
          { id: "hold", type: "wait", config: { event: "reply", timeout: { days: 1 } } },
          {
            id: "tell",
            type: "notification",
            config: { type: "sms", sms: { body: "{{message.body}}", userType: "all" } },
          },
        ],
      ),
    },
  ],
});

function recordOfField({ path, fault }: MergeField): RecordContext | null {
  return path === "" || fault !== null ? null : recordOfPath(path);
}

export function recordOfPath(path: string): RecordContext | null {
  const meaning = meaningOf(path);
  const record = "rootFacts" in meaning ? (meaning.rootFacts?.context ?? null) : null;
  return record !== null && recordWords.has(record) ? record : null;
}

/** List items and keys with blanks. */
function isUnusable(path: string): boolean {
  return /\s|\[\d*\]|\.\d+(?:\.|$)/.test(path);
}

function push(map: Map<RecordContext, MergeField[]>, record: RecordContext, field: MergeField): void {
  const fields = map.get(record);
  if (fields === undefined) map.set(record, [field]);
  else fields.push(field);
}

/** Triggers by which a run stands at the step with none of the records that would do. */
function lackingAt(record: RecordContext, { step }: StepText, gaps: ReturnType<typeof recordGaps>): readonly Trigger[] {
  let lacking: readonly Trigger[] | null = null;
  for (const one of broughtBy.get(record) ?? [record]) {
    const gap = gaps(one);
    if (gap === null || !gap.missingAt(step)) return [];
    lacking ??= gap.lacking;
  }
  const enough = broughtBy.get(record) ?? [record];
  return (lacking ?? []).filter(
    ({ type }) => !(triggerTypeOf(type)?.supplies ?? []).some((one) => enough.includes(one)),
  );
}

/** Does any text use a field of a record? */
const usesRecords: Analysis<boolean> = (view: View) => {
  for (const path of view.derive(texts).paths) if (recordOfPath(path) !== null) return true;
  return false;
};

function sms(body: string, id = "text"): object {
  return { id, type: "sms", name: "Reminder", config: { body } };
}

function workflow(triggers: readonly string[], actions: readonly object[]): unknown {
  return { triggers: triggers.map((type) => ({ id: type, type, active: true })), actions };
}
