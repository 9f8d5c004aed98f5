import { asked } from "../../conditions/asked.ts";
import { type Atom, atomsOf, type FieldKind } from "../../conditions/ast.ts";
import { branchConditions } from "../../conditions/branch-conditions.ts";
import { type RecordGap, recordGaps } from "../../conditions/record-gaps.ts";
import { describeAtom } from "../../conditions/words.ts";
import type { RecordContext } from "../../domain/record-contexts.ts";
import { Trait } from "../../model/traits.ts";
import type { Branch, Step } from "../../model/workflow.ts";
import { listed, quoted } from "../../words.ts";
import { placeOfBranch } from "../places.ts";
import { defineRule } from "../rule.ts";
import { contactRow, type ExampleNode, exampleDecision, exampleWorkflow, row } from "./example-workflow.ts";

interface MissingRecord {
  readonly step: Step;
  readonly branch: Branch;
  readonly atom: Atom;
  readonly record: NeededRecord;
  readonly gap: RecordGap;
}

interface NeededRecord {
  readonly context: RecordContext;
  /** With its article. */
  readonly words: string;
  readonly remedy: string;
}

/** What a condition reads besides the contact, and where the record can come from. */
export const records: Partial<{ readonly [Kind in FieldKind]: NeededRecord }> = {
  appointment: {
    context: "appointment",
    words: "an appointment",
    remedy: "Start this workflow with an appointment trigger, or ask in a workflow of its own that appointments start.",
  },
  opportunity: {
    context: "opportunity",
    words: "an opportunity",
    remedy:
      'Put a "Find Opportunity" step in front of it and go on from its found branch, or start with an opportunity trigger.',
  },
  invoice: { context: "invoice", words: "an invoice", remedy: "Start this workflow with an invoice trigger." },
  note: { context: "note", words: "a note", remedy: "Start this workflow with a note trigger." },
  task: { context: "task", words: "a task", remedy: "Start this workflow with a task trigger." },
  webhook: {
    context: "inboundWebhook",
    words: "inbound webhook data",
    remedy: "Copy the value into a contact field in the workflow that the webhook starts, and ask for that field here.",
  },
};

const recordKinds = Object.keys(records) as readonly FieldKind[];

export const conditionContextMissing = defineRule<MissingRecord>({
  meta: {
    code: "LOGIC-005",
    id: "condition-context-missing",
    category: "logic",
    severity: "high",
    scope: "W",
    title: "A condition asks about a record that is not there",
    summary:
      "A condition on an appointment, opportunity, note, task, invoice or webhook value, in runs whose trigger does not bring one and before any step creates or finds one.",
    why: "The answer is always blank, so everyone goes to None and the deal or booking automation never fires.",
    fix: "Start with a trigger that brings the record, or find it first.",
    sources: ["help articles 155000004050 (appointment filters), 155000002048 (opportunities)", "reasoned"],
  },
  sees: { traits: Trait.decide },
  unchecked: (view) => (view.workflow.triggers === null ? "needs the workflow's triggers" : null),
  *find(view) {
    const { kinds } = view.derive(asked);
    if (!recordKinds.some((kind) => kinds.has(kind))) return;
    const conditionOf = view.derive(branchConditions);
    const gapOf = view.derive(recordGaps);
    for (const step of view.stepsWith(Trait.decide)) {
      const told = new Set<RecordContext>();
      for (const branch of step.branches) {
        if (branch.condition === null) continue;
        for (const atom of atomsOf(conditionOf(branch))) {
          const record = records[atom.field.kind];
          if (record === undefined || told.has(record.context)) continue;
          const gap = gapOf(record.context);
          if (gap === null || !gap.missingAt(step)) continue;
          told.add(record.context);
          yield { step, branch, atom, record, gap };
        }
      }
    }
  },
  tell({ step, branch, atom, record, gap }) {
    const triggers = gap.lacking.slice(0, 20).map(({ name }) => name);
    const names = listed(gap.lacking.map(quoted));
    return {
      message: `${quoted(step)} asks whether ${describeAtom(atom)} (branch ${quoted(branch)}), but a run that starts with ${names} has no ${bare(record.words)} at that point, and no earlier step creates or finds one.`,
      impact: `For these contacts the answer is always blank: nobody takes ${quoted(branch)}, whatever is true of them.`,
      fix: record.remedy,
      steps: [step, ...placeOfBranch(branch)],
      evidence: { condition: describeAtom(atom), needs: record.context, triggersWithout: triggers },
      at: step,
      hangsOn: [step.id, record.context],
    };
  },
  wrong: () => [
    {
      title: "a form brings no opportunity",
      workflow: exampleDecision("Stage?", [{ name: "Proposal", rows: [stageIs("proposal")] }]),
    },
    {
      title: "of two triggers one brings the appointment",
      workflow: exampleDecision(
        "Confirmed?",
        [{ name: "Confirmed", rows: [row("appointment", "status", "==", "confirmed")] }],
        undefined,
        [{ type: "appointment" }, { type: "contact_tag" }],
      ),
    },
    {
      title: "the opportunity was looked for and not found",
      workflow: exampleWorkflow([
        findOpportunity([], [{ id: "ask", name: "Stage?", branches: [{ name: "New", rows: [stageIs("new")] }] }]),
      ]),
    },
  ],
  right: () => [
    {
      title: "the trigger brings it",
      workflow: exampleDecision("Stage?", [{ name: "Proposal", rows: [stageIs("proposal")] }], undefined, [
        { type: "pipeline_stage_updated" },
      ]),
    },
    {
      title: "an earlier step creates it",
      workflow: exampleWorkflow([
        { id: "create", type: "internal_create_opportunity", attributes: { pipelineId: "sales" } },
        { id: "ask", name: "Stage?", branches: [{ name: "New", rows: [stageIs("new")] }] },
      ]),
    },
    {
      title: "the opportunity was looked for and found",
      workflow: exampleWorkflow([
        findOpportunity([{ id: "ask", name: "Stage?", branches: [{ name: "New", rows: [stageIs("new")] }] }], []),
      ]),
    },
    {
      title: "only runs of the trigger that brings it get there",
      workflow: exampleWorkflow(
        [
          {
            id: "which",
            name: "How did they come in?",
            branches: [
              {
                name: "Deal",
                rows: [row("trigger", "", "==", "trigger-2")],
                steps: [{ id: "ask", name: "Stage?", branches: [{ name: "New", rows: [stageIs("new")] }] }],
              },
            ],
          },
        ],
        [{ type: "form_submission" }, { type: "opportunity_created" }],
      ),
    },
    {
      title: "a trigger of an unknown type may bring anything",
      workflow: exampleDecision("Stage?", [{ name: "New", rows: [stageIs("new")] }], undefined, [
        { type: "acme_deal_won" },
      ]),
    },
    {
      title: "a workflow that others start may get the record from them",
      workflow: exampleDecision("Stage?", [{ name: "New", rows: [stageIs("new")] }], undefined, []),
    },
    {
      title: "the contact is always there",
      workflow: exampleDecision("City?", [{ name: "Austin", rows: [contactRow("city", "==", "Austin")] }]),
    },
  ],
});

function findOpportunity(found: readonly ExampleNode[], notFound: readonly ExampleNode[]): ExampleNode {
  return { id: "find", type: "find_opportunity", name: "Find Opportunity", found, notFound };
}

function bare(words: string): string {
  return words.replace(/^an? /, "");
}

function stageIs(stage: string): Record<string, unknown> {
  return row("opportunities", "pipelineStageId", "==", stage);
}
