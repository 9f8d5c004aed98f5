import fc from "fast-check";
import { expect, test } from "vitest";
import { smallGraph, viewOf } from "../../test/arbitrary-graph.ts";
import { leastDelay, NEVER } from "./least-delay.ts";

test("the least delay is that of the quickest of all ways", () => {
  fc.assert(
    fc.property(smallGraph, fc.nat(8), (graph, pick) => {
      const source = pick % graph.size;
      const expected = new Float64Array(graph.size).fill(NEVER);
      expected[source] = 0;
      for (let round = 0; round < graph.size; round++) {
        for (const [from, to] of graph.edges) {
          const there = (expected[from] as number) + (graph.seconds[from] as number);
          if (there < (expected[to] as number)) expected[to] = there;
        }
      }
      expect(leastDelay(viewOf(graph).graph, [source])).toEqual(expected);
    }),
  );
});

test("what lies beyond the limit is never reached", () => {
  fc.assert(
    fc.property(smallGraph, fc.constantFrom(0, 10, 65, 4000), (graph, limit) => {
      const view = viewOf(graph);
      const all = leastDelay(view.graph, [0]);
      const near = leastDelay(view.graph, [0], limit);
      expect(near).toEqual(all.map((seconds) => (seconds > limit ? NEVER : seconds)));
    }),
  );
});
