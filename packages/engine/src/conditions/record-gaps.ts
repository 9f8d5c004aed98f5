import type { RecordContext } from "../domain/record-contexts.ts";
import { stepTypeOf } from "../domain/step-types.ts";
import { triggerTypeOf } from "../domain/trigger-types.ts";
import { branchOf } from "../graph/graph.ts";
import { type Branch, END, type Step, type Trigger, type Workflow } from "../model/workflow.ts";
import type { Analysis, View } from "../view.ts";
import { atomsOf } from "./ast.ts";
import { type BranchConditions, branchConditions } from "./branch-conditions.ts";

/** Runs that lack a record. */
export interface RecordGap {
  /** Triggers in use that do not bring the record. */
  readonly lacking: readonly Trigger[];
  /** Whether such a run can stand at the step before any step created or found the record. */
  readonly missingAt: (step: Step) => boolean;
}

/** Asks for one kind of record; null: every run has it, or nothing is known of how runs start. */
export type RecordGaps = (record: RecordContext) => RecordGap | null;

/**
 * Where a record may be missing. A trigger of unknown type is taken to bring every record, and a workflow without
 * triggers is started by others, who may pass theirs on: neither is guessed about.
 */
export const recordGaps: Analysis<RecordGaps> = (view) => {
  const found = new Map<RecordContext, RecordGap | null>();
  return (record) => {
    const known = found.get(record);
    if (known !== undefined) return known;
    const gap = findGap(view, record);
    found.set(record, gap);
    return gap;
  };
};

function findGap(view: View, record: RecordContext): RecordGap | null {
  const { workflow } = view;
  const lacking = startingTriggers(workflow).filter((trigger) => {
    const type = triggerTypeOf(trigger.type);
    if (type === undefined) return false;
    // A trigger brings its contact along, unless it can fire without one.
    return record === "contact" ? type.contactless === true : !type.supplies.includes(record);
  });
  if (lacking.length === 0) return null;
  const conditionOf = view.derive(branchConditions);
  const without = new Uint8Array(workflow.steps.length);
  const open: number[] = [];
  const reach = (index: number) => {
    if (index === END || without[index] === 1) return;
    without[index] = 1;
    open.push(index);
  };
  for (const { target } of lacking) reach(target);
  const ids = new Set(lacking.map(({ id }) => id));
  const { firstEdge, edgeTarget } = view.graph;
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    const step = workflow.steps[index] as Step;
    const supplies = !step.disabled && stepTypeOf(step.type)?.supplies?.includes(record) === true;
    const last = firstEdge[index + 1] as number;
    for (let edge = firstEdge[index] as number; edge < last; edge++) {
      const branch = branchOf(view.graph, step, edge);
      const passes =
        branch === undefined ? !supplies : supplies ? findsNothing(branch) : mayTake(step, branch, ids, conditionOf);
      if (passes) reach(edgeTarget[edge] as number);
    }
  }
  return { lacking, missingAt: (step) => without[step.index] === 1 };
}

/** Active triggers; when none is, all of them: publishing switches them on. */
function startingTriggers({ triggers }: Workflow): readonly Trigger[] {
  const active = (triggers ?? []).filter((trigger) => trigger.active);
  return active.length > 0 ? active : (triggers ?? []);
}

function findsNothing({ kind }: Branch): boolean {
  return kind === "not-found" || kind === "none" || kind === "timeout";
}

/** A branch that asks which trigger fired lets only that trigger's runs in. */
function mayTake(step: Step, branch: Branch, ids: ReadonlySet<string>, conditionOf: BranchConditions): boolean {
  const asked = askedTriggers(branch, conditionOf);
  if (asked !== undefined) return asked.some((id) => ids.has(id));
  if (branch.kind !== "none") return true;
  const taken = new Set(step.branches.flatMap((other) => askedTriggers(other, conditionOf) ?? []));
  return [...ids].some((id) => !taken.has(id));
}

function askedTriggers(branch: Branch, conditionOf: BranchConditions): readonly string[] | undefined {
  if (branch.kind !== "condition" || branch.condition === null) return undefined;
  const condition = conditionOf(branch);
  const rows = condition.kind === "all" || condition.kind === "atom" ? atomsOf(condition) : [];
  for (const { field, test } of rows) if (field.kind === "trigger" && test.kind === "equals") return test.values;
  return undefined;
}
