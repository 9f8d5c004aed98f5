import fc from "fast-check";
import { expect, test } from "vitest";
import { reachedFrom, type SmallGraph, smallGraph, startsOf, viewOf } from "../../test/arbitrary-graph.ts";
import { resolveOptions } from "../options.ts";
import { parseWorkflow } from "../parse.ts";
import { createView } from "../view.ts";
import { type Cycle, fastCycles, pauseFreeCycles } from "./cycles.ts";
import { reachability } from "./reachability.ts";

/** What a pass over these steps does. */
function countsOf({ types }: SmallGraph, steps: readonly number[]) {
  const count = (...names: readonly string[]) => steps.filter((node) => names.includes(types[node] ?? "")).length;
  return { actions: count("sms", "email", "add_contact_tag"), sends: count("sms", "email") };
}

function expectRunnable(graph: SmallGraph, { steps, seconds, actions, sends }: Cycle): void {
  let total = 0;
  steps.forEach((node, at) => {
    const target = steps[(at + 1) % steps.length];
    expect(graph.edges.some(([from, to]) => from === node && to === target)).toBe(true);
    total += graph.seconds[node] as number;
  });
  expect(seconds).toBe(total);
  expect({ actions, sends }).toEqual(countsOf(graph, steps));
  expect(new Set(steps).size).toBe(steps.length);
}

test("a pause-free circle is found exactly where contacts can run round without a wait", () => {
  fc.assert(
    fc.property(smallGraph, (graph) => {
      const view = viewOf(graph);
      const found = view.derive(pauseFreeCycles);
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
        const circles = found.filter((cycle) => cycle.steps.some(same));
        expect(circles.length).toBe(1);
        // It starts where contacts come in.
        expect(circles[0]?.steps[0]).toBe([...view.derive(reachability).order].find(same));
      }
      const heads = found.map(({ steps }) => steps[0] ?? -1);
      expect(heads).toEqual([...heads].sort((a, b) => a - b));
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

/** Steps in a row with ways back up, as the builder makes them: each way back closes exactly one circle. */
const row = fc
  .array(fc.constantFrom("sms", "email", "add_contact_tag", "if_else", "drip", 1, 10, 36, 72), {
    minLength: 1,
    maxLength: 9,
  })
  .chain((steps) =>
    fc.record({
      steps: fc.constant(steps),
      back: fc.uniqueArray(fc.tuple(fc.nat({ max: steps.length - 1 }), fc.nat({ max: steps.length - 1 })), {
        maxLength: 4,
        selector: (pair) => [...pair].sort().join(),
      }),
    }),
  )
  .map(({ steps, back }): SmallGraph & { readonly back: readonly (readonly [from: number, to: number])[] } => {
    const ways = back.map(([a, b]) => [Math.max(a, b), Math.min(a, b)] as const);
    return {
      size: steps.length,
      types: steps.map((step) => (typeof step === "number" ? "wait" : step)),
      seconds: steps.map((step) => (typeof step === "number" ? step : 0)),
      edges: [...steps.slice(1).map((_, at) => [at, at + 1] as const), ...ways],
      entries: [],
      back: ways,
    };
  });

test("each way back up closes its one circle, and it is told exactly when it pauses, is quick and has no quicker part", () => {
  fc.assert(
    fc.property(row, (graph) => {
      const circles = graph.back.map(([from, to]) => {
        const steps = Array.from({ length: from - to + 1 }, (_, at) => to + at);
        const seconds = steps.reduce((sum, node) => sum + (graph.seconds[node] as number), 0);
        return { steps, seconds, ...countsOf(graph, steps), held: steps.some((node) => graph.types[node] === "drip") };
      });
      const free = new Set(circles.flatMap(({ steps, seconds, held }) => (seconds === 0 && !held ? steps : [])));
      const expected = circles
        .filter(({ steps, seconds, actions, held }) => {
          const quick = seconds > 0 && seconds < 36 * Math.max(1, actions);
          return quick && !held && !steps.some((node) => free.has(node));
        })
        .map(({ held: _, ...circle }) => circle);
      const found = fastCycles(viewOf(graph), 36);
      const inOrder = (cycles: readonly Cycle[]) => cycles.map((cycle) => JSON.stringify(cycle)).sort();
      expect(inOrder(found.map(({ cycle }) => cycle()))).toEqual(
        inOrder(expected.map(({ steps, seconds, actions, sends }) => ({ steps, seconds, actions, sends }))),
      );
      for (const { cycle, closedBy } of found) expect(cycle().steps.at(-1)).toBe(closedBy);
    }),
    { numRuns: 1_000 },
  );
});

test("a step that is switched off is passed, and does nothing", () => {
  const step = (id: string, next: string, more: object = {}) => ({ id, type: "sms", next, attributes: {}, ...more });
  const wait = (value: number) => ({
    type: "wait",
    attributes: { type: "time", startAfter: { type: "seconds", value } },
  });
  const circle = (disabled: boolean, seconds: number) =>
    createView(
      parseWorkflow([step("a", "b"), step("b", "w", { disabled }), step("w", "a", wait(seconds))]),
      resolveOptions({}),
    );
  const fast = (disabled: boolean) => fastCycles(circle(disabled, 10), 36).map(({ actions }) => actions);
  expect([fast(false), fast(true)]).toEqual([[2], [1]]);
  expect(circle(true, 0).derive(pauseFreeCycles)).toMatchObject([{ steps: [0, 1, 2], actions: 1 }]);
});

test("a circle without a pause leaves out the way that is held for a reply", () => {
  const transitions = [
    { id: "t1", name: "wait", condition: "primary" },
    { id: "t2", name: "timeout", condition: "timeout" },
  ];
  const attributes = { type: "reply", startAfter: { type: "minutes", value: 0 }, transitions };
  const view = createView(
    parseWorkflow([
      { id: "w", type: "wait", next: ["t1", "t2"], attributes },
      { id: "t1", type: "transition", name: "wait", next: "w" },
      { id: "t2", type: "transition", name: "timeout", next: "x" },
      { id: "x", type: "sms", next: "w" },
    ]),
    resolveOptions({}),
  );
  expect(view.derive(pauseFreeCycles)).toEqual([{ steps: [0, 1], seconds: 0, actions: 1, sends: 1 }]);
});
