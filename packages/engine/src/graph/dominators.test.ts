import fc from "fast-check";
import { expect, test } from "vitest";
import { reachedFrom, smallGraph, startsOf, viewOf } from "../../test/arbitrary-graph.ts";
import { resolveOptions } from "../options.ts";
import { parseWorkflow } from "../parse.ts";
import { createView } from "../view.ts";
import { dominators } from "./dominators.ts";

test("a step dominates another exactly when no way leads around it", () => {
  fc.assert(
    fc.property(smallGraph, (graph) => {
      const { dominates } = viewOf(graph).derive(dominators);
      const starts = startsOf(graph);
      const all = reachedFrom(graph, starts);
      for (let before = 0; before < graph.size; before++) {
        const around = reachedFrom(graph, starts, before);
        for (let step = 0; step < graph.size; step++) {
          const expected = all.has(step) && all.has(before) && !around.has(step);
          expect(dominates(before, step), `${before} before ${step}`).toBe(expected);
        }
      }
    }),
    { numRuns: 500 },
  );
});

test("the immediate dominator is the nearest of all dominators", () => {
  fc.assert(
    fc.property(smallGraph, (graph) => {
      const { immediate, dominates } = viewOf(graph).derive(dominators);
      for (let step = 0; step < graph.size; step++) {
        const nearest = immediate[step] as number;
        for (let other = 0; other < graph.size; other++) {
          if (other === step || !dominates(other, step)) continue;
          expect(nearest).not.toBe(-1);
          expect(dominates(other, nearest)).toBe(true);
        }
      }
    }),
  );
});

test("a goal is dominated by nothing: contacts jump to it from anywhere", () => {
  const view = createView(
    parseWorkflow([
      { id: "a", type: "sms", next: "goal" },
      { id: "goal", type: "workflow_goal", attributes: {}, next: "b" },
      { id: "b", type: "sms" },
    ]),
    resolveOptions({}),
  );
  const { dominates } = view.derive(dominators);
  expect([dominates(0, 1), dominates(0, 2), dominates(1, 2)]).toEqual([false, false, true]);
});

test("a chain of 100,000 steps with a jump back from each does not overflow", () => {
  const size = 100_000;
  const document = Array.from({ length: size }, (_, at) => ({
    id: `s${at}`,
    type: "if_else",
    next: [`s${Math.min(at + 1, size - 1)}`, `s${at >> 1}`],
  }));
  const { dominates } = createView(parseWorkflow(document), resolveOptions({})).derive(dominators);
  expect(dominates(0, size - 1)).toBe(true);
});

test("the numbers of the reached steps are all different and without a gap; others have none", () => {
  fc.assert(
    fc.property(smallGraph, (graph) => {
      const { order, immediate, dominates } = viewOf(graph).derive(dominators);
      const all = reachedFrom(graph, startsOf(graph));
      const numbers = [...order].filter((number) => number !== -1).sort((a, b) => a - b);
      expect(numbers).toEqual(Array.from({ length: all.size }, (_, at) => at));
      for (let step = 0; step < graph.size; step++) {
        if (!all.has(step)) expect([order[step], immediate[step]]).toEqual([-1, -1]);
        else if (immediate[step] !== -1)
          expect(order[step]).toBeGreaterThan(order[immediate[step] as number] as number);
        const within = [...all].filter((other) => dominates(step, other)).map((other) => order[other] as number);
        expect(Math.max(...within) - Math.min(...within) + 1).toBe(
          all.has(step) ? within.length : Number.NEGATIVE_INFINITY,
        );
      }
    }),
  );
});
