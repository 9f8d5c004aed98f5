import fc from "fast-check";
import { expect, test } from "vitest";
import { type SmallGraph, smallGraph, viewOf } from "../../test/arbitrary-graph.ts";
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

test("a way of many steps with short waits, or none, is found before a shorter one with a long wait", () => {
  const delays = (seconds: readonly number[], edges: SmallGraph["edges"]) => {
    const types = seconds.map((length, at) => (length > 0 ? "wait" : at === 0 ? "if_else" : "sms"));
    return [...leastDelay(viewOf({ size: seconds.length, types, seconds, edges, entries: [] }).graph, [0])];
  };
  const longWaitFirst = [[0, 1], [0, 2], [1, 4], [2, 3], [3, 4], [4, 5]] as const; // biome-ignore format: an edge each
  expect(delays([0, 3600, 10, 60, 10, 0], longWaitFirst)).toEqual([0, 0, 0, 10, 70, 80]);
  const shortWaitFirst = [[0, 1], [0, 2], [1, 3], [2, 4], [3, 4], [4, 5]] as const; // biome-ignore format: an edge each
  expect(delays([0, 10, 3600, 60, 10, 0], shortWaitFirst)).toEqual([0, 0, 0, 10, 70, 80]);
  const withoutWaits = [[0, 1], [0, 2], [1, 3], [2, 4], [4, 3], [3, 5]] as const; // biome-ignore format: an edge each
  expect(delays([0, 1, 0, 0, 0, 0], withoutWaits)).toEqual([0, 0, 0, 0, 0, 0]);
});
