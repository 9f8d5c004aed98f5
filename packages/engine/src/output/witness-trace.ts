import type { Layout } from "../drawing/types.ts";
import type { Finding } from "../report/types.ts";

/** The way to a finding on the drawing. */
export interface WitnessTrace {
  /** Hops of the witness that are drawn, in walking order. */
  readonly hops: readonly { readonly node: number; readonly elapsedSeconds: number }[];
  /** Indices of the lines walked, and of the lines between the steps that the finding names. */
  readonly edges: readonly number[];
  /** Indices of all boxes on the way and of the finding's own, the fault last. */
  readonly nodes: readonly number[];
}

/**
 * Finds the hops of a witness among the boxes and joins each to the next by the shortest way along the drawn lines (a
 * long witness leaves steps out). Hops that are folded away are left out.
 */
export function traceWitness(layout: Layout, { path, steps }: Finding): WitnessTrace {
  const { nodeOf, incoming } = indexed(layout);
  const hops: { node: number; elapsedSeconds: number }[] = [];
  const edges = new Set<number>();
  const nodes = new Set<number>();
  for (const hop of path) {
    const node = "stepId" in hop ? nodeOf.get(hop.stepId) : undefined;
    if (node === undefined || "skipped" in hop) continue;
    const last = hops.at(-1);
    for (const index of last === undefined ? [] : between(layout, incoming, last.node, node)) {
      edges.add(index);
      nodes.add(layout.edges[index]?.from ?? node);
    }
    nodes.add(node);
    hops.push({ node, elapsedSeconds: hop.elapsedSeconds });
  }
  const own = steps.map(({ id }) => nodeOf.get(id)).filter((node) => node !== undefined);
  const among = new Set(own);
  for (const node of among) {
    for (const index of incoming[node] ?? []) if (among.has(layout.edges[index]?.from ?? -1)) edges.add(index);
  }
  const [fault = hops.at(-1)?.node] = own;
  for (const node of own) nodes.add(node);
  if (fault !== undefined) nodes.delete(fault);
  return { hops, edges: [...edges], nodes: fault === undefined ? [...nodes] : [...nodes, fault] };
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
