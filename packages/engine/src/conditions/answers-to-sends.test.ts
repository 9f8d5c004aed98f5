import fc from "fast-check";
import { expect, test } from "vitest";
import { reachedFrom, smallGraph, viewOf } from "../../test/arbitrary-graph.ts";
import { answersToSends } from "./answers-to-sends.ts";

test("a step was just written to exactly when a send leads there at once and none leads there through a pause", () => {
  fc.assert(
    fc.property(smallGraph, (graph) => {
      const view = viewOf(graph);
      const { justSent } = view.derive(answersToSends);
      const isSend = (node: number) => graph.types[node] === "sms" || graph.types[node] === "email";
      const isWait = (node: number) => graph.types[node] === "wait";
      const sends = graph.types.flatMap((_, at) => (isSend(at) ? [at] : []));
      const after = (nodes: Iterable<number>, edges: typeof graph.edges) => {
        const targets = edges.filter(([from]) => new Set(nodes).has(from)).map(([, to]) => to);
        return reachedFrom({ ...graph, edges }, targets);
      };
      // At once: along edges that leave no wait. Later: whatever lies behind a wait that is met so.
      const unheld = graph.edges.filter(([from]) => !isWait(from));
      const fresh = after(sends, unheld);
      const held = [...fresh].filter(isWait);
      const aged = after(held, graph.edges);
      for (const step of view.workflow.steps) {
        const answer = justSent(step);
        expect(answer !== null).toBe(fresh.has(step.index) && !aged.has(step.index));
        if (answer !== null) expect(isSend(answer.index)).toBe(true);
      }
    }),
  );
});
