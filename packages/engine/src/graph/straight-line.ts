import { Trait } from "../model/traits.ts";
import { END, type Step } from "../model/workflow.ts";
import type { View } from "../view.ts";

/** How far a line is followed: what belongs together stands together. */
const FARTHEST = 40;

/**
 * The steps that every run passes right behind this one, in the same second: along plain next steps up to the first that pauses,
 * decides, jumps or is reached from elsewhere too (a Go To or a trigger).
 */
export function straightLine(view: View, from: Step): readonly Step[] {
  const { steps } = view.workflow;
  const line: Step[] = [];
  const entered = view.derive(enteredElsewhere);
  for (let at = from.next; at !== END && line.length < FARTHEST; ) {
    const step = steps[at] as Step;
    if (entered[at] === 1 || (step.traits & (Trait.pause | Trait.decide | Trait.flow | Trait.terminal)) !== 0) break;
    line.push(step);
    at = step.next;
  }
  return line;
}

/** 1 for steps at which runs come in from more than one place. */
function enteredElsewhere({ graph }: View): Uint8Array {
  const seen = new Uint8Array(graph.size);
  const several = new Uint8Array(graph.size);
  const enter = (node: number) => {
    if (seen[node] === 1) several[node] = 1;
    seen[node] = 1;
  };
  const { edgeTarget } = graph;
  for (let edge = 0; edge < edgeTarget.length; edge++) enter(edgeTarget[edge] as number);
  for (let at = 0; at < graph.entries.length; at += 2) enter(graph.entries[at] as number);
  return several;
}
