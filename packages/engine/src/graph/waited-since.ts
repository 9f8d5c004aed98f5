import type { Step } from "../model/workflow.ts";
import { float64s } from "../number-arrays.ts";
import type { View } from "../view.ts";
import { components } from "./components.ts";

/** No way leads there. */
export const NOT_REACHED = -1;

/**
 * The longest time of set waits and timeouts from any of the starts to entering each step, along steps that `passes` lets through
 * (it is told how long the wait was so far). A loop counts once, so the walk is linear: components come in reverse topological order.
 */
export function waitedSince(
  view: View,
  starts: Iterable<number>,
  passes: (step: Step, waited: number) => boolean,
): Float64Array {
  const { graph, workflow } = view;
  const { count, of, members, first } = view.derive(components);
  const waited = float64s(graph.size).fill(NOT_REACHED);
  for (const start of starts) waited[start] = 0;
  for (let component = count - 1; component >= 0; component--) {
    const last = first[component + 1] as number;
    let most = NOT_REACHED;
    for (let at = first[component] as number; at < last; at++)
      most = Math.max(most, waited[members[at] as number] as number);
    if (most === NOT_REACHED) continue;
    for (let at = first[component] as number; at < last; at++) {
      const node = members[at] as number;
      waited[node] = most;
      if (!passes(workflow.steps[node] as Step, most)) continue;
      const end = graph.firstEdge[node + 1] as number;
      for (let edge = graph.firstEdge[node] as number; edge < end; edge++) {
        const target = graph.edgeTarget[edge] as number;
        if (of[target] === component) continue;
        waited[target] = Math.max(waited[target] as number, most + (graph.edgeDelay[edge] as number));
      }
    }
  }
  return waited;
}
