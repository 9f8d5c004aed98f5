import { describe, expect, test } from "vitest";
import { shape } from "../../test/shape.ts";
import { parseWorkflow } from "../parse.ts";

const ends = [
  { id: "a", type: "sms", name: "Hello", attributes: { body: "Hi" } },
  { id: "b", type: "email", attributes: {} },
];
const first = (nodes: readonly unknown[]) => shape(parseWorkflow([...nodes, ...ends]))[0];

describe("if/else", () => {
  const container = (next: readonly string[], attributes: object) => ({
    id: "c",
    type: "if_else",
    nodeType: "condition-node",
    next,
    attributes,
  });
  const yes = (id: string, next?: string) => ({
    id,
    type: "if_else",
    nodeType: "branch-yes",
    name: id,
    parent: "c",
    next,
  });
  const none = { id: "n", type: "if_else", nodeType: "branch-no", name: "None", attributes: { else: true } };

  test("branch nodes are folded into the step that owns them, with the conditions that it holds for them", () => {
    const branches = [{ id: "y", name: "VIP", segments: [{ conditions: [] }] }];
    const workflow = parseWorkflow([container(["y", "n"], { branches }), yes("y", "a"), none, ...ends]);
    expect(shape(workflow).map(({ id }) => id)).toEqual(["c", "a", "b"]);
    expect(shape(workflow)[0]?.branches).toEqual(["condition y -> 1", "none None -> -1"]);
    expect(workflow.steps[0]?.branches.map(({ condition }) => condition)).toEqual([branches[0], null]);
  });

  test("branches are in the order of next, whatever the order of their nodes", () => {
    expect(first([container(["z", "y", "n"], { branches: [] }), yes("y", "a"), yes("z", "b"), none])?.branches).toEqual(
      ["condition z -> 2", "condition y -> 1", "none None -> -1"],
    );
  });

  test("a renamed fallback is still one", () => {
    expect(
      first([container(["y", "n"], { branches: [] }), yes("y"), { ...none, name: "Everybody else" }])?.branches,
    ).toEqual(["condition y -> -1", "none Everybody else -> -1"]);
  });

  test("a branch node that something else leads to as well stays a step", () => {
    const workflow = parseWorkflow([
      container(["y", "n"], { branches: [] }),
      yes("y", "g"),
      none,
      { id: "g", type: "goto", attributes: { targetNodeId: "y" } },
    ]);
    expect(shape(workflow).map(({ id }) => id)).toEqual(["c", "y", "g"]);
    expect(workflow.steps[2]?.jump).toBe(1);
  });

  test("a branch node that a trigger enters at stays a step", () => {
    const workflow = parseWorkflow({
      templates: [container(["y", "n"], { branches: [] }), yes("y", "a"), none, ...ends],
      triggers: [{ type: "form_submission", targetActionId: "y" }],
    });
    expect(workflow.steps.map(({ id }) => id)).toEqual(["c", "y", "a", "b"]);
    expect(workflow.triggers?.[0]?.target).toBe(1);
  });

  test("a branch node that no owner lists stays a step", () => {
    expect(parseWorkflow([container([], { branches: [] }), yes("y", "a"), ...ends]).steps.map(({ id }) => id)).toEqual([
      "c",
      "y",
      "a",
      "b",
    ]);
  });

  test("legacy nodes keep their conditions in segments of the container or of the branch", () => {
    const segments = [{ operator: "and", conditions: [{ conditionType: "contact_detail" }] }];
    const conditions = (nodes: readonly unknown[]) =>
      parseWorkflow(nodes).steps[0]?.branches.map(({ condition }) => condition?.["segments"] ?? null);
    expect(conditions([container(["y", "n"], { segments, operator: "and" }), yes("y"), none])).toEqual([
      segments,
      null,
    ]);
    expect(conditions([container(["y", "n"], {}), { ...yes("y"), attributes: { segments } }, none])).toEqual([
      segments,
      null,
    ]);
  });

  test("a branch that next misses is kept as a way that ends the run", () => {
    const branches = [
      { id: "y", name: "One", segments: [] },
      { id: "z", name: "Two", segments: [] },
    ];
    expect(first([container(["y"], { branches }), yes("y", "a")])?.branches).toEqual([
      "condition y -> 1",
      "condition Two -> -1",
    ]);
  });

  test("a branch that names a missing step is kept with the missing id", () => {
    const { steps } = parseWorkflow([container(["y", "gone"], { branches: [] }), yes("y", "lost")]);
    expect(steps[0]?.branches.map(({ target, missing }) => [target, missing])).toEqual([
      [-1, "lost"],
      [-1, "gone"],
    ]);
  });

  test("a container that points at steps directly has branches without ids", () => {
    const { steps } = parseWorkflow([container(["a", "b"], { branches: [{ name: "VIP", segments: [] }] }), ...ends]);
    expect(steps[0]?.branches.map(({ id, name, kind, target }) => [id, name, kind, target])).toEqual([
      [null, "VIP", "condition", 1],
      [null, "None", "none", 2],
    ]);
  });
});

describe("multi-path steps", () => {
  const ways = (type: string, transitions: readonly Readonly<Record<string, unknown>>[], attributes: object = {}) => [
    {
      id: "m",
      type,
      cat: "multi-path",
      next: transitions.map(({ id }) => id),
      attributes: { ...attributes, transitions },
    },
    ...transitions.map(({ id, name }, at) => ({ id, type: "transition", name, next: at === 0 ? "a" : "b" })),
  ];

  test.each<readonly [string, readonly Readonly<Record<string, unknown>>[], readonly string[]]>([
    [
      "wait",
      [
        { id: "t1", name: "wait", condition: "primary" },
        { id: "t2", name: "timeout", condition: "timeout" },
      ],
      ["event wait -> 1", "timeout timeout -> 2"],
    ],
    [
      "workflow_split",
      [
        { id: "t1", name: "Path A", conditionType: "default" },
        { id: "t2", name: "Path B", conditionType: "default" },
      ],
      ["path Path A -> 1", "path Path B -> 2"],
    ],
    [
      "find_contact",
      [
        { id: "t1", name: "Contact Found", condition: "contact_found" },
        { id: "t2", name: "Contact Not Found", condition: "contact_not_found" },
      ],
      ["found Contact Found -> 1", "not-found Contact Not Found -> 2"],
    ],
    [
      "find_opportunity",
      [
        { id: "t1", name: "Opportunity Found" },
        { id: "t2", name: "Opportunity Not Found" },
      ],
      ["found Opportunity Found -> 1", "not-found Opportunity Not Found -> 2"],
    ],
    [
      "workflow_ai_decision_maker",
      [
        { id: "t1", name: "Default Branch", conditionType: "default" },
        { id: "t2", name: "Wants a price", conditionType: "user-defined", condition: "asks for a price" },
      ],
      ["none Default Branch -> 1", "condition Wants a price -> 2"],
    ],
    [
      "conversation_ai",
      [
        { id: "t1", name: "No Condition Met" },
        { id: "t2", name: "Time Out" },
      ],
      ["none No Condition Met -> 1", "timeout Time Out -> 2"],
    ],
  ])("the ways of %s have their kinds", (type, transitions, expected) => {
    expect(first(ways(type, transitions))?.branches).toEqual(expected);
  });

  test("a transition node without transition in its owner is told by its own name", () => {
    const [owner, ...nodes] = ways("find_contact", [
      { id: "t1", name: "Contact Found" },
      { id: "t2", name: "Contact Not Found" },
    ]);
    expect(first([{ ...owner, attributes: {} }, ...nodes])?.branches).toEqual([
      "found Contact Found -> 1",
      "not-found Contact Not Found -> 2",
    ]);
  });
});

describe("router and loop", () => {
  test("every lane of a router is a lane", () => {
    const lane = (id: string, next: string, nodeType: string) => ({ id, type: "router", nodeType, name: id, next });
    const router = {
      id: "r",
      type: "router",
      nodeType: "condition-node",
      next: ["l1", "l2"],
      attributes: {
        branches: [
          { id: "l1", branchType: "always_run" },
          { id: "l2", branchType: "fallback" },
        ],
      },
    };
    expect(first([router, lane("l1", "a", "branch-yes"), lane("l2", "b", "branch-no")])?.branches).toEqual([
      "lane l1 -> 1",
      "lane l2 -> 2",
    ]);
  });

  const loop = { id: "l", type: "loop", attributes: { items: "{{x.items}}" }, next: "b" };
  const body = (id: string, next?: string) => ({ id, type: "sms", parentContainerId: "l", next });

  test("the body of a loop starts with the step that no other leads to, wherever it is listed", () => {
    for (const nodes of [
      [body("one", "two"), body("two")],
      [body("two"), body("one", "two")],
    ]) {
      const workflow = parseWorkflow([loop, ...nodes, ...ends]);
      const [way] = workflow.steps[0]?.branches ?? [];
      expect([way?.kind, workflow.steps[way?.target ?? -1]?.id]).toEqual(["body", "one"]);
      expect(workflow.steps[workflow.steps[0]?.next ?? -1]?.id).toBe("b");
    }
  });

  test("a body that is a circle starts with the step listed first; a loop without a body has no way in", () => {
    const circle = parseWorkflow([loop, body("one", "two"), body("two", "one"), ...ends]);
    expect(circle.steps[circle.steps[0]?.branches[0]?.target ?? -1]?.id).toBe("one");
    expect(parseWorkflow([loop, ...ends]).steps[0]?.branches).toEqual([]);
  });

  test("a body that the loop's next lists already is not listed twice", () => {
    const workflow = parseWorkflow([{ ...loop, next: ["one", "b"] }, body("one"), ...ends]);
    expect(workflow.steps[0]?.branches.map(({ target }) => target)).toEqual([1, 3]);
  });
});

describe("jumps and references", () => {
  test("a Go To jumps to its target and has no step below", () => {
    const { steps } = parseWorkflow([{ id: "g", type: "goto", attributes: { targetNodeId: "b" } }, ...ends]);
    expect([steps[0]?.jump, steps[0]?.next]).toEqual([2, -1]);
  });

  test("a wait whose date has passed jumps only when its policy says so", () => {
    const jump = (attributes: object) => {
      const [wait] = parseWorkflow([{ id: "w", type: "wait", next: "a", attributes }, ...ends]).steps;
      return [wait?.jump, wait?.missingJump];
    };
    const target = { appointmentSpecificStep: "b" };
    expect(jump({ type: "appointment", appointmentCondition: "specific-step", ...target })).toEqual([2, null]);
    expect(jump({ type: "appointment", appointmentCondition: "next", ...target })).toEqual([-1, null]);
    expect(
      jump({ type: "appointment", appointmentCondition: "specific-step", appointmentSpecificStep: "gone" }),
    ).toEqual([-1, "gone"]);
    expect(
      jump({ type: "specific_date", specificDatePassed: "specific-step", specificDateProceed: { stepId: "b" } }),
    ).toEqual([2, null]);
  });

  test("next may be a list of one; a missing id is remembered", () => {
    expect(first([{ id: "x", type: "sms", next: ["a"] }])).toMatchObject({ next: 1, branches: [] });
    expect(parseWorkflow([{ id: "x", type: "sms", next: "gone" }]).steps[0]).toMatchObject({
      next: -1,
      missing: "gone",
    });
  });

  test("a list of several on a step that is no container still has all its ways", () => {
    expect(first([{ id: "x", type: "acme_find", next: ["a", "b"] }])?.branches).toHaveLength(2);
  });

  test("parentKey says nothing about where a run goes", () => {
    const { steps } = parseWorkflow([{ id: "x", type: "sms", next: "b", parentKey: "gone" }, ...ends]);
    expect(steps[0]?.next).toBe(2);
    expect(steps[1]?.index).toBe(1);
  });

  test("references to ids that several steps carry reach the first of them", () => {
    const workflow = parseWorkflow([
      { id: "a", type: "sms", next: "b" },
      { id: "b", type: "sms" },
      { id: "b", type: "email" },
    ]);
    expect(workflow.steps[0]?.next).toBe(1);
    expect(workflow.duplicateIds).toEqual(["b"]);
  });
});

test("every step knows where it stands in the document", () => {
  const { steps } = parseWorkflow({ workflow: { workflowData: { templates: ends } } });
  expect(steps.map(({ list, position }) => `${list}/${position}`)).toEqual([
    "/workflow/workflowData/templates/0",
    "/workflow/workflowData/templates/1",
  ]);
});
