import fc from "fast-check";
import { expect, test } from "vitest";
import { reachedFrom, smallGraph, viewOf } from "../../test/arbitrary-graph.ts";
import { blastRadii } from "./blast-radius.ts";

test("every fault's steps and sends are counted exactly, also over joins and circles", () => {
  fc.assert(
    fc.property(smallGraph, fc.array(fc.nat(8), { maxLength: 80 }), (graph, picks) => {
      const faults = picks.map((pick) => pick % graph.size);
      const expected = faults.map((fault) => {
        const behind = [...reachedFrom(graph, [fault])];
        const sends = behind.filter((node) => ["sms", "email"].includes(graph.types[node] ?? "")).length;
        return { sends, steps: behind.length };
      });
      expect(blastRadii(viewOf(graph), faults)).toEqual(expected);
    }),
  );
});
