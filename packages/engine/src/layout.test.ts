import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cleanDocument, denseCycles, sharedBranches } from "../bench/documents.ts";
import { samples } from "../samples/index.ts";
import { documentOf, smallGraph } from "../test/arbitrary-graph.ts";
import { markedFinding, reportOf } from "../test/arbitrary-report.ts";
import { analyze } from "./analyze.ts";
import type { Layout, LayoutNode } from "./drawing/types.ts";
import { layout, layouts } from "./layout.ts";
import { parseWorkflow } from "./parse.ts";
import type { AnalysisReport } from "./report/types.ts";

/** A report with one issue at each of these steps. */
function issuesAt(...ids: readonly string[]): AnalysisReport {
  const shape = { severity: "high", confidence: "certain", category: "logic", suggested: false } as const;
  const issues = ids.map((id, index) => ({
    ...markedFinding(String(index), { ...shape, stepCount: 0, consequenceCount: 0 }),
    steps: [{ id, name: id, type: "sms" }],
    path: [],
  }));
  return reportOf({ issues });
}

const drawn = (document: unknown, report: AnalysisReport = issuesAt()): Layout =>
  layout(parseWorkflow(document), report);

function nodeOf({ nodes }: Layout, id: string): LayoutNode {
  const node = nodes.find((candidate) => candidate.id === id);
  if (node === undefined) throw new Error(`${id} is not drawn`);
  return node;
}

function lines({ nodes, edges }: Layout): readonly string[] {
  return edges.map(
    ({ from, to, label, kind }) =>
      `${nodes[from]?.id} ${kind} ${nodes[to]?.id}${label === undefined ? "" : ` (${label})`}`,
  );
}

interface PlainStep {
  readonly id: string;
  readonly type: string;
  readonly name?: string;
  readonly config?: object;
}

function graph(
  nodes: readonly PlainStep[],
  connections: readonly (readonly [string, string, string?])[],
  triggers: readonly object[] = [],
) {
  return {
    id: "w",
    name: "W",
    nodes: nodes.map((node) => ({ name: node.id, config: {}, ...node })),
    connections: connections.map(([from, to, branch]) => ({ from, to, ...(branch === undefined ? {} : { branch }) })),
    triggers,
  };
}

const chain = (size: number) =>
  graph(
    Array.from({ length: size }, (_, at) => ({ id: `s${at}`, type: "sms", config: { body: `Text ${at}` } })),
    Array.from({ length: size - 1 }, (_, at) => [`s${at}`, `s${at + 1}`] as const),
    [{ id: "t", type: "form_submission", target: "s0" }],
  );

describe("a small workflow", () => {
  const document = graph(
    [
      { id: "ask", type: "if_else" },
      { id: "yes", type: "sms" },
      { id: "no", type: "email" },
      { id: "last", type: "wait" },
      { id: "back", type: "goto", config: { target: "ask" } },
    ],
    [
      ["ask", "yes", "Booked"],
      ["ask", "no", "None"],
      ["yes", "last"],
      ["no", "last"],
      ["last", "back"],
    ],
    [
      { id: "form", type: "form_submission", target: "ask" },
      { id: "tag", type: "contact_tag", target: "ask" },
    ],
  );
  const picture = drawn(document);

  test("has its triggers on top, side by side", () => {
    const top = Math.min(...picture.nodes.map(({ y }) => y));
    expect(picture.nodes.filter(({ y }) => y === top).map(({ id }) => id)).toEqual(["form", "tag"]);
  });

  test("names the branches, and tells ways on from joins and jumps", () => {
    expect(lines(picture)).toEqual(
      expect.arrayContaining([
        "form trigger ask",
        "tag trigger ask",
        "ask next yes (Booked)",
        "ask next no (None)",
        "yes next last",
        "no join last",
        "last next back",
        "back jump ask",
      ]),
    );
    expect(picture.edges).toHaveLength(8);
  });

  test("has each step below the one that leads to it, branches in their order, nothing over anything else", () => {
    expect(nodeOf(picture, "yes").y).toBeGreaterThan(nodeOf(picture, "ask").y);
    expect(nodeOf(picture, "yes").x).toBeLessThan(nodeOf(picture, "no").x);
    expect(overlapping(picture)).toEqual([]);
  });
});

function overlapping({ nodes, box }: Layout): readonly string[] {
  return nodes.flatMap((one, index) =>
    nodes
      .slice(index + 1)
      .filter((other) => Math.abs(one.x - other.x) < box.width && Math.abs(one.y - other.y) < box.height)
      .map((other) => `${one.id} ${other.id}`),
  );
}

test.each(Object.entries(samples))("the sample %s is drawn whole, without overlaps", (_, sample) => {
  const workflow = parseWorkflow(sample);
  const picture = layout(workflow, analyze(sample));
  expect(picture.nodes).toHaveLength(workflow.steps.length + (workflow.triggers?.length ?? 0));
  expect(picture.foldedSteps).toBe(0);
  expect(overlapping(picture)).toEqual([]);
});

test.each([5, 60, 300, 500])("%i steps are drawn one by one, inside the picture", (size) => {
  const picture = drawn(chain(size));
  expect(picture.nodes).toHaveLength(size + 1);
  const { width, height, box } = picture;
  expect(
    picture.nodes.every(({ x, y }) => x >= 0 && y >= 0 && x + box.width <= width && y + box.height <= height),
  ).toBe(true);
});

describe("above 500 steps", () => {
  test("three steps around each fault are drawn, and every stretch between is one box", () => {
    const picture = drawn(chain(600), issuesAt("s100", "s400"));
    const ids = picture.nodes.map(({ id, title }) => (id === "" ? title : id));
    const around = (at: number) => Array.from({ length: 7 }, (_, index) => `s${at - 3 + index}`);
    const start = ["s0", "s1", "s2", "s3"];
    expect(ids).toEqual([
      ...start,
      "93 more steps",
      ...around(100),
      "293 more steps",
      ...around(400),
      "196 more steps",
      "t",
    ]);
    expect(picture.foldedSteps).toBe(93 + 293 + 196);
  });

  test("the ways out of one step share a fold", () => {
    const ends = Array.from({ length: 700 }, (_, at) => ({ id: `e${at}`, type: "sms" }));
    const picture = drawn(
      graph(
        [{ id: "ask", type: "if_else" }, ...ends],
        ends.map(({ id }) => ["ask", id, `Way ${id}`] as const),
      ),
      issuesAt("e5"),
    );
    // The budget of boxes is spent on siblings of the fault; whatever is left shares one box.
    expect(picture.nodes.length).toBeLessThanOrEqual(902);
    expect(picture.nodes.filter(({ kind }) => kind === "fold").length).toBeLessThanOrEqual(1);
  });

  test.each([
    ["a knot of circles", denseCycles(100_000)],
    ["a ladder of joins", sharedBranches(20_000)],
    ["a clean chain", cleanDocument(20_000)],
    ["steps without any connection", graph(chain(20_000).nodes, [])],
  ])("very many steps as %s stay a picture of bounded size", (_, document) => {
    const workflow = parseWorkflow(document);
    const named = workflow.steps.filter(({ index }) => index % 100 === 7).map(({ id }) => id);
    const picture = layout(workflow, issuesAt(...named));
    expect(picture.nodes.length).toBeLessThanOrEqual(3 * 900 + 25);
    expect(picture.nodes.length + picture.foldedSteps).toBeGreaterThan(workflow.steps.length);
    expect(picture.edges.length).toBeLessThanOrEqual(10 * 900);
  });

  test("what the free plan does not read leaves no trace in its drawing", () => {
    const workflow = parseWorkflow(chain(2_000));
    const shown = ["s100", "s200", "s300"];
    const one = layouts(workflow, issuesAt(...shown, "s900"));
    const other = layouts(workflow, issuesAt(...shown, "s1500", "s1800"));
    expect(one.free).toEqual(other.free);
    expect(one.pro).not.toEqual(other.pro);
    expect(JSON.stringify(one.free)).not.toContain("s900");
  });
});

test("of very many triggers those that an issue starts from are drawn, and only for whoever may read it", () => {
  const triggers = Array.from({ length: 60 }, (_, at) => ({ id: `t${at}`, type: "form_submission", target: "a" }));
  const workflow = parseWorkflow(graph([{ id: "a", type: "sms" }], [], triggers));
  const issues = ["t1", "t2", "t3", "t55"].map((stepId, index) => ({
    ...(issuesAt("a").issues[0] ?? markedFinding("x", {} as never)),
    fingerprint: String(index),
    path: [{ stepId, via: "Form", elapsedSeconds: 0 }],
  }));
  const { pro, free } = layouts(workflow, reportOf({ issues }));
  const ids = (picture: Layout | undefined) => picture?.nodes.map(({ id }) => id) ?? [];
  expect(ids(pro)).toContain("t55");
  expect(ids(free)).not.toContain("t55");
  expect(pro.nodes.find(({ kind }) => kind === "fold")?.title).toBe("36 more triggers");
});

test("one drawing serves every plan where nothing is folded", () => {
  expect(layouts(parseWorkflow(chain(20)), issuesAt("s1", "s2", "s3", "s4"))).not.toHaveProperty("free");
});

test("an empty workflow is an empty picture, one without steps shows its triggers", () => {
  expect(drawn(graph([], [])).nodes).toEqual([]);
  expect(drawn(graph([], [], [{ id: "t", type: "form_submission" }])).nodes.map(({ id }) => id)).toEqual(["t"]);
});

test("every step has a box whatever the workflow's shape, lines join boxes, and the same workflow gives the same picture", () => {
  fc.assert(
    fc.property(smallGraph, (small) => {
      const workflow = parseWorkflow(documentOf(small));
      const picture = layout(workflow, issuesAt());
      const steps = picture.nodes.filter(({ kind }) => kind !== "trigger").map(({ id }) => id);
      expect(steps.toSorted()).toEqual(workflow.steps.map(({ id }) => id).toSorted());
      for (const { from, to } of picture.edges) expect(picture.nodes[from] && picture.nodes[to]).toBeDefined();
      expect(overlapping(picture)).toEqual([]);
      expect(layout(workflow, issuesAt())).toEqual(picture);
    }),
  );
});

describe("a box says", () => {
  const words = (type: string, config: object, name = "Named") =>
    nodeOf(drawn(graph([{ id: "a", type, name, config }], [])), "a");

  test.each([
    [{ type: "time", startAfter: { type: "days", value: 3 } }, "3 days"],
    [{ type: "time", startAfter: { type: "minutes", value: 90 } }, "1 hour 30 minutes"],
    [{ type: "time" }, "No duration given"],
    [{ type: "reply" }, "Until the contact replies, however long it takes"],
  ])("how long a wait is: %j", (config, detail) => {
    expect(words("wait", config)).toMatchObject({ kind: "wait", detail });
  });

  test("a message's first words, and of an email its subject before them", () => {
    expect(words("sms", { body: "Hi there,\n see you  soon" })).toMatchObject({
      kind: "text",
      detail: "Hi there, see you soon",
    });
    expect(words("email", { subject: "News", html: "<style>p{}</style><p>Hello <b>you</b></p>" })).toMatchObject({
      kind: "email",
      detail: "News · Hello you",
    });
    expect(words("sms", { body: "word ".repeat(100) }).detail).toHaveLength(120);
  });

  test("no credential: not in names, first words or branch names", () => {
    const secret = ["sk", "live", "51HqT2eLkdIwZ9rVbXyWc8sD"].join("_");
    const picture = drawn(
      graph(
        [
          { id: "a", type: "if_else", name: `Key ${secret}` },
          { id: "b", type: "sms", config: { body: `Your key is ${secret}.` } },
        ],
        [["a", "b", secret]],
        [{ id: "t", type: "form_submission", name: secret, target: "a" }],
      ),
    );
    expect(JSON.stringify(picture)).not.toContain("51HqT2");
    expect(nodeOf(picture, "b").detail).toMatch(/^Your key is sk_live_•+ \(\d+ characters\)/);
  });

  test("where a Go To leads, and that a step or trigger is switched off", () => {
    const picture = drawn(
      graph(
        [
          { id: "a", type: "sms", name: "Ask" },
          { id: "b", type: "goto", config: { target: "a" } },
        ],
        [["a", "b"]],
        [{ id: "t", type: "form_submission", active: false }],
      ),
    );
    expect(nodeOf(picture, "b")).toMatchObject({ kind: "jump", detail: `On to "Ask"` });
    expect(nodeOf(picture, "t").disabled).toBe(true);
  });
});
