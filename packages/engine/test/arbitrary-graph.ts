import fc from "fast-check";
import { resolveOptions } from "../src/options.ts";
import { parseWorkflow } from "../src/parse.ts";
import { createView, type View } from "../src/view.ts";

/** A small workflow graph with everything that can stand in one: joins, circles, waits, dead parts, several entries. */
export interface SmallGraph {
  readonly size: number;
  /** Per node: what it is. */
  readonly types: readonly string[];
  /** Seconds a wait node holds a run; 0 for others. */
  readonly seconds: readonly number[];
  readonly edges: readonly (readonly [from: number, to: number])[];
  readonly entries: readonly number[];
}

const types = ["sms", "add_contact_tag", "wait", "if_else", "email"] as const;

export const smallGraph: fc.Arbitrary<SmallGraph> = fc
  .integer({ min: 1, max: 9 })
  .chain((size) => {
    const node = fc.nat({ max: size - 1 });
    return fc.record({
      size: fc.constant(size),
      types: fc.array(fc.constantFrom(...types), { minLength: size, maxLength: size }),
      lengths: fc.array(fc.constantFrom(0, 10, 60, 3600), { minLength: size, maxLength: size }),
      edges: fc.uniqueArray(fc.tuple(node, node), { maxLength: size * 2, selector: ([from, to]) => from * 100 + to }),
      entries: fc.uniqueArray(node, { maxLength: 3 }),
    });
  })
  .map(({ lengths, ...rest }) => ({
    ...rest,
    seconds: rest.types.map((type, at) => (type === "wait" ? (lengths[at] ?? 0) : 0)),
  }));

export function viewOf(graph: SmallGraph): View {
  return createView(parseWorkflow(documentOf(graph)), resolveOptions({}));
}

export function documentOf(graph: SmallGraph): unknown {
  return {
    nodes: graph.types.map((type, at) => ({
      id: `n${at}`,
      type,
      config: type === "wait" ? { type: "time", startAfter: { type: "seconds", value: graph.seconds[at] } } : {},
    })),
    connections: graph.edges.map(([from, to]) => ({ from: `n${from}`, to: `n${to}` })),
    triggers: graph.entries.map((at) => ({ id: `t${at}`, type: "form_submission", target: `n${at}` })),
  };
}

/** Entries of the graph as the engine sees them: the first node is always one. */
export function startsOf(graph: SmallGraph): readonly number[] {
  return [...new Set([...graph.entries, 0])];
}

/** Steps reached from the given ones, those included, without passing `without`. */
export function reachedFrom(graph: SmallGraph, starts: readonly number[], without = -1): ReadonlySet<number> {
  const reached = new Set<number>();
  const open = starts.filter((start) => start !== without);
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (reached.has(node)) continue;
    reached.add(node);
    for (const [from, to] of graph.edges) if (from === node && to !== without) open.push(to);
  }
  return reached;
}
