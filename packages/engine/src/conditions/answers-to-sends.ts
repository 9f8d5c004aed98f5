import type { Graph } from "../graph/graph.ts";
import { Trait } from "../model/traits.ts";
import { END, type Step } from "../model/workflow.ts";
import { int32s } from "../number-arrays.ts";
import type { Analysis } from "../view.ts";

/** How a step stands to the messages before it. */
export interface AnswersToSends {
  /** The message or request that a contact got in the same moment, when nothing was sent any earlier; else null. */
  readonly justSent: (step: Step) => Step | null;
}

/** Steps that ask the contact for something: messages, and payment or signature requests. */
const ASKS = Trait.send | Trait.payment;

/**
 * Follows every send on: without a pause in between it is fresh, behind a pause it is one the contact had time to
 * answer. A pause is anything that can hold a run, however short.
 */
export const answersToSends: Analysis<AnswersToSends> = (view) => {
  const { steps } = view.workflow;
  const { graph } = view;
  const fresh = int32s(steps.length).fill(END);
  const aged = new Uint8Array(steps.length);
  const behindPause: number[] = [];
  for (const send of view.stepsWith(ASKS)) spread(steps, graph, send.index, fresh, behindPause);
  const { firstEdge, edgeTarget } = graph;
  for (let index = behindPause.pop(); index !== undefined; index = behindPause.pop()) {
    const last = firstEdge[index + 1] as number;
    for (let edge = firstEdge[index] as number; edge < last; edge++) {
      const next = edgeTarget[edge] as number;
      if (aged[next] === 1) continue;
      aged[next] = 1;
      behindPause.push(next);
    }
  }
  return {
    justSent: ({ index }) => {
      const source = fresh[index] ?? END;
      return source === END || aged[index] === 1 ? null : (steps[source] ?? null);
    },
  };
};

/**
 * Marks what follows a send at once, up to and with the next pause. Each step keeps the first send that gets there, so
 * all sends together walk every edge once.
 */
function spread(steps: readonly Step[], graph: Graph, source: number, fresh: Int32Array, behindPause: number[]): void {
  const { firstEdge, edgeTarget } = graph;
  const open = [source];
  for (let from = open.pop(); from !== undefined; from = open.pop()) {
    const last = firstEdge[from + 1] as number;
    for (let edge = firstEdge[from] as number; edge < last; edge++) {
      const index = edgeTarget[edge] as number;
      if (fresh[index] !== END) continue;
      fresh[index] = source;
      if (((steps[index] as Step).traits & Trait.pause) !== 0) behindPause.push(index);
      else open.push(index);
    }
  }
}
