import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { smallGraph, viewOf } from "../../test/arbitrary-graph.ts";
import { resolveOptions } from "../options.ts";
import { parseWorkflow } from "../parse.ts";
import { createView } from "../view.ts";
import { components } from "./components.ts";
import { lateSend } from "./late-send.ts";
import { reachability } from "./reachability.ts";

const text = (id: string) => ({ id, type: "sms", config: { body: "Hi" } });
const wait = (id: string, duration: Readonly<Record<string, number>>) => ({ id, type: "wait", config: duration });

function lateIn(...actions: readonly object[]) {
  const view = createView(parseWorkflow({ actions }), resolveOptions({}));
  const late = view.derive(lateSend);
  return late === null ? null : [view.workflow.steps[late.step]?.id, late.secondsSinceFirst];
}

describe("a late message", () => {
  test("is the first one that comes a day or more after the run's first", () => {
    expect(lateIn(text("a"), wait("w", { days: 2 }), text("b"), wait("v", { days: 2 }), text("c"))).toEqual([
      "b",
      86_400,
    ]);
  });

  test("may come after many short waits", () => {
    const waits = Array.from({ length: 4 }, (_, at) => [wait(`w${at}`, { hours: 6 }), text(`t${at}`)]);
    expect(lateIn(text("a"), ...waits.flat())).toEqual(["t3", 86_400]);
  });

  test("is not the first, however long the run waits before it, nor one of the same day", () => {
    expect(lateIn(wait("w", { days: 9 }), text("a"))).toBeNull();
    expect(lateIn(text("a"), wait("w", { hours: 23 }), text("b"))).toBeNull();
  });

  test("is every one that a loop repeats", () => {
    const again = { id: "again", type: "goto", config: { target: "a" } };
    expect(lateIn(text("a"), wait("w", { hours: 1 }), again)).toEqual(["a", Number.POSITIVE_INFINITY]);
  });
});

test("of any graph it is a send that a run reaches, repeated exactly when it stands in a circle", () => {
  fc.assert(
    fc.property(smallGraph, (graph) => {
      const view = viewOf(graph);
      const late = view.derive(lateSend);
      const { of, cyclic } = view.derive(components);
      const { reached } = view.derive(reachability);
      const sends = graph.types.flatMap((type, at) => (type === "sms" || type === "email" ? [at] : []));
      const repeated = sends.filter((at) => reached[at] === 1 && cyclic[of[at] as number] === 1);
      if (late === null) {
        expect(repeated).toEqual([]);
        return;
      }
      expect(sends).toContain(late.step);
      expect(reached[late.step]).toBe(1);
      expect(late.secondsSinceFirst === Number.POSITIVE_INFINITY).toBe(repeated.includes(late.step));
    }),
  );
});
