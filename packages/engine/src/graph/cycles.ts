/** Loops that a contact can run round, and what one pass costs. */

import { Trait } from "../model/traits.ts";
import { float64s, int32s } from "../number-arrays.ts";
import type { Analysis, View } from "../view.ts";
import { type Components, components, stronglyConnected } from "./components.ts";
import { reachability } from "./reachability.ts";

export interface Cycle {
  /** In running order, from the step where contacts come in. */
  readonly steps: readonly number[];
  /** Least seconds one pass takes. */
  readonly seconds: number;
  /** Steps of one pass that do something (flow steps such as Wait, If/Else and Go To are left out). */
  readonly actions: number;
  readonly sends: number;
}

/** A cycle known by its closing edge; its steps are worked out when somebody asks. */
export interface FastCycle {
  readonly closedBy: number;
  readonly seconds: number;
  readonly actions: number;
  readonly cycle: () => Cycle;
}

/** Does the step do something, for the loop lock's count of executions? */
function acts(view: View, node: number): boolean {
  const step = view.workflow.steps[node];
  return step !== undefined && !step.disabled && (step.traits & (Trait.flow | Trait.terminal)) === 0;
}

function measured(view: View, steps: readonly number[], seconds: number): Cycle {
  let actions = 0;
  let sends = 0;
  for (const node of steps) {
    if (acts(view, node)) actions++;
    if (((view.workflow.steps[node]?.traits ?? 0) & Trait.send) !== 0) sends++;
  }
  return { steps, seconds, actions, sends };
}

/** The shortest way round (fewest steps) through the place where contacts come into a component. */
export function cycleThrough(view: View, parts: Components, component: number, keep: Uint8Array | null): Cycle {
  const { firstEdge, edgeTarget, edgeDelay } = view.graph;
  const head = headOf(view, parts, component);
  const before = new Map<number, number>([[head, -1]]);
  const queue = [head];
  for (let at = 0; at < queue.length; at++) {
    const node = queue[at] as number;
    const last = firstEdge[node + 1] as number;
    for (let edge = firstEdge[node] as number; edge < last; edge++) {
      const target = edgeTarget[edge] as number;
      if (parts.of[target] !== component || (keep !== null && keep[edge] === 0)) continue;
      if (target === head) return unwind(edge, node);
      if (before.has(target)) continue;
      before.set(target, edge);
      queue.push(target);
    }
  }
  return measured(view, [head], 0);

  function unwind(closing: number, lastNode: number): Cycle {
    const steps: number[] = [];
    let seconds = edgeDelay[closing] as number;
    for (let node = lastNode; ; ) {
      steps.push(node);
      const edge = before.get(node) as number;
      if (edge === -1) break;
      seconds += edgeDelay[edge] as number;
      node = sourceOf(firstEdge, edge);
    }
    return measured(view, steps.reverse(), seconds);
  }
}

/** The step whose row an edge stands in: binary search over the row starts. */
function sourceOf(firstEdge: Int32Array, edge: number): number {
  let low = 0;
  let high = firstEdge.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((firstEdge[middle] as number) <= edge) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The member that a run meets first: the nearest to a trigger, by the shortest ways. */
function headOf(view: View, parts: Components, component: number): number {
  const position = view.derive(arrival);
  let head = -1;
  const last = parts.first[component + 1] as number;
  for (let at = parts.first[component] as number; at < last; at++) {
    const node = parts.members[at] as number;
    if (head === -1 || (position[node] as number) < (position[head] as number)) head = node;
  }
  return head;
}

/** Rank in which the search from the triggers met each step. */
const arrival: Analysis<Int32Array> = (view) => {
  const { order } = view.derive(reachability);
  const position = int32s(view.graph.size).fill(view.graph.size);
  order.forEach((node, at) => {
    position[node] = at;
  });
  return position;
};

/** Circles without any pause: every one is found, as its strongly connected part. */
export const pauseFreeCycles: Analysis<readonly Cycle[]> = (view) => {
  const parts = view.derive(pauseFree);
  if (parts === null) return [];
  const { reached } = view.derive(reachability);
  const found: Cycle[] = [];
  for (let part = parts.count - 1; part >= 0; part--) {
    const member = parts.members[parts.first[part] as number] as number;
    if (parts.cyclic[part] === 1 && reached[member] === 1) {
      found.push(cycleThrough(view, parts, part, view.derive(pauseFreeEdges)));
    }
  }
  return found.sort((a, b) => (a.steps[0] as number) - (b.steps[0] as number));
};

const pauseFreeEdges: Analysis<Uint8Array> = ({ graph }) => {
  const keep = new Uint8Array(graph.edgeTarget.length);
  for (let edge = 0; edge < keep.length; edge++) {
    keep[edge] = graph.edgeDelay[edge] === 0 && graph.edgeOpenEnded[edge] === 0 ? 1 : 0;
  }
  return keep;
};

/** null when the workflow holds no circle at all, which is the usual case and costs nothing more. */
const pauseFree: Analysis<Components | null> = (view) =>
  view.derive(components).cyclicCount === 0 ? null : stronglyConnected(view.graph, view.derive(pauseFreeEdges));

/**
 * Circles with a set pause whose pass takes less than `secondsPerAction` for each step that acts (at least one). Each edge that
 * closes a circle in a depth-first search is judged by prefix sums along the search path, in O(steps + edges): every circle
 * reported is one that can be run. In documents made of branches and Go Tos back up, as the builder makes them, each Go To has
 * exactly one circle and none is missed. Pause-free circles and open-ended waits are left out.
 */
export function fastCycles(view: View, secondsPerAction: number): readonly FastCycle[] {
  const { cyclicCount, of, cyclic } = view.derive(components);
  if (cyclicCount === 0) return [];
  const { size, firstEdge, edgeTarget, edgeDelay, edgeOpenEnded } = view.graph;
  const { order } = view.derive(reachability);
  const free = view.derive(pauseFree);
  const inPauseFree = (node: number) => free !== null && free.cyclic[free.of[node] as number] === 1;
  const state = new Uint8Array(size); // 0 new, 1 on the path, 2 done
  const parent = int32s(size).fill(-1);
  const seconds = float64s(size);
  const actions = int32s(size);
  const quick = int32s(size); // members of pause-free circles on the path up to here
  const nextEdge = int32s(size);
  const path = int32s(size);
  const found: FastCycle[] = [];
  for (const root of order) {
    if (state[root] !== 0 || cyclic[of[root] as number] === 0) continue;
    let top = 0;
    const push = (node: number, from: number, edge: number) => {
      state[node] = 1;
      parent[node] = from;
      seconds[node] = from === -1 ? 0 : (seconds[from] as number) + (edgeDelay[edge] as number);
      actions[node] = (from === -1 ? 0 : (actions[from] as number)) + (acts(view, node) ? 1 : 0);
      quick[node] = (from === -1 ? 0 : (quick[from] as number)) + (inPauseFree(node) ? 1 : 0);
      nextEdge[node] = firstEdge[node] as number;
      path[top++] = node;
    };
    push(root, -1, -1);
    while (top > 0) {
      const node = path[top - 1] as number;
      const edge = nextEdge[node] as number;
      if (edge >= (firstEdge[node + 1] as number)) {
        state[node] = 2;
        top--;
        continue;
      }
      nextEdge[node] = edge + 1;
      const target = edgeTarget[edge] as number;
      if (of[target] !== of[node] || edgeOpenEnded[edge] === 1) continue;
      if (state[target] === 0) push(target, node, edge);
      else if (state[target] === 1) {
        const above = parent[target] as number;
        const pass = (seconds[node] as number) - (seconds[target] as number) + (edgeDelay[edge] as number);
        const acting = (actions[node] as number) - (above === -1 ? 0 : (actions[above] as number));
        const hot = (quick[node] as number) - (above === -1 ? 0 : (quick[above] as number));
        if (pass === 0 || hot > 0 || pass >= secondsPerAction * Math.max(1, acting)) continue;
        found.push({
          closedBy: node,
          seconds: pass,
          actions: acting,
          cycle: () => treeCycle(view, parent, node, target, pass),
        });
      }
    }
  }
  return found;
}

function treeCycle(view: View, parent: Int32Array, last: number, head: number, seconds: number): Cycle {
  const steps: number[] = [];
  for (let node = last; node !== -1; node = parent[node] as number) {
    steps.push(node);
    if (node === head) break;
  }
  return measured(view, steps.reverse(), seconds);
}
