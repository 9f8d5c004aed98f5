import fc from "fast-check";
import { expect, test } from "vitest";
import { reachedFrom, smallGraph, startsOf, viewOf } from "../../test/arbitrary-graph.ts";
import { firstTexts } from "./first-texts.ts";

test("a text is a first one exactly when a way without another text leads to it", () => {
  fc.assert(
    fc.property(smallGraph, (graph) => {
      const marked = viewOf(graph).derive(firstTexts);
      for (let node = 0; node < graph.size; node++) {
        const others = graph.types.flatMap((type, at) => (type === "sms" && at !== node ? [at] : []));
        const open = graph.edges.filter(([from]) => !others.includes(from));
        const isFirst =
          graph.types[node] === "sms" && reachedFrom({ ...graph, edges: open }, startsOf(graph)).has(node);
        expect(marked[node]).toBe(isFirst ? 1 : 0);
      }
    }),
  );
});
