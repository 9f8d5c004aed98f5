import type { Branch, Step, Trigger } from "../model/workflow.ts";
import { int32s } from "../number-arrays.ts";
import type { View } from "../view.ts";
import { branchOf } from "./graph.ts";

/** No run of the kind asked for stands there. */
export const NOBODY = -2;

/** A step where runs start, and the label that they carry: for starts by a trigger its index, -1 where none is known. */
export type Start = readonly [step: number, label: number];

/**
 * Carries the label of each start along all ways that `passes` lets through, to every step that is not labelled yet. `branch` is
 * the branch taken, undefined on a plain way on. Each step is entered once, so the walk is linear.
 */
export function spread(
  { graph, workflow }: View,
  starts: Iterable<Start>,
  passes: (step: Step, branch: Branch | undefined) => boolean,
): Int32Array {
  const labels = int32s(graph.size).fill(NOBODY);
  const open: number[] = [];
  const enter = (node: number, label: number) => {
    if (labels[node] !== NOBODY) return;
    labels[node] = label;
    open.push(node);
  };
  for (const [node, label] of starts) enter(node, label);
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const step = workflow.steps[node] as Step;
    const last = graph.firstEdge[node + 1] as number;
    for (let edge = graph.firstEdge[node] as number; edge < last; edge++) {
      if (passes(step, branchOf(graph, step, edge))) enter(graph.edgeTarget[edge] as number, labels[node] as number);
    }
  }
  return labels;
}

/** 1 for the steps that are labelled. */
export function reachedBy(labels: Int32Array): Uint8Array {
  const reached = new Uint8Array(labels.length);
  for (let node = 0; node < labels.length; node++) if (labels[node] !== NOBODY) reached[node] = 1;
  return reached;
}

/**
 * Where runs start by the triggers that `admits` picks, triggers that are switched off beside active ones left out; `null` stands
 * for a start of which nothing is known (enrolled from elsewhere, or triggers not supplied).
 */
export function startsBy({ graph, workflow }: View, admits: (trigger: Trigger | null) => boolean): readonly Start[] {
  const known = workflow.triggers ?? [];
  const anyActive = known.some(({ active }) => active);
  const starts: Start[] = [];
  for (let at = 0; at < graph.entries.length; at += 2) {
    const label = graph.entries[at + 1] as number;
    const trigger = known[label] ?? null;
    const idle = trigger === null ? known.length > 0 : anyActive && !trigger.active;
    if (!idle && admits(trigger)) starts.push([graph.entries[at] as number, label]);
  }
  return starts;
}
