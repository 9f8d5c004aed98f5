import fc from "fast-check";
import { expect, test } from "vitest";
import { smallGraph, viewOf } from "../../test/arbitrary-graph.ts";
import { incoming } from "./incoming.ts";

test("every edge stands once in the row of its target, with its source", () => {
  fc.assert(
    fc.property(smallGraph, (given) => {
      const view = viewOf(given);
      const { first, source, edge } = view.derive(incoming);
      const { firstEdge, edgeTarget } = view.graph;
      const seen = new Set<number>();
      for (let node = 0; node < given.size; node++)
        for (let at = first[node] ?? 0; at < (first[node + 1] ?? 0); at++) {
          const taken = edge[at] ?? -1;
          seen.add(taken);
          expect(edgeTarget[taken]).toBe(node);
          const from = source[at] ?? -1;
          expect(taken >= (firstEdge[from] ?? 0) && taken < (firstEdge[from + 1] ?? 0)).toBe(true);
        }
      expect(seen.size).toBe(edgeTarget.length);
    }),
  );
});
