import fc from "fast-check";
import { expect, test } from "vitest";
import { reachedFrom, type SmallGraph, smallGraph, startsOf, viewOf } from "../../test/arbitrary-graph.ts";
import { type Cycle, fastCycles, pauseFreeCycles } from "./cycles.ts";

function expectRunnable(graph: SmallGraph, { steps, seconds }: Cycle): void {
  let total = 0;
  steps.forEach((node, at) => {
    const target = steps[(at + 1) % steps.length];
    expect(graph.edges.some(([from, to]) => from === node && to === target)).toBe(true);
    total += graph.seconds[node] as number;
  });
  expect(seconds).toBe(total);
  expect(new Set(steps).size).toBe(steps.length);
}

test("a pause-free circle is found exactly where contacts can run round without a wait", () => {
  fc.assert(
    fc.property(smallGraph, (graph) => {
      const found = viewOf(graph).derive(pauseFreeCycles);
      for (const cycle of found) {
        expectRunnable(graph, cycle);
        expect(cycle.seconds).toBe(0);
      }
      const quick: SmallGraph = { ...graph, edges: graph.edges.filter(([from]) => graph.seconds[from] === 0) };
      const reached = reachedFrom(graph, startsOf(graph));
      const hot = [...reached].filter((node) =>
        quick.edges.some(([from, to]) => from === node && reachedFrom(quick, [to]).has(node)),
      );
      expect(found.length > 0).toBe(hot.length > 0);
      for (const node of hot) {
        const same = (other: number) => reachedFrom(quick, [node]).has(other) && reachedFrom(quick, [other]).has(node);
        expect(found.some((cycle) => cycle.steps.some(same))).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});

test("a fast circle can be run, pauses, and is quicker than its limit", () => {
  fc.assert(
    fc.property(smallGraph, (graph) => {
      for (const fast of fastCycles(viewOf(graph), 36)) {
        const cycle = fast.cycle();
        expectRunnable(graph, cycle);
        expect(cycle.seconds).toBe(fast.seconds);
        expect(cycle.actions).toBe(fast.actions);
        expect(cycle.seconds).toBeGreaterThan(0);
        expect(cycle.seconds).toBeLessThan(36 * Math.max(1, cycle.actions));
      }
    }),
    { numRuns: 300 },
  );
});
