import fc from "fast-check";
import { expect, test } from "vitest";
import { reachedFrom, smallGraph, viewOf } from "../../test/arbitrary-graph.ts";
import { resolveOptions } from "../options.ts";
import { parseWorkflow } from "../parse.ts";
import { createView } from "../view.ts";
import { components } from "./components.ts";

test("two steps share a component exactly when each reaches the other", () => {
  fc.assert(
    fc.property(smallGraph, (graph) => {
      const { of } = viewOf(graph).derive(components);
      const reach = graph.types.map((_, node) => reachedFrom(graph, [node]));
      for (let a = 0; a < graph.size; a++) {
        for (let b = 0; b < graph.size; b++) {
          expect(of[a] === of[b]).toBe((reach[a]?.has(b) ?? false) && (reach[b]?.has(a) ?? false));
        }
      }
    }),
  );
});

test("edges never lead to a higher component, and a component is cyclic when it holds a circle", () => {
  fc.assert(
    fc.property(smallGraph, (graph) => {
      const { of, cyclic, count, members, first } = viewOf(graph).derive(components);
      for (const [from, to] of graph.edges) expect(of[from] as number).toBeGreaterThanOrEqual(of[to] as number);
      expect([first.length, cyclic.length]).toEqual([count + 1, count]);
      for (let component = 0; component < count; component++) {
        const inside = members.subarray(first[component], first[component + 1]);
        const circle = inside.length > 1 || graph.edges.some(([from, to]) => from === to && of[from] === component);
        expect(cyclic[component] === 1).toBe(circle);
      }
    }),
  );
});

test("a chain of 100,000 steps that comes back to its start is one component", () => {
  const size = 100_000;
  const document = Array.from({ length: size }, (_, at) => ({
    id: `s${at}`,
    type: "sms",
    next: `s${(at + 1) % size}`,
  }));
  const parts = createView(parseWorkflow(document), resolveOptions({})).derive(components);
  expect([parts.count, parts.cyclicCount]).toEqual([1, 1]);
});
