import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { smallGraph, viewOf } from "../../test/arbitrary-graph.ts";
import { resolveOptions } from "../options.ts";
import { parseWorkflow } from "../parse.ts";
import { createView } from "../view.ts";
import { branchOf, EdgeKind } from "./graph.ts";

const viewOfDocument = (input: unknown) => createView(parseWorkflow(input), resolveOptions({}));

const kindNames = Object.fromEntries(Object.entries(EdgeKind).map(([name, kind]) => [kind, name]));

/** The edges in words: "from -> to (kind, seconds, held?)". */
function edgesOf(input: unknown): readonly string[] {
  const { workflow, graph } = viewOfDocument(input);
  const id = (at: number) => workflow.steps[at]?.id ?? "?";
  const edges: string[] = [];
  for (let node = 0; node < graph.size; node++)
    for (let edge = graph.firstEdge[node] ?? 0; edge < (graph.firstEdge[node + 1] ?? 0); edge++) {
      const branch = workflow.steps[node]?.branches[graph.edgeBranch[edge] ?? -1];
      const kind = branch === undefined ? kindNames[graph.edgeKind[edge] ?? -1] : branch.kind;
      const held = graph.edgeOpenEnded[edge] === 1 ? " held" : "";
      edges.push(`${id(node)} -> ${id(graph.edgeTarget[edge] ?? -1)}: ${kind} ${graph.edgeDelay[edge]}s${held}`);
    }
  return edges;
}

const ends = [
  { id: "x", type: "sms" },
  { id: "y", type: "email" },
];
const days = (value: number) => ({ type: "days", value, when: "after" });

describe("an edge of every kind", () => {
  test("the step below, with the length of a set wait", () => {
    const wait = { id: "w", type: "wait", next: "x", attributes: { type: "time", startAfter: days(2) } };
    expect(edgesOf([{ id: "a", type: "sms", next: "w" }, wait, ...ends])).toEqual([
      "a -> w: next 0s",
      "w -> x: next 172800s",
    ]);
  });

  test("branches of an If/Else, its None, and none for a branch that ends the run", () => {
    const node = (id: string, nodeType: string, next?: string) => ({ id, type: "if_else", nodeType, next });
    expect(
      edgesOf([
        { id: "c", type: "if_else", nodeType: "condition-node", next: ["b1", "b2", "n"], attributes: { branches: [] } },
        node("b1", "branch-yes", "x"),
        node("b2", "branch-yes"),
        node("n", "branch-no", "y"),
        ...ends,
      ]),
    ).toEqual(["c -> x: condition 0s", "c -> y: none 0s"]);
  });

  test("event and timeout of a wait: held on the one, the timeout's length on the other", () => {
    const transitions = [
      { id: "t1", name: "wait", condition: "primary" },
      { id: "t2", name: "timeout", condition: "timeout" },
    ];
    const wait = (startAfter: unknown) => [
      { id: "w", type: "wait", next: ["t1", "t2"], attributes: { type: "reply", startAfter, transitions } },
      { id: "t1", type: "transition", name: "wait", next: "x" },
      { id: "t2", type: "transition", name: "timeout", next: "y" },
      ...ends,
    ];
    expect(edgesOf(wait(days(1)))).toEqual(["w -> x: event 0s held", "w -> y: timeout 86400s"]);
    expect(edgesOf(wait(undefined))).toEqual(["w -> x: event 0s held", "w -> y: timeout 0s held"]);
  });

  test("found and not found", () => {
    const transitions = [
      { id: "t1", name: "Contact Found" },
      { id: "t2", name: "Contact Not Found" },
    ];
    expect(
      edgesOf([
        { id: "f", type: "find_contact", next: ["t1", "t2"], attributes: { transitions } },
        { id: "t1", type: "transition", name: "Contact Found", next: "x" },
        { id: "t2", type: "transition", name: "Contact Not Found", next: "y" },
        ...ends,
      ]),
    ).toEqual(["f -> x: found 0s", "f -> y: not-found 0s"]);
  });

  test("paths of a split, lanes of a router, the body of a loop and what follows it", () => {
    const way = (id: string, type: string, next: string) => ({
      id,
      type,
      ...(type === "router" ? { nodeType: "branch-yes" } : {}),
      name: id,
      next,
    });
    const split = { id: "s", type: "workflow_split", next: ["p1", "p2"], attributes: {} };
    expect(edgesOf([split, way("p1", "transition", "x"), way("p2", "transition", "y"), ...ends])).toEqual([
      "s -> x: path 0s",
      "s -> y: path 0s",
    ]);
    const router = { id: "r", type: "router", nodeType: "condition-node", next: ["l1", "l2"] };
    expect(edgesOf([router, way("l1", "router", "x"), way("l2", "router", "y"), ...ends])).toEqual([
      "r -> x: lane 0s",
      "r -> y: lane 0s",
    ]);
    expect(edgesOf([{ id: "l", type: "loop", next: "y" }, { ...ends[0], parentContainerId: "l" }, ends[1]])).toEqual([
      "l -> x: body 0s",
      "l -> y: next 0s",
    ]);
  });

  test("a Go To, which leaves for good", () => {
    expect(edgesOf([{ id: "g", type: "goto", next: "x", attributes: { targetNodeId: "y" } }, ...ends])).toEqual([
      "g -> y: goto 0s",
    ]);
  });

  test("a date that has passed already: at once, beside the way of those who wait", () => {
    const attributes = { type: "appointment", appointmentCondition: "specific-step", appointmentSpecificStep: "y" };
    expect(edgesOf([{ id: "w", type: "wait", next: "x", attributes }, ...ends])).toEqual([
      "w -> x: next 0s held",
      "w -> y: passed 0s",
    ]);
  });
});

test("drips and manual steps hold a run for a time nobody knows; a wait without length does not", () => {
  const held = (type: string, attributes: object = {}) =>
    edgesOf([{ id: "a", type, next: "x", attributes }, ...ends])[0];
  expect(held("drip")).toBe("a -> x: next 0s held");
  expect(held("manual-sms")).toBe("a -> x: next 0s held");
  expect(held("wait", { type: "time", startAfter: {} })).toBe("a -> x: next 0s");
  expect(held("wait", { type: "time", startAfter: { type: "days", value: "{{contact.days}}" } })).toBe(
    "a -> x: next 0s held",
  );
});

test("behind the end of a run nothing is reached, and the cut is remembered", () => {
  const { graph } = viewOfDocument([{ id: "d", type: "internal-delete-contact", next: "x" }, ...ends]);
  expect([...graph.edgeTarget]).toEqual([]);
  expect([...graph.cut]).toEqual([0, 1]);
});

test("runs start where triggers enter, active ones first, and at the entry for whoever is enrolled", () => {
  const entries = (triggers: unknown) => [...viewOfDocument({ templates: ends, triggers }).graph.entries];
  expect(entries(null)).toEqual([0, -1]);
  expect(entries([])).toEqual([0, -1]);
  expect(entries([{ type: "invoice" }])).toEqual([0, 0]);
  expect(
    entries([
      { type: "invoice", active: false },
      { type: "invoice", targetActionId: "y" },
    ]),
  ).toEqual([1, 1, 0, 0]);
  expect(entries([{ type: "invoice", targetActionId: "y" }])).toEqual([1, 0, 0, -1]);
});

test("goals are where a run may jump from anywhere, unless they are switched off", () => {
  const goals = (node: object) => [
    ...viewOfDocument([...ends, { id: "g", type: "workflow_goal", ...node }]).graph.goals,
  ];
  expect(goals({})).toEqual([2]);
});

test("the rows of any graph hold exactly its connections", () => {
  fc.assert(
    fc.property(smallGraph, (given) => {
      const { graph } = viewOf(given);
      const found: [number, number][] = [];
      for (let node = 0; node < graph.size; node++)
        for (let edge = graph.firstEdge[node] ?? 0; edge < (graph.firstEdge[node + 1] ?? 0); edge++)
          found.push([node, graph.edgeTarget[edge] ?? -1]);
      const sorted = (edges: readonly (readonly number[])[]) => edges.map(String).sort();
      expect(sorted(found)).toEqual(sorted(given.edges));
      expect(graph.firstEdge[graph.size]).toBe(given.edges.length);
    }),
  );
});

test("a row of edges starts where the one before it ends, and a plain way on has no branch", () => {
  const { graph, workflow } = viewOfDocument([
    { id: "g", type: "goto", attributes: { targetNodeId: "y" } },
    { id: "c", type: "if_else", nodeType: "condition-node", next: ["b"], attributes: { branches: [] } },
    { id: "b", type: "if_else", nodeType: "branch-yes", next: "x" },
    { id: "x", type: "sms", next: "y" },
    ends[1],
  ]);
  expect([...graph.firstEdge]).toEqual([0, 1, 2, 3, 3]);
  expect([...graph.edgeTarget]).toEqual([3, 2, 3]);
  expect([...graph.edgeBranch]).toEqual([-1, 0, -1]);
  const branches = workflow.steps.flatMap((step) =>
    [...graph.edgeTarget.keys()]
      .slice(graph.firstEdge[step.index], graph.firstEdge[step.index + 1])
      .map((edge) => branchOf(graph, step, edge)),
  );
  expect(branches).toEqual([undefined, workflow.steps[1]?.branches[0], undefined]);
});

test("a step with branches that ends the run cuts off what stands behind each of them", () => {
  const transitions = [
    { id: "t1", name: "Done" },
    { id: "t2", name: "Failed" },
  ];
  const { graph } = viewOfDocument([
    { id: "d", type: "internal-delete-contact", next: ["t1", "t2"], attributes: { transitions } },
    { id: "t1", type: "transition", name: "Done", next: "x" },
    { id: "t2", type: "transition", name: "Failed" },
    ...ends,
  ]);
  expect([...graph.cut]).toEqual([0, 1]);
});
