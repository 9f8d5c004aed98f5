import { recordGaps } from "../../conditions/record-gaps.ts";
import type { RecordContext } from "../../domain/record-contexts.ts";
import { stepTypeOf } from "../../domain/step-types.ts";
import { isBlank, textOf } from "../../model/attributes.ts";
import type { Step, Trigger } from "../../model/workflow.ts";
import type { View } from "../../view.ts";
import { listed, quoted } from "../../words.ts";
import { defineRule } from "../rule.ts";

interface Unanchored {
  readonly step: Step;
  readonly anchor: Anchor;
  readonly lacking: readonly Trigger[];
}

interface Anchor {
  readonly record: RecordContext;
  readonly words: string;
  readonly remedy: string;
}

const appointment: Anchor = {
  record: "appointment",
  words: "an appointment",
  remedy:
    "Start these reminders in a workflow of their own with an appointment trigger, or put Set Event Start Date in front of the wait.",
};

/** Kinds of wait that count from a date the run must bring along. */
const anchors: ReadonlyMap<string, Anchor> = new Map<string, Anchor>([
  ["appointment", appointment],
  ["service_booking", { ...appointment, words: "a booking" }],
  [
    "overdue",
    {
      record: "invoice",
      words: "an invoice",
      remedy: "Start this workflow with an invoice trigger, or send the invoice in front of the wait.",
    },
  ],
]);

export const appointmentWaitWithoutAnchor = defineRule<Unanchored>({
  meta: {
    code: "TIME-003",
    id: "appointment-wait-without-anchor",
    category: "timing",
    severity: "high",
    scope: "W",
    title: "A wait for an appointment that the contact may not have",
    summary:
      "An appointment, booking or invoice wait on a path whose trigger brings no such record and where no earlier step sets the event date.",
    why: "The reminders behind it never go out, or all go out at once.",
    fix: "Split the workflow by trigger, or set the event start date first.",
    sources: ["platform fact F13", "help article 155000002470 (wait)"],
  },
  sees: { types: ["wait"] },
  unchecked({ workflow, stepsOfType }) {
    const anchored = stepsOfType("wait").some((step) => anchorOf(step) !== undefined);
    return workflow.triggers === null && anchored ? "needs the workflow's triggers" : null;
  },
  *find(view) {
    // A date set for the whole workflow anchors every run.
    if (!isBlank(view.workflow.raw["eventStartDate"])) return;
    const waits = view.stepsOfType("wait").filter((step) => anchorOf(step) !== undefined);
    if (waits.length === 0) return;
    const unanchored = new Map<RecordContext, Uint8Array>();
    for (const step of waits) {
      const anchor = anchorOf(step) as Anchor;
      const gap = view.derive(recordGaps)(anchor.record);
      if (gap === null || !gap.missingAt(step)) continue;
      let without = unanchored.get(anchor.record);
      if (without === undefined) {
        without = reachedWithout(view, gap.lacking, anchor.record);
        unanchored.set(anchor.record, without);
      }
      if (without[step.index] === 1) yield { step, anchor, lacking: gap.lacking };
    }
  },
  tell({ step, anchor, lacking }, view) {
    const names = listed(lacking.map(quoted));
    const all = lacking.length === (view.workflow.triggers ?? []).filter((trigger) => trigger.active).length;
    return {
      message: `${quoted(step)} waits for the time of ${anchor.words}, but contacts who come in by ${names} do not bring one, and no step before it sets the event date.`,
      impact: `${all ? "Everyone gets" : "These contacts get"} stuck here or pass at once: reminders are missing, or go out at the wrong time.`,
      fix: anchor.remedy,
      steps: [step],
      evidence: {
        waitsFor: anchor.record,
        triggersWithoutIt: lacking.slice(0, 20).map((trigger) => trigger.id),
        eventStartDateStep: false,
      },
    };
  },
  wrong: () => [
    { title: "reminders started by a form", workflow: reminders("form_submission") },
    {
      title: "one of two triggers brings no appointment",
      workflow: reminders("appointment", [], [{ id: "t2", type: "contact_tag", active: true, conditions: [] }]),
    },
    {
      title: "an overdue wait without an invoice",
      workflow: reminders("form_submission", [], [], { type: "overdue", appointmentCondition: "skip" }),
    },
  ],
  right: () => [
    { title: "started by an appointment", workflow: reminders("customer_appointment") },
    {
      title: "the event start date is set first",
      workflow: reminders("form_submission", [
        {
          id: "date",
          type: "event_start_date",
          attributes: { event_start_type: "custom_field", value: "webinar" },
          next: "hold",
        },
      ]),
    },
    { title: "a called workflow may be handed an appointment", workflow: reminders(null) },
    {
      title: "a step books the appointment first",
      workflow: reminders("form_submission", [
        { id: "book", type: "appointment_booking", attributes: { calendarId: "c" }, next: "hold" },
      ]),
    },
    {
      title: "an invoice is sent first",
      workflow: reminders(
        "form_submission",
        [{ id: "bill", type: "payments_create_invoice", attributes: { templateId: "i" }, next: "hold" }],
        [],
        { type: "overdue", appointmentCondition: "skip" },
      ),
    },
  ],
});

function reminders(
  trigger: string | null,
  before: readonly unknown[] = [],
  more: readonly unknown[] = [],
  wait: Readonly<Record<string, unknown>> = {
    type: "appointment",
    appointmentStartAfter: { when: "before", type: "hours", value: 2 },
    appointmentCondition: "skip",
  },
): unknown {
  const templates = [
    ...before,
    { id: "hold", type: "wait", name: "2 hours before", attributes: wait, next: "text" },
    { id: "text", type: "sms", name: "Reminder", attributes: { body: "See you soon" } },
  ];
  const first = trigger === null ? [] : [{ id: "t", type: trigger, active: true, conditions: [] }];
  return { workflow: { id: "w", name: "Reminders", workflowData: { templates } }, triggers: [...first, ...more] };
}

function anchorOf(step: Step): Anchor | undefined {
  return anchors.get(textOf(step.attributes["type"]));
}

/** Steps that contacts of these triggers reach before any step sets the event date or brings the record. */
function reachedWithout({ graph, workflow }: View, triggers: readonly Trigger[], record: RecordContext): Uint8Array {
  const { firstEdge, edgeTarget } = graph;
  const reached = new Uint8Array(graph.size);
  const open: number[] = [];
  for (const { target } of triggers) if (target >= 0) open.push(target);
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (reached[node] === 1) continue;
    reached[node] = 1;
    const step = workflow.steps[node] as Step;
    if (!step.disabled && (step.type === "event_start_date" || supplies(step, record))) continue;
    const last = firstEdge[node + 1] as number;
    for (let edge = firstEdge[node] as number; edge < last; edge++) open.push(edgeTarget[edge] as number);
  }
  return reached;
}

/** A lookup brings the record on one of its branches only; `recordGaps` follows that, so here it does not end the way. */
function supplies(step: Step, record: RecordContext): boolean {
  return step.branches.length === 0 && stepTypeOf(step.type)?.supplies?.includes(record) === true;
}
