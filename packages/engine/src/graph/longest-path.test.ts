import fc from "fast-check";
import { expect, test } from "vitest";
import { smallGraph, viewOf } from "../../test/arbitrary-graph.ts";
import { resolveOptions } from "../options.ts";
import { parseWorkflow } from "../parse.ts";
import { createView } from "../view.ts";
import { longestPathSeconds } from "./longest-path.ts";

const longest = (actions: readonly unknown[]) =>
  createView(parseWorkflow({ actions }), resolveOptions({})).derive(longestPathSeconds);

const hold = (id: string, days: number, next?: string | null) => ({
  id,
  type: "wait",
  config: { days },
  ...(next === undefined ? {} : { next }),
});

test("the slower of two branches counts, and waits add up", () => {
  const choice = {
    id: "c",
    type: "condition",
    branches: [
      { name: "A", next: "a" },
      { name: "None", next: "b" },
    ],
  };
  const end = { id: "z", type: "sms", config: { body: "Hi" } };
  expect(longest([hold("w", 1), choice, hold("a", 2, "z"), hold("b", 5, "z"), end])).toBe(6 * 86_400);
});

test("a loop counts once", () => {
  expect(longest([hold("w", 1), { id: "g", type: "goto", config: { target: "w" } }])).toBe(86_400);
});

test("a timeout counts, a reply does not", () => {
  const reply = { id: "r", type: "wait", config: { event: "reply", timeout: { hours: 3 } } };
  expect(
    longest([
      {
        ...reply,
        branches: [
          { name: "Reply", next: "z" },
          { name: "Timeout", next: "z" },
        ],
      },
      hold("z", 0),
    ]),
  ).toBe(10_800);
});

test("over a graph without circles it is the longest of all ways, from wherever they start", () => {
  fc.assert(
    fc.property(smallGraph, (given) => {
      const graph = { ...given, edges: given.edges.filter(([from, to]) => from < to) };
      const most = new Float64Array(graph.size);
      for (let node = graph.size - 1; node >= 0; node--)
        for (const [from, to] of graph.edges)
          if (from === node)
            most[node] = Math.max(most[node] as number, (graph.seconds[node] as number) + (most[to] as number));
      expect(viewOf(graph).derive(longestPathSeconds)).toBe(Math.max(...most));
    }),
  );
});

test("the way that closes a circle does not count", () => {
  const text = (id: string, next: string) => ({ id, type: "sms", config: { body: "Hi" }, next });
  expect(longest([text("a", "w"), hold("w", 1, "a")])).toBe(0);
  expect(longest([text("x", "a"), text("a", "v"), hold("v", 2, "w"), hold("w", 1, "v")])).toBe(2 * 86_400);
});

test("a part that nothing leads to counts by its own waits alone", () => {
  const text = (id: string, next: string | null) => ({ id, type: "sms", config: { body: "Hi" }, next });
  expect(longest([text("a", "b"), hold("b", 1, "c"), text("c", null), hold("d", 3, "c")])).toBe(3 * 86_400);
  expect(longest([hold("a", 1, "c"), text("b", null), text("c", null), hold("d", 1, "b"), text("e", null)])).toBe(
    86_400,
  );
});
