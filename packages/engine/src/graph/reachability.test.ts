import fc from "fast-check";
import { expect, test } from "vitest";
import { reachedFrom, smallGraph, startsOf, viewOf } from "../../test/arbitrary-graph.ts";
import { resolveOptions } from "../options.ts";
import { parseWorkflow } from "../parse.ts";
import { createView } from "../view.ts";
import { BY_GOAL, reachability } from "./reachability.ts";

test("a step is reached exactly when some way from an entry leads to it", () => {
  fc.assert(
    fc.property(smallGraph, (graph) => {
      const { reached, count } = viewOf(graph).derive(reachability);
      const expected = reachedFrom(graph, startsOf(graph));
      expect([...reached.keys()].filter((node) => reached[node] === 1)).toEqual([...expected].sort((a, b) => a - b));
      expect(count).toBe(expected.size);
    }),
  );
});

test("the way to a step has as few steps as any", () => {
  fc.assert(
    fc.property(smallGraph, (graph) => {
      const { reached, before } = viewOf(graph).derive(reachability);
      const distance = new Map(startsOf(graph).map((start) => [start, 0]));
      for (let round = 0; round < graph.size; round++) {
        for (const [from, to] of graph.edges) {
          const there = (distance.get(from) ?? Number.POSITIVE_INFINITY) + 1;
          if (there < (distance.get(to) ?? Number.POSITIVE_INFINITY)) distance.set(to, there);
        }
      }
      for (let node = 0; node < graph.size; node++) {
        if (reached[node] === 0) continue;
        let length = 0;
        for (let at = before[node] as number; at !== -1; at = before[at] as number) length++;
        expect(length).toBe(distance.get(node));
      }
    }),
  );
});

test("a goal that only its jump reaches says so", () => {
  const view = createView(
    parseWorkflow([
      { id: "a", type: "sms", attributes: { body: "x" } },
      { id: "goal", type: "workflow_goal", attributes: {} },
    ]),
    resolveOptions({}),
  );
  const { reached, start } = view.derive(reachability);
  expect([...reached]).toEqual([1, 1]);
  expect(start[1]).toBe(BY_GOAL);
});

test("a step that two triggers enter is counted once, and starts with the first of them", () => {
  const view = createView(
    parseWorkflow({
      templates: [{ id: "a", type: "sms" }],
      triggers: [{ type: "invoice" }, { type: "form_submission" }],
    }),
    resolveOptions({}),
  );
  const { count, order, start, edge } = view.derive(reachability);
  expect([count, [...order], [...start], [...edge]]).toEqual([1, [0], [0], [-1]]);
});

test("what stands behind a goal is reached by its jump", () => {
  const view = createView(
    parseWorkflow([
      { id: "a", type: "sms" },
      { id: "goal", type: "workflow_goal", attributes: {}, next: "b" },
      { id: "b", type: "sms" },
    ]),
    resolveOptions({}),
  );
  const { reached, before } = view.derive(reachability);
  expect([[...reached], [...before]]).toEqual([
    [1, 1, 1],
    [-1, -1, 1],
  ]);
});
