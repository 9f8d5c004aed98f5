import fc from "fast-check";
import { expect, test } from "vitest";
import { resolveOptions } from "../options.ts";
import { parseWorkflow } from "../parse.ts";
import { createView } from "../view.ts";
import { NEVER } from "./least-delay.ts";
import { sinceLast } from "./since-last.ts";

function viewOf(actions: readonly object[]) {
  return createView(parseWorkflow({ actions }), resolveOptions({}));
}

function since(actions: readonly object[], type: string, limit = NEVER) {
  const view = viewOf(actions);
  const sources = view.stepsOfType(type).map(({ index }) => index);
  const { seconds, from } = sinceLast(view.graph, sources, limit);
  return Object.fromEntries(
    view.workflow.steps.flatMap(({ id, index }) => {
      const time = seconds[index] as number;
      return time === NEVER ? [] : [[id, [view.workflow.steps[from[index] as number]?.id, time]]];
    }),
  );
}

const text = (id: string) => ({ id, type: "sms", config: { body: "Hi" } });
const wait = (id: string, config: object) => ({ id, type: "wait", config });
const tag = { id: "tag", type: "add_tag", config: { tags: ["x"] } };

test("each step sees the text before it, not the one before that", () => {
  const steps = [text("a"), wait("five", { minutes: 5 }), text("b"), tag, text("c")];
  expect(since(steps, "sms")).toEqual({ five: ["a", 0], b: ["a", 300], tag: ["b", 0], c: ["b", 0] });
});

test("what lies beyond the limit is not seen", () => {
  expect(since([text("a"), wait("day", { days: 1 }), text("b")], "sms", 3600)).toEqual({ day: ["a", 0] });
});

test("a wait for an answer ends the way, its timeout does not", () => {
  const hold = {
    ...wait("hold", { event: "reply", timeout: { minutes: 30 } }),
    branches: [
      { name: "Reply", next: "yes" },
      { name: "Timeout", next: "no" },
    ],
  };
  expect(since([text("a"), hold, { ...text("yes"), next: null }, text("no")], "sms")).toEqual({
    hold: ["a", 0],
    no: ["a", 1800],
  });
});

test("the shorter of two ways counts", () => {
  const steps = [
    text("a"),
    {
      id: "which",
      type: "condition",
      branches: [
        { name: "Slow", next: "hour" },
        { name: "None", next: "b" },
      ],
    },
    wait("hour", { hours: 1 }),
    text("b"),
  ];
  expect(since(steps, "sms")["b"]).toEqual(["a", 0]);
});

test("a step in a loop sees itself", () => {
  const steps = [text("a"), wait("five", { minutes: 5 }), { id: "again", type: "goto", config: { target: "a" } }];
  expect(since(steps, "sms")["a"]).toEqual(["a", 300]);
});

test("of two equally near ones the first of the list is named, whatever the ways", () => {
  const steps = [
    {
      id: "which",
      type: "condition",
      branches: [
        { name: "A", next: "a" },
        { name: "None", next: "b" },
      ],
    },
    { ...text("a"), next: "minute" },
    { ...text("b"), next: "minute" },
    wait("minute", { minutes: 1 }),
    tag,
  ];
  const view = viewOf(steps);
  const index = (id: string) => view.workflow.steps.findIndex((step) => step.id === id);
  for (const order of [
    ["a", "b"],
    ["b", "a"],
  ]) {
    const { from } = sinceLast(view.graph, order.map(index), NEVER);
    expect(from[index("tag")]).toBe(index(order[0] as string));
  }
});

test("agrees with trying every way, on any graph", () => {
  const arbitrary = fc.array(
    fc.record({
      sends: fc.boolean(),
      minutes: fc.constantFrom(0, 1, 5),
      ways: fc.array(fc.nat(7), { minLength: 1, maxLength: 2 }),
    }),
    { minLength: 1, maxLength: 8 },
  );
  fc.assert(
    fc.property(arbitrary, (nodes) => {
      const last = nodes.length - 1;
      const actions = nodes.flatMap(({ sends, minutes, ways }, at) => [
        sends ? { ...text(`s${at}`), next: `w${at}` } : { ...tag, id: `s${at}`, next: `w${at}` },
        { ...wait(`w${at}`, { minutes }), next: `c${at}` },
        {
          id: `c${at}`,
          type: "condition",
          branches: ways.map((to, way) => ({ name: way === 0 ? "None" : "Other", next: `s${Math.min(to, last)}` })),
        },
      ]);
      const got = since(actions, "sms");
      for (const [at] of nodes.entries()) {
        const expected = nearest(nodes, at, last);
        expect(got[`s${at}`]?.[1] ?? NEVER).toBe(expected);
      }
    }),
  );
});

interface Node {
  readonly sends: boolean;
  readonly minutes: number;
  readonly ways: readonly number[];
}

/** Bellman and Ford's way, over the pieces of the generated graph. */
function nearest(nodes: readonly Node[], goal: number, last: number): number {
  const arrival = nodes.map(() => NEVER);
  for (let round = 0; round <= nodes.length; round++) {
    for (const [at, { sends, minutes, ways }] of nodes.entries()) {
      const leaves = (sends ? 0 : (arrival[at] as number)) + minutes * 60;
      for (const to of ways) {
        const target = Math.min(to, last);
        arrival[target] = Math.min(arrival[target] as number, leaves);
      }
    }
  }
  return arrival[goal] as number;
}
