import type { Layout } from "../drawing/types.ts";
import type { PathHop } from "../report/types.ts";

/** A witness path on the drawing: the hops that are drawn, and the lines between them. */
export interface WitnessTrace {
  readonly hops: readonly { readonly node: number; readonly elapsedSeconds: number }[];
  /** Indices into the layout's edges, in walking order. */
  readonly edges: readonly number[];
}

/**
 * Finds the hops of a witness among the boxes and joins each to the next by the shortest way along the drawn lines (a
 * witness names triggers, decisions, waits and the fault; the plain steps between them are left to the drawing). Hops
 * that are folded away are left out.
 */
export function traceWitness(layout: Layout, path: readonly PathHop[]): WitnessTrace {
  const { nodeOf, incoming } = indexed(layout);
  const hops: { node: number; elapsedSeconds: number }[] = [];
  const edges: number[] = [];
  for (const hop of path) {
    if ("skipped" in hop) continue;
    const node = nodeOf.get(hop.stepId);
    if (node === undefined) continue;
    const last = hops.at(-1);
    if (last !== undefined) edges.push(...between(layout, incoming, last.node, node));
    hops.push({ node, elapsedSeconds: hop.elapsedSeconds });
  }
  return { hops, edges };
}

interface Indexed {
  readonly nodeOf: ReadonlyMap<string, number>;
  /** Edge indices that arrive at each node. */
  readonly incoming: readonly (readonly number[])[];
}

const indexes = new WeakMap<Layout, Indexed>();

function indexed(layout: Layout): Indexed {
  const known = indexes.get(layout);
  if (known !== undefined) return known;
  const nodeOf = new Map<string, number>();
  layout.nodes.forEach((node, index) => {
    if (node.id !== "" && !nodeOf.has(node.id)) nodeOf.set(node.id, index);
  });
  const incoming: number[][] = layout.nodes.map(() => []);
  layout.edges.forEach((edge, index) => {
    incoming[edge.to]?.push(index);
  });
  const made = { nodeOf, incoming };
  indexes.set(layout, made);
  return made;
}

/** Breadth first from the end backwards, so that in a tree the walk never leaves the way. */
function between(layout: Layout, incoming: Indexed["incoming"], start: number, end: number): readonly number[] {
  const leaveBy = new Map<number, number>();
  const queue = [end];
  for (const node of queue) {
    for (const index of incoming[node] ?? []) {
      const from = layout.edges[index]?.from;
      if (from === undefined || leaveBy.has(from)) continue;
      leaveBy.set(from, index);
      if (from === start) return walk(layout, leaveBy, start, end);
      queue.push(from);
    }
  }
  return [];
}

function walk(layout: Layout, leaveBy: ReadonlyMap<number, number>, start: number, end: number): readonly number[] {
  const edges: number[] = [];
  let node = start;
  do {
    const index = leaveBy.get(node);
    const next = index === undefined ? undefined : layout.edges[index]?.to;
    if (index === undefined || next === undefined) return [];
    edges.push(index);
    node = next;
  } while (node !== end);
  return edges;
}
