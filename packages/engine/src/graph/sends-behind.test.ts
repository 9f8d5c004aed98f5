import fc from "fast-check";
import { expect, test } from "vitest";
import { reachedFrom, smallGraph, viewOf } from "../../test/arbitrary-graph.ts";
import { sendsBehind } from "./sends-behind.ts";

test("a step is marked exactly when a send can be reached from it, itself included", () => {
  fc.assert(
    fc.property(smallGraph, (graph) => {
      const marked = viewOf(graph).derive(sendsBehind);
      const isSend = (node: number) => graph.types[node] === "sms" || graph.types[node] === "email";
      for (let node = 0; node < graph.size; node++)
        expect(marked[node]).toBe([...reachedFrom(graph, [node])].some(isSend) ? 1 : 0);
    }),
  );
});
