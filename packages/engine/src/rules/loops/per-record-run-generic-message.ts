import { Notice, noticed } from "../../conditions/noticed.ts";
import type { RecordContext } from "../../domain/record-contexts.ts";
import { triggerTypeOf } from "../../domain/trigger-types.ts";
import { NOBODY, spread, startsBy } from "../../graph/spread.ts";
import { waitTimings } from "../../graph/wait-timings.ts";
import { guardTags } from "../../location/effects.ts";
import { Trait } from "../../model/traits.ts";
import type { Step, Trigger, Workflow } from "../../model/workflow.ts";
import { meaningOf } from "../../text/merge-field-lookup.ts";
import { type StepText, texts } from "../../text/texts.ts";
import type { View } from "../../view.ts";
import { listed, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface Generic {
  readonly triggers: readonly Trigger[];
  /** The messages that say the same for each record; empty: the runs for further deals are skipped instead. */
  readonly messages: readonly StepText[];
}

export const perRecordRunGenericMessage = defineRule<Generic>({
  meta: {
    code: "LOOP-007",
    id: "per-record-run-generic-message",
    category: "loops",
    severity: "medium",
    scope: "W",
    title: "One run per appointment or deal, each with the same message",
    summary:
      "A trigger that starts a run for each appointment, invoice or opportunity, and messages that name nothing of it and ask for nothing of it. Low when the trigger asks for one outcome, which each record has once. A note when further opportunities of a contact are skipped instead.",
    why: 'A contact with three bookings or two deals gets the same "Welcome!" three times.',
    fix: "Write what the message is about (the date, the deal, the invoice), or let contacts through only once.",
    sources: ["help articles 48001239875 (settings), 155000003440 (multiple opportunities)", "platform facts F2, F4"],
  },
  sees: { traits: Trait.send },
  unchecked: ({ workflow }) => (workflow.triggers === null ? "needs the workflow's triggers" : null),
  partlyUnchecked: ({ workflow }) =>
    workflow.settings.multipleOpportunities === null && (workflow.triggers ?? []).some(bringsDeal)
      ? "the document does not say whether a contact may run for several opportunities (allowMultipleOpportunity)"
      : null,
  *find(view) {
    const { workflow } = view;
    const triggers = perRecord(workflow);
    if (triggers.length > 0) {
      const messages = genericMessages(view, triggers);
      if (messages.length > 0) yield { triggers, messages };
    }
    const skipping =
      workflow.settings.multipleOpportunities === false ? (workflow.triggers ?? []).filter(bringsDeal) : [];
    if (skipping.length > 0) yield { triggers: skipping, messages: [] };
  },
  tell({ triggers, messages }) {
    const names = listed(triggers.map(quoted));
    const [first] = messages;
    if (first === undefined) {
      return {
        message: `${names} ${triggers.length === 1 ? "starts" : "start"} runs for deals, and "allow multiple opportunities" is off: a contact who is in the workflow with one deal does not enter with a second one.`,
        impact:
          "The second deal of a contact is skipped without a word. That is right when the messages are about the person.",
        fix: 'If each deal should get its own run, switch "allow multiple opportunities" on.',
        steps: triggers.slice(0, 20),
        at: null,
        evidence: { allowMultipleOpportunity: false, triggerTypes: triggers.slice(0, 20).map(({ type }) => type) },
        severity: "info",
      };
    }
    const steps = [...new Set(messages.map(({ step }) => step))];
    const record = recordsOf(triggers).values().next().value ?? "record";
    return {
      message: `${names} ${triggers.length === 1 ? "starts" : "start"} a run for each ${record}, but ${listed(steps.map(quoted))} ${steps.length === 1 ? "says" : "say"} nothing about it: no date, no name, no number of the ${record}.`,
      impact: `A contact with three of them gets the same text three times: "${clip(first.value)}"`,
      fix: `Name the ${record} in the text with a merge field, or add a tag after the first run and let contacts who have it leave at the top.`,
      steps: [...steps.slice(0, 20), ...triggers.slice(0, 20)],
      hangsOn: steps.slice(0, 20).map(({ id }) => id),
      evidence: {
        triggerTypes: triggers.slice(0, 20).map(({ type }) => type),
        runsPer: record,
        messages: messages.slice(0, 5).map(({ value }) => clip(value)),
      },
      confidence: "likely",
      // What fits one outcome (missed, won) is said once per record, and is mostly harmless.
      ...(triggers.every(isOutcome) ? { severity: "low" as const } : {}),
    };
  },
  wrong: () => [
    {
      title: "the same welcome for each booking",
      workflow: started("customer_appointment", [text("Welcome to Acme!")]),
    },
    { title: "each invoice", workflow: started("invoice", [text("Thanks for working with us.")]) },
    {
      title: "each deal, when several are allowed",
      workflow: started("opportunity_created", [text("We got your request.")], { allowMultipleOpportunity: true }),
    },
    {
      title: "a question about the booking that comes after the message",
      workflow: started("appointment", [text("Pick a new time."), askStatus([text("Great!", "great")])]),
    },
    {
      title: "the second deal is skipped, as a note",
      workflow: started("opportunity_created", [text("We got {{opportunity.name}}.")], {
        allowMultipleOpportunity: false,
      }),
    },
  ],
  right: () => [
    {
      title: "the time of the appointment is in it",
      workflow: started("customer_appointment", [text("See you on {{appointment.start_time}}.")]),
    },
    {
      title: "one of two texts names it",
      workflow: started("customer_appointment", [text("Welcome!"), text("On {{appointment.start_time}}.", "two")]),
    },
    {
      title: "only bookings with a certain status get it",
      workflow: started("appointment", [askStatus([text("Pick a new time.")])]),
    },
    {
      title: "who had it once leaves at the top",
      workflow: started("customer_appointment", [
        {
          id: "ask",
          type: "condition",
          branches: [
            {
              name: "Had it",
              next: null,
              conditions: [{ field: "contact.tags", operator: "index-of-true", value: ["welcomed"] }],
            },
            { name: "None", actions: [text("Welcome!")] },
          ],
        },
      ]),
    },
    {
      title: "a reminder hangs on its own appointment",
      workflow: started("customer_appointment", [
        {
          id: "day-before",
          type: "wait",
          config: { type: "appointment", appointmentStartAfter: { when: "before", type: "hours", value: 24 } },
        },
        text("We look forward to it."),
      ]),
    },
    {
      title: "a guard tag in the trigger",
      workflow: {
        triggers: [
          {
            id: "start",
            type: "customer_appointment",
            conditions: [{ field: "contact.tags", operator: "index-of-false", value: ["welcomed"] }],
          },
        ],
        actions: [text("Welcome!")],
      },
    },
    { title: "a form starts one run per contact", workflow: started("form_submission", [text("Welcome!")]) },
    {
      title: "a template is not in the document",
      workflow: started("customer_appointment", [{ id: "mail", type: "email", config: { template_id: "t" } }]),
    },
  ],
});

const MOST_SHOWN = 160;

function clip(text: string): string {
  const flat = text
    .slice(0, 2 * MOST_SHOWN)
    .replace(/\s+/g, " ")
    .trim();
  return flat.length > MOST_SHOWN ? `${flat.slice(0, MOST_SHOWN - 1)}…` : flat;
}

function bringsDeal({ type, active }: Trigger): boolean {
  return active && (triggerTypeOf(type)?.supplies.includes("opportunity") ?? false);
}

const OUTCOMES: ReadonlySet<string> = new Set([
  "appointment.status",
  "opportunity.status",
  "opportunity.pipelineStageId",
]);

function isOutcome({ conditions }: Trigger): boolean {
  return conditions.some(({ field }) => OUTCOMES.has(field));
}

/** Triggers that certainly start a run for each record. */
function perRecord({ triggers, settings }: Workflow): readonly Trigger[] {
  return (triggers ?? []).filter((trigger) => {
    if (!trigger.active || guardTags(trigger).size > 0) return false;
    if (triggerTypeOf(trigger.type)?.ignoresReentrySwitch === true) return true;
    return settings.multipleOpportunities === true && bringsDeal(trigger);
  });
}

const RECORDS: readonly RecordContext[] = ["appointment", "invoice", "opportunity"];

function recordsOf(triggers: readonly Trigger[]): ReadonlySet<RecordContext> {
  const supplied = triggers.flatMap(({ type }): readonly RecordContext[] => triggerTypeOf(type)?.supplies ?? []);
  return new Set(supplied.filter((record) => RECORDS.includes(record)));
}

/** The messages that each of these runs sends before it asks for anything; none when one of them names the record. */
function genericMessages(view: View, triggers: readonly Trigger[]): readonly StepText[] {
  const noticedBy = view.derive(noticed);
  const timings = view.derive(waitTimings);
  const starts = startsBy(view, (trigger) => trigger !== null && triggers.includes(trigger));
  const labels = spread(
    view,
    starts,
    (step) => (noticedBy(step) & Notice.kept) === 0 && timings.of[step.index]?.kind !== "date",
  );
  const isGeneral = (step: Step) => (step.traits & Trait.send) !== 0 && labels[step.index] !== NOBODY;
  const records = recordsOf(triggers);
  const shared = view.derive(texts);
  for (const { text, fields } of shared.merging) {
    if (isGeneral(text.step) && fields.some(({ path }) => readsOneOf(path, records))) return [];
  }
  return shared.messages.filter(({ role, step }) => role === "message" && isGeneral(step));
}

function readsOneOf(path: string, records: ReadonlySet<RecordContext>): boolean {
  const meaning = meaningOf(path);
  const context = "rootFacts" in meaning ? meaning.rootFacts?.context : null;
  return context !== null && context !== undefined && records.has(context);
}

function started(type: string, actions: readonly object[], settings: object = {}): unknown {
  return { ...settings, triggers: [{ id: "start", type }], actions };
}

function text(body: string, id = "text"): object {
  return { id, type: "sms", name: `Text ${id}`, config: { body } };
}

function askStatus(actions: readonly object[]): object {
  return {
    id: "ask",
    type: "condition",
    branches: [
      { name: "Missed", conditions: [{ field: "appointment.status", operator: "==", value: "noshow" }], actions },
      { name: "None", next: null },
    ],
  };
}
