import { type Branch, END, type Step } from "../model/workflow.ts";
import type { Analysis } from "../view.ts";
import { components, stronglyConnected } from "./components.ts";
import { type Cycle, cycleThrough } from "./cycles.ts";
import { EdgeKind } from "./graph.ts";
import { reachability } from "./reachability.ts";

/** A circle that a run goes round by itself: no step in it waits for an event, a date or a person. */
export interface SelfRunningLoop {
  /** In document order. */
  readonly members: readonly Step[];
  /** The ways that leave it, in document order; `branch` is null for a plain way on. */
  readonly exits: readonly LoopExit[];
  /** The shortest way round, worked out when somebody asks. */
  readonly cycle: () => Cycle;
}

export interface LoopExit {
  readonly step: Step;
  readonly branch: Branch | null;
}

export const selfRunningLoops: Analysis<readonly SelfRunningLoop[]> = (view) => {
  if (view.derive(components).cyclicCount === 0) return [];
  const { graph, workflow } = view;
  const keep = new Uint8Array(graph.edgeTarget.length);
  for (let edge = 0; edge < keep.length; edge++) keep[edge] = graph.edgeOpenEnded[edge] === 0 ? 1 : 0;
  const parts = stronglyConnected(graph, keep);
  const { reached } = view.derive(reachability);
  const found: SelfRunningLoop[] = [];
  for (let component = parts.count - 1; component >= 0; component--) {
    if (parts.cyclic[component] === 0) continue;
    const nodes = parts.members
      .subarray(parts.first[component], parts.first[component + 1])
      .slice()
      .sort();
    if (reached[nodes[0] as number] === 0) continue;
    const members = Array.from(nodes, (node) => workflow.steps[node] as Step);
    const exits: LoopExit[] = [];
    for (const step of members) {
      const last = graph.firstEdge[step.index + 1] as number;
      for (let edge = graph.firstEdge[step.index] as number; edge < last; edge++) {
        if (parts.of[graph.edgeTarget[edge] as number] === component) continue;
        const taken = graph.edgeKind[edge] === EdgeKind.branch ? step.branches[graph.edgeBranch[edge] as number] : null;
        exits.push({ step, branch: taken ?? null });
      }
      for (const branch of step.branches) if (branch.target === END) exits.push({ step, branch });
    }
    found.push({ members, exits, cycle: () => cycleThrough(view, parts, component, keep) });
  }
  return found;
};
