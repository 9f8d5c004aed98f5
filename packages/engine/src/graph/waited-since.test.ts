import { expect, test } from "vitest";
import { resolveOptions } from "../options.ts";
import { parseWorkflow } from "../parse.ts";
import { createView } from "../view.ts";
import { NOT_REACHED, waitedSince } from "./waited-since.ts";

function waited(actions: readonly object[], stopsAt = "") {
  const view = createView(parseWorkflow({ actions }), resolveOptions({}));
  const times = waitedSince(view, [0], (step) => step.id !== stopsAt);
  return Object.fromEntries(view.workflow.steps.map(({ id, index }) => [id, times[index]]));
}

const tag = (id: string, next?: string) => ({
  id,
  type: "add_tag",
  config: { tags: [id] },
  ...(next === undefined ? {} : { next }),
});
const wait = (id: string, hours: number) => ({ id, type: "wait", config: { hours } });
const HOUR = 3600;

test("waits add up, and the longest of several ways counts", () => {
  const which = {
    id: "which",
    type: "condition",
    branches: [
      { name: "Slow", next: "slow" },
      { name: "None", next: "end" },
    ],
  };
  expect(waited([tag("a"), wait("w", 1), which, wait("slow", 5), tag("end")])).toEqual({
    a: 0,
    w: 0,
    which: HOUR,
    slow: HOUR,
    end: 6 * HOUR,
  });
});

test("what stands behind a step that stops the way is not reached", () => {
  expect(waited([tag("a"), tag("b"), tag("c")], "b")).toEqual({ a: 0, b: 0, c: NOT_REACHED });
});

test("a loop counts once", () => {
  const out = {
    id: "out",
    type: "condition",
    branches: [
      { name: "Again", next: "a" },
      { name: "None", next: "end" },
    ],
  };
  expect(waited([tag("a"), wait("w", 2), out, tag("end")])["end"]).toBe(0);
});
