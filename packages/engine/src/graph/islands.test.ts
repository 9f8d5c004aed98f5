import fc from "fast-check";
import { expect, test } from "vitest";
import { smallGraph, viewOf } from "../../test/arbitrary-graph.ts";
import { islands } from "./islands.ts";
import { reachability } from "./reachability.ts";

test("islands are what is not reached, in pieces that no edge ties together, each with a head", () => {
  fc.assert(
    fc.property(smallGraph, (graph) => {
      const view = viewOf(graph);
      const { reached } = view.derive(reachability);
      const pieces = view.derive(islands);
      const inAny = pieces.flatMap(({ steps }) => steps).sort((a, b) => a - b);
      expect(inAny).toEqual([...reached.keys()].filter((node) => reached[node] === 0));
      const pieceOf = new Map(pieces.flatMap(({ steps }, at) => steps.map((node) => [node, at] as const)));
      for (const [from, to] of graph.edges) {
        if (reached[from] === 0 && reached[to] === 0) expect(pieceOf.get(from)).toBe(pieceOf.get(to));
      }
      for (const { steps, heads } of pieces) {
        expect(heads.length).toBeGreaterThan(0);
        for (const head of heads) expect(steps).toContain(head);
      }
    }),
  );
});
