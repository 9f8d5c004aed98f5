import { readWait, type WaitKind, type WaitTiming } from "../model/waits.ts";
import type { Step } from "../model/workflow.ts";
import type { Analysis } from "../view.ts";

/** The Wait steps of a workflow, each read once. */
export interface WaitTimings {
  /** By the index of the step; null for a step that is no Wait. */
  readonly of: readonly (WaitTiming | null)[];
  /** The waits of a kind, in document order. */
  readonly ofKind: Readonly<Record<WaitKind, readonly Step[]>>;
}

export const waitTimings: Analysis<WaitTimings> = ({ workflow, stepsOfType }) =>
  timingsOf(workflow.steps, stepsOfType("wait"));

/** `waits`: those of the steps that are Waits. */
export function timingsOf(steps: readonly Step[], waits: readonly Step[]): WaitTimings {
  const of: (WaitTiming | null)[] = new Array(steps.length).fill(null);
  const ofKind: Record<WaitKind, Step[]> = { time: [], event: [], date: [], unknown: [] };
  for (const step of waits) {
    const timing = readWait(step);
    of[step.index] = timing;
    ofKind[timing.kind].push(step);
  }
  return { of, ofKind };
}
