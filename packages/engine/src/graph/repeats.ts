import { atomsOf } from "../conditions/ast.ts";
import { branchConditions } from "../conditions/branch-conditions.ts";
import type { RecordContext } from "../domain/record-contexts.ts";
import { triggerTypeOf } from "../domain/trigger-types.ts";
import type { Branch, Step, Trigger } from "../model/workflow.ts";
import type { Analysis, View } from "../view.ts";
import { type Components, components, stronglyConnected } from "./components.ts";
import { type Cycle, cycleThrough } from "./cycles.ts";
import { branchOf } from "./graph.ts";
import { NOBODY, spread, startsBy } from "./spread.ts";

/** How a step may run again for one contact with nothing on the way that would notice that it ran before. */
export interface Repeats {
  /** The circle without a guard in which the step lies: its steps, and least seconds per pass. null: none. */
  readonly circleOf: (step: Step) => { readonly steps: readonly number[]; readonly seconds: number } | null;
  /** A run can come to the step from its start without passing a guard. */
  readonly reachedUnguarded: (step: Step) => boolean;
}

/** Fields that somebody may set when it has happened, so that a decision on them is a guard. */
const guardKinds = new Set([
  "tag",
  "custom-field",
  "opportunity",
  "invoice",
  "payment",
  "appointment",
  "workflow",
  "step-output",
  "other",
]);

export const repeats: Analysis<Repeats> = (view) => {
  const guards = guardedBranches(view);
  let unguarded: Int32Array | null = null;
  let loops: { readonly parts: Components; readonly keep: Uint8Array } | null = null;
  const circles = new Map<number, Cycle>();
  return {
    reachedUnguarded(step) {
      unguarded ??= spread(
        view,
        startsBy(view, () => true),
        (_, branch) => branch === undefined || !guards(branch),
      );
      return unguarded[step.index] !== NOBODY;
    },
    circleOf(step) {
      if (view.derive(components).cyclicCount === 0) return null;
      loops ??= unguardedLoops(view, guards);
      const part = loops.parts.of[step.index] as number;
      if (loops.parts.cyclic[part] === 0) return null;
      let circle = circles.get(part);
      if (circle === undefined) {
        circle = cycleThrough(view, loops.parts, part, loops.keep);
        circles.set(part, circle);
      }
      return circle;
    },
  };
};

/** Ways out of a decision on something that is kept, and what a search found or did not find. */
function guardedBranches(view: View): (branch: Branch) => boolean {
  const conditionOf = view.derive(branchConditions);
  const known = new Map<Branch, boolean>();
  const deciding = new Set<Branch>();
  for (const { branches } of view.workflow.steps) {
    if (!branches.some((branch) => guards(branch))) continue;
    // "None" of a decision that guards is a guarded way as well.
    for (const branch of branches) deciding.add(branch);
  }
  return (branch) => deciding.has(branch);

  function guards(branch: Branch): boolean {
    if (branch.kind === "found" || branch.kind === "not-found") return true;
    if (branch.condition === null) return false;
    let answer = known.get(branch);
    if (answer === undefined) {
      answer = atomsOf(conditionOf(branch)).some(
        ({ field }) => guardKinds.has(field.kind) || (field.kind === "contact" && field.shape === "unknown"),
      );
      known.set(branch, answer);
    }
    return answer;
  }
}

function unguardedLoops(view: View, guards: (branch: Branch) => boolean) {
  const { graph, workflow } = view;
  const keep = new Uint8Array(graph.edgeTarget.length).fill(1);
  for (const step of workflow.steps) {
    const { index, branches } = step;
    if (branches.length === 0) continue;
    const last = graph.firstEdge[index + 1] as number;
    for (let edge = graph.firstEdge[index] as number; edge < last; edge++) {
      const branch = branchOf(graph, step, edge);
      if (branch !== undefined && guards(branch)) keep[edge] = 0;
    }
  }
  return { parts: stronglyConnected(graph, keep), keep };
}

const ownRecords: ReadonlySet<RecordContext> = new Set(["order", "payment", "appointment", "invoice", "document"]);

/** Another date is another event, too. */
const dates = new Set(["birthday_reminder", "custom_date_reminder", "scheduler_trigger"]);

/**
 * Triggers by which a contact may come in again for the same thing: re-entry is on, and the trigger brings no record of its own
 * (another order is another event). Those that are switched off count when none is on: publishing switches them on.
 */
export function returningTriggers({ workflow }: View): readonly Trigger[] {
  if (workflow.settings.reentry !== true) return [];
  const triggers = workflow.triggers ?? [];
  const active = triggers.filter((trigger) => trigger.active);
  return (active.length > 0 ? active : triggers).filter(
    ({ type }) => !dates.has(type) && triggerTypeOf(type)?.supplies.some((record) => ownRecords.has(record)) !== true,
  );
}
