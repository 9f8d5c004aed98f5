import { Trait } from "../model/traits.ts";
import { float64s } from "../number-arrays.ts";
import type { Analysis } from "../view.ts";
import { components } from "./components.ts";
import { reachability } from "./reachability.ts";

/** A message that comes long after an earlier one of the same run, or that a loop repeats. */
export interface LateSend {
  readonly step: number;
  /** Seconds of waiting since the run's first message, at most one day; Infinity in a loop. */
  readonly secondsSinceFirst: number;
}

const DAY_SECONDS = 86_400;
const NO_SEND = -1;

/**
 * The first message in document order that a contact can get a day or more after another one, or again and again; null when all
 * messages of a run lie close together. Components come in reverse topological order, so one pass backwards suffices.
 */
export const lateSend: Analysis<LateSend | null> = (view) => {
  const { graph, workflow } = view;
  const { reached } = view.derive(reachability);
  const { count, of, members, first, cyclic } = view.derive(components);
  const since = float64s(graph.size).fill(NO_SEND);
  let late: LateSend | null = null;
  const keep = (step: number, secondsSinceFirst: number) => {
    if (late === null || step < late.step) late = { step, secondsSinceFirst };
  };
  const isSend = (node: number) => ((workflow.steps[node]?.traits ?? 0) & Trait.send) !== 0;
  for (let component = count - 1; component >= 0; component--) {
    const nodes = members
      .subarray(first[component] as number, first[component + 1] as number)
      .filter((node) => reached[node] === 1);
    let most = NO_SEND;
    for (const node of nodes) most = Math.max(most, since[node] as number);
    if (cyclic[component] === 1) {
      for (const node of nodes) if (isSend(node)) keep(node, Number.POSITIVE_INFINITY);
      if (nodes.some(isSend) || most > NO_SEND) most = DAY_SECONDS;
    }
    for (const node of nodes) {
      if (cyclic[component] !== 1 && isSend(node)) {
        if (most >= DAY_SECONDS) keep(node, most);
        most = Math.max(most, 0);
      }
      const last = graph.firstEdge[node + 1] as number;
      for (let edge = graph.firstEdge[node] as number; edge < last; edge++) {
        const target = graph.edgeTarget[edge] as number;
        if (most === NO_SEND || of[target] === component) continue;
        const there = Math.min(DAY_SECONDS, most + (graph.edgeDelay[edge] as number));
        since[target] = Math.max(since[target] as number, there);
      }
    }
  }
  return late;
};
