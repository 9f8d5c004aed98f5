/**
 * The workflow as a compact graph: steps are dense integers, edges stand in flat arrays (compressed rows), so every analysis is a
 * loop over numbers. Row `node` of the edges is `firstEdge[node] … firstEdge[node + 1]`.
 */

import { Trait } from "../model/traits.ts";
import { holdsOpenEnded, type WaitTiming } from "../model/waits.ts";
import { type Branch, END, type Step, type Workflow } from "../model/workflow.ts";
import { float64s, int32s } from "../number-arrays.ts";

export const EdgeKind = {
  /** The step below. */
  next: 0,
  /** A branch; `edgeBranch` is its place in `step.branches`. */
  branch: 1,
  goto: 2,
  /** A wait whose date has already passed goes to a step. */
  passed: 3,
} as const;

export interface Graph {
  /** Number of steps. */
  readonly size: number;
  readonly firstEdge: Int32Array;
  readonly edgeTarget: Int32Array;
  readonly edgeKind: Uint8Array;
  /** Place in the source step's `branches`, or -1. */
  readonly edgeBranch: Int32Array;
  /** Least seconds from entering the source step to entering the target. */
  readonly edgeDelay: Float64Array;
  /** 1: the run is held for an event, a date or a person on this edge, for a time nobody knows beforehand. */
  readonly edgeOpenEnded: Uint8Array;
  /** Where runs start: pairs of step and trigger index (-1: enrolled from outside, or triggers not supplied). */
  readonly entries: Int32Array;
  /** Goal steps: a contact jumps there from anywhere in the run when the goal is met. */
  readonly goals: Int32Array;
  /** Pairs of a step that ends or leaves the run and the step that stands behind it and is not reached from it. */
  readonly cut: Int32Array;
}

/** The branch that an edge of the step takes; undefined on a plain way on. */
export function branchOf({ edgeBranch }: Graph, { branches }: Step, edge: number): Branch | undefined {
  const order = edgeBranch[edge] as number;
  // A negative place would be looked up as a property's name.
  return order < 0 ? undefined : branches[order];
}

/** `timings`: of the Wait steps, by step index. */
export function buildGraph(workflow: Workflow, timings: readonly (WaitTiming | null)[]): Graph {
  const { steps } = workflow;
  const size = steps.length;
  const firstEdge = int32s(size + 1);
  let count = 0;
  for (let at = 0; at < size; at++) {
    firstEdge[at] = count;
    count += countEdges(steps[at] as Step);
  }
  firstEdge[size] = count;
  const edges: EdgeArrays = {
    edgeTarget: int32s(count),
    edgeKind: new Uint8Array(count),
    edgeBranch: int32s(count).fill(-1),
    edgeDelay: float64s(count),
    edgeOpenEnded: new Uint8Array(count),
  };
  const goals: number[] = [];
  const cut: number[] = [];
  let edge = 0;
  for (let at = 0; at < size; at++) {
    const step = steps[at] as Step;
    edge = addEdges(edges, edge, step, timings[at] ?? null);
    if (step.type === "workflow_goal" && !step.disabled) goals.push(at);
    if (endsRun(step)) addCut(cut, step);
  }
  return {
    size,
    firstEdge,
    ...edges,
    entries: entriesOf(workflow),
    goals: Int32Array.from(goals),
    cut: Int32Array.from(cut),
  };
}

/** A Go To leaves for good; a terminal step ends the run: what stands behind either is not reached from it. */
function endsRun(step: Step): boolean {
  return (step.traits & Trait.terminal) !== 0 || step.type === "goto";
}

function countEdges(step: Step): number {
  let count = step.jump === END ? 0 : 1;
  if (endsRun(step)) return count;
  if (step.next !== END) count++;
  if (step.branches.length > 0) for (const branch of step.branches) if (branch.target !== END) count++;
  return count;
}

interface EdgeArrays {
  readonly edgeTarget: Int32Array;
  readonly edgeKind: Uint8Array;
  readonly edgeBranch: Int32Array;
  readonly edgeDelay: Float64Array;
  readonly edgeOpenEnded: Uint8Array;
}

function addEdges(edges: EdgeArrays, from: number, step: Step, timing: WaitTiming | null): number {
  let edge = from;
  const delay = timing?.leastSeconds ?? 0;
  const open = (step.traits & Trait.pause) !== 0 && holdsOpenEnded(timing) ? 1 : 0;
  if (!endsRun(step)) {
    const { branches } = step;
    for (let order = 0; order < branches.length; order++) {
      const branch = branches[order];
      if (branch === undefined || branch.target === END) continue;
      const timesOut = branch.kind === "timeout" && timing !== null;
      edges.edgeTarget[edge] = branch.target;
      edges.edgeKind[edge] = EdgeKind.branch;
      edges.edgeBranch[edge] = order;
      edges.edgeDelay[edge] = timesOut ? (timing.timeoutSeconds ?? 0) : delay;
      edges.edgeOpenEnded[edge] = timesOut && timing.timeoutSeconds !== null ? 0 : open;
      edge++;
    }
    if (step.next !== END) {
      edges.edgeTarget[edge] = step.next;
      edges.edgeDelay[edge] = delay;
      edges.edgeOpenEnded[edge] = open;
      edge++;
    }
  }
  if (step.jump !== END) {
    edges.edgeTarget[edge] = step.jump;
    edges.edgeKind[edge] = step.type === "goto" ? EdgeKind.goto : EdgeKind.passed;
    edge++;
  }
  return edge;
}

function addCut(cut: number[], step: Step): void {
  if (step.next !== END) cut.push(step.index, step.next);
  for (const branch of step.branches) if (branch.target !== END) cut.push(step.index, branch.target);
}

/** Triggers in order, active ones first; then the workflow's own entry, where other workflows and people enrol contacts. */
function entriesOf(workflow: Workflow): Int32Array {
  const entries: number[] = [];
  const triggers = workflow.triggers ?? [];
  for (const active of [true, false]) {
    for (const trigger of triggers) {
      if (trigger.active === active && trigger.target !== END) entries.push(trigger.target, trigger.index);
    }
  }
  if (workflow.entry !== END && !entries.some((value, at) => at % 2 === 0 && value === workflow.entry)) {
    entries.push(workflow.entry, -1);
  }
  return Int32Array.from(entries);
}
