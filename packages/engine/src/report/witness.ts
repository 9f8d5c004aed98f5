/** The way from a trigger to a fault, as a person would click through it. */

import { EdgeKind } from "../graph/graph.ts";
import { BY_GOAL, NO_TRIGGER, reachability } from "../graph/reachability.ts";
import { Trait } from "../model/traits.ts";
import type { Step } from "../model/workflow.ts";
import { float64s, int32s } from "../number-arrays.ts";
import type { Analysis, View } from "../view.ts";
import { quoted } from "../words.ts";
import type { PathHop } from "./types.ts";

const MOST_HOPS = 32;

/** The shared tree of shortest ways, with what a path needs per step, so that one path costs no more than its 32 hops. */
interface Ways {
  /** Steps on the way, this one included. */
  readonly length: Int32Array;
  /** Least seconds from enrolment to entering the step, along its way. */
  readonly elapsed: Float64Array;
  /** The nearest decision or wait before the step on its way, or -1. */
  readonly landmark: Int32Array;
  /** First step of the way. */
  readonly root: Int32Array;
}

const ways: Analysis<Ways> = (view) => {
  const { before, edge, order } = view.derive(reachability);
  const { size, edgeDelay } = view.graph;
  const { steps } = view.workflow;
  const length = int32s(size);
  const elapsed = float64s(size);
  const landmark = int32s(size).fill(-1);
  const root = int32s(size);
  for (const node of order) {
    const parent = before[node] as number;
    if (parent === -1) {
      length[node] = 1;
      root[node] = node;
      continue;
    }
    length[node] = (length[parent] as number) + 1;
    elapsed[node] = (elapsed[parent] as number) + (edgeDelay[edge[node] as number] as number);
    const marks = ((steps[parent]?.traits ?? 0) & (Trait.decide | Trait.pause)) !== 0;
    landmark[node] = marks ? parent : (landmark[parent] as number);
    root[node] = root[parent] as number;
  }
  return { length, elapsed, landmark, root };
};

/**
 * The shortest way to a step: the trigger, every step passed, the step itself; at most 32 entries. A longer way keeps the trigger,
 * the decisions and waits nearest to the fault, and says in one entry how many steps it leaves out. Empty for a step that
 * nothing reaches.
 */
export function witness(view: View, fault: Step): readonly PathHop[] {
  const reach = view.derive(reachability);
  if (reach.reached[fault.index] === 0) return [];
  const { length, landmark, root } = view.derive(ways);
  const hopTo = view.derive(hops);
  const start = startHop(view, reach.start[root[fault.index] as number] as number);
  const room = MOST_HOPS - start.length;
  const total = length[fault.index] as number;
  const whole = total <= room;
  const nodes: number[] = [];
  for (let node = fault.index; node !== -1 && nodes.length < (whole ? room : room - 1); ) {
    nodes.push(node);
    node = (whole ? reach.before[node] : landmark[node]) as number;
  }
  const passed = nodes.reverse().map(hopTo);
  return whole ? [...start, ...passed] : [...start, { skipped: total - nodes.length }, ...passed];
}

/** The entry of each step, made once: the ways to many faults pass the same steps. */
const hops: Analysis<(node: number) => PathHop> = (view) => {
  const made = new Map<number, PathHop>();
  const { elapsed } = view.derive(ways);
  return (node) => {
    const known = made.get(node);
    if (known !== undefined) return known;
    const stepId = view.workflow.steps[node]?.id ?? "";
    const hop = { stepId, via: viaOf(view, node), elapsedSeconds: elapsed[node] as number };
    made.set(node, hop);
    return hop;
  };
};

function startHop(view: View, start: number): readonly PathHop[] {
  const trigger = view.workflow.triggers?.[start];
  return trigger === undefined ? [] : [{ stepId: trigger.id, via: trigger.name, elapsedSeconds: 0 }];
}

/** How the way comes to this step, in the user's words: the branch or jump taken, and the step by its name. */
function viaOf(view: View, node: number): string {
  const step = view.workflow.steps[node];
  return step === undefined ? "" : `${takenTo(view, node)}: ${quoted(step)}`;
}

function takenTo(view: View, node: number): string {
  const { before, edge, start } = view.derive(reachability);
  const from = view.workflow.steps[before[node] as number];
  const taken = edge[node] as number;
  if (from === undefined) {
    if (start[node] === BY_GOAL) return "goal met";
    return start[node] === NO_TRIGGER ? "enrolled" : "start";
  }
  switch (view.graph.edgeKind[taken]) {
    case EdgeKind.branch:
      return `"${from.branches[view.graph.edgeBranch[taken] as number]?.name ?? "branch"}"`;
    case EdgeKind.goto:
      return "Go To";
    case EdgeKind.passed:
      return "date already passed";
    default:
      return "then";
  }
}
