import fc from "fast-check";
import { applyPatch } from "fast-json-patch";
import { describe, expect, test } from "vitest";
import { cleanDocument, denseCycles, faultyDocument, sharedBranches } from "../bench/documents.ts";
import { analyzeWith } from "../src/analyze.ts";
import { type AnalysisReport, type AnalyzeOptions, analyze, parseWorkflow, WorkflowFormatError } from "../src/index.ts";
import { render } from "../src/report.ts";
import { registry } from "../src/rules/registry.ts";
import { mutated } from "./arbitrary-mutation.ts";
import { options, workflow } from "./arbitrary-workflow.ts";
import type { Export } from "./builder-document.ts";

/** Whatever is given: a report, or the one typed error. */
function reportOf(input: unknown, given = {}): AnalysisReport | null {
  try {
    return analyze(input, given);
  } catch (error) {
    if (error instanceof WorkflowFormatError) return null;
    throw error;
  }
}

const findingsOf = (report: AnalysisReport) => [...report.issues, ...report.notes];
const errorsOf = (report: AnalysisReport) =>
  findingsOf(report).flatMap(({ rule, evidence }) => (rule === "rule-error" ? [evidence] : []));

const mutatedWorkflow = workflow.chain((document) => mutated([document]));

describe("whatever is given", () => {
  test("a valid workflow gets a report, and no rule fails on it", () => {
    fc.assert(
      fc.property(workflow, options, (document, given) => {
        expect(errorsOf(analyze(document, given))).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  test("a damaged one gets a report or a format error, and no rule fails on it", () => {
    fc.assert(
      fc.property(mutatedWorkflow, options, (document, given) => {
        const report = reportOf(document, given);
        if (report !== null) expect(errorsOf(report)).toEqual([]);
      }),
      { numRuns: 600 },
    );
  });

  test("any JSON at all gets a report or a format error", () => {
    const key = fc.constantFrom(
      ...["id", "type", "attributes", "next", "workflowData", "templates", "nodes", "actions", "triggers", "branches"],
      ...["__proto__", "constructor", "toString", "workflow", "segments", "conditions", "config", "connections"],
    );
    const value = fc.anything({
      key,
      maxDepth: 5,
      values: [fc.constantFrom("sms", "wait", "a", "", "__proto__"), fc.jsonValue()],
    });
    fc.assert(
      fc.property(value, (document) => {
        const report = reportOf(document);
        if (report !== null) expect(errorsOf(report)).toEqual([]);
      }),
      { numRuns: 2000 },
    );
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});

describe("every report", () => {
  test("is plain, finite JSON with sound references", () => {
    fc.assert(
      fc.property(mutatedWorkflow, options, (document, given) => {
        const report = reportOf(document, given);
        if (report === null) return;
        expect(JSON.parse(JSON.stringify(report))).toEqual(report);
        expect(JSON.stringify(report).length).toBeLessThan(500_000);
        expect(report.score).toBeGreaterThanOrEqual(0);
        expect(report.score).toBeLessThanOrEqual(100);
        const all = findingsOf(report);
        const prints = all.map(({ fingerprint }) => fingerprint);
        expect(new Set(prints).size).toBe(prints.length);
        expect([...report.fixOrder].sort()).toEqual(report.issues.map(({ fingerprint }) => fingerprint).sort());
        for (const { path, message, impact, fix } of all) {
          expect(path.length).toBeLessThanOrEqual(32);
          for (const words of [message, impact, fix]) {
            expect(words).not.toMatch(/undefined|NaN|\[object|Infinity/);
            expect(words.length).toBeLessThan(4000);
          }
          const elapsed = path.flatMap((hop) => ("elapsedSeconds" in hop ? [hop.elapsedSeconds] : []));
          expect(elapsed.toSorted((a, b) => a - b)).toEqual(elapsed);
        }
        for (const { score, assessed } of Object.values(report.categories)) if (!assessed) expect(score).toBe(0);
      }),
      { numRuns: 400 },
    );
  });

  test("is the same bytes twice in one process, in shuffled rule order, on deep-frozen input", () => {
    fc.assert(
      fc.property(
        workflow,
        options,
        fc.shuffledSubarray([...registry], { minLength: registry.length }),
        (document, given, shuffled) => {
          const first = JSON.stringify(analyzeWith(registry, document, given));
          const second = JSON.stringify(analyzeWith(shuffled, deepFrozen(document), deepFrozen(given)));
          expect(second).toBe(first);
        },
      ),
      { numRuns: 200 },
    );
  });

  test("can be written in every format", () => {
    fc.assert(
      fc.property(mutatedWorkflow, (document) => {
        const report = reportOf(document, { profile: "strict" });
        if (report === null) return;
        for (const format of ["json", "sarif", "md", "html"] as const)
          expect(render(report, null, null, format)).not.toBe("");
      }),
      { numRuns: 100 },
    );
  });
});

type Node = Record<string, unknown> & { readonly id: string };

/** The workflow with its list of nodes changed. */
function withNodes(document: Export, change: (nodes: readonly Node[]) => readonly Node[]): Export {
  const data = document.workflow["workflowData"] as { readonly templates: readonly Node[] };
  return { ...document, workflow: { ...document.workflow, workflowData: { templates: change(data.templates) } } };
}

describe("fingerprints", () => {
  const prints = (input: unknown, given: AnalyzeOptions) =>
    findingsOf(analyze(input, { ...given, limits: { findingsPerRule: 1000 } }))
      .map(({ fingerprint }) => fingerprint)
      .sort();

  test("survive when the builder lists the same steps in another order", () => {
    fc.assert(
      fc.property(workflow, options, fc.infiniteStream(fc.nat()), (document, given, ranks) => {
        const reordered = withNodes(document, ([first, ...rest]) => [
          ...(first === undefined ? [] : [first]),
          ...rest
            .map((node) => ({ node, rank: ranks.next().value }))
            .sort((a, b) => a.rank - b.rank)
            .map(({ node }) => node),
        ]);
        expect(prints(reordered, given)).toEqual(prints(document, given));
      }),
      { numRuns: 300 },
    );
  });

  test("survive a move on the canvas, a comment and a new version", () => {
    fc.assert(
      fc.property(workflow, options, (document, given) => {
        const edited = withNodes({ ...document, workflow: { ...document.workflow, version: 12 } }, (nodes) =>
          nodes.map((node, at) => ({
            ...node,
            order: nodes.length - at,
            comments: [{ id: "c", comment: "Keep this one" }],
            advanceCanvasMeta: { position: { x: at, y: 7 } },
          })),
        );
        expect(prints(edited, given)).toEqual(prints(document, given));
      }),
      { numRuns: 100 },
    );
  });

  test("survive a new step elsewhere", () => {
    const added = { id: "new", type: "add_notes", name: "Parked", attributes: { html: "Later" } };
    fc.assert(
      fc.property(workflow, options, (document, given) => {
        // Beside no step at all there is no elsewhere.
        fc.pre(parseWorkflow(document).steps.length > 0);
        const after = prints(
          withNodes(document, (nodes) => [...nodes, added]),
          given,
        );
        expect(prints(document, given).filter((print) => !after.includes(print))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

test("applying a suggestion removes its finding and adds none", () => {
  let applied = 0;
  fc.assert(
    fc.property(workflow, options, (document, given) => {
      const wide = { ...given, limits: { findingsPerRule: 1000 } };
      const before = findingsOf(analyze(document, wide));
      const had = new Set(before.map(({ fingerprint }) => fingerprint));
      for (const { suggestion, code } of before) {
        if (suggestion === undefined) continue;
        const mended = applyPatch(structuredClone<unknown>(document), [...suggestion], true).newDocument;
        const after = findingsOf(analyze(mended, wide));
        // Of two equal findings on one step the last goes, whichever was mended: their fingerprints only count them.
        const left = after.filter((finding) => finding.code === code).length;
        expect(left, code).toBeLessThan(before.filter((finding) => finding.code === code).length);
        expect(
          after.filter((finding) => !had.has(finding.fingerprint)).map((finding) => finding.code),
          code,
        ).toEqual([]);
        applied++;
      }
    }),
    { numRuns: 500 },
  );
  expect(applied).toBeGreaterThan(50);
});

describe("whatever its size", () => {
  test.each([
    ["a chain of 100,000 steps", () => cleanDocument(100_000)],
    ["100,000 steps of which every tenth is faulty", () => faultyDocument(100_000)],
    ["20,000 steps in one knot of circles", () => denseCycles(20_000)],
    ["20,000 steps with 2^6,666 paths", () => sharedBranches(20_000)],
  ])("%s are analysed to their end", (_title, make) => {
    const report = analyze(make());
    expect(report.stats.steps).toBeGreaterThan(10_000);
    expect(errorsOf(report)).toEqual([]);
    expect(JSON.stringify(report).length).toBeLessThan(20_000_000);
  });

  test("10,000 decisions inside each other are analysed to their end", () => {
    const deep = (inner: unknown[]) => ({
      id: `c${inner.length}`,
      type: "condition",
      branches: [{ name: "VIP", actions: inner }],
    });
    let actions: unknown[] = [{ id: "text", type: "sms", config: { body: "Hi" } }];
    for (let depth = 0; depth < 10_000; depth++) actions = [{ ...deep(actions), id: `c${depth}` }];
    const report = analyze({ actions });
    expect(report.stats.steps).toBe(10_001);
    expect(errorsOf(report)).toEqual([]);
  });

  test("conditions nested 10,000 deep are analysed to their end", () => {
    let conditions: unknown = [{ field: "city", operator: "is", value: "Rome" }];
    for (let depth = 0; depth < 10_000; depth++)
      conditions = [{ operator: depth % 2 === 0 ? "or" : "and", conditions }];
    const actions = [{ id: "c", type: "condition", branches: [{ name: "VIP", conditions }, { name: "None" }] }];
    expect(errorsOf(analyze({ actions }))).toEqual([]);
  });

  test("settings nested 10,000 deep are analysed to their end", () => {
    let nested: unknown = "{{contact.first_nam}}";
    for (let depth = 0; depth < 10_000; depth++) nested = depth % 2 === 0 ? [nested] : { value: nested };
    for (const type of ["webhook", "sms", "acme_fax", "update_contact_field", "wait", "internal_notification"])
      expect(
        errorsOf(analyze({ actions: [{ id: "a", type, config: { body: nested, fields: nested, sms: nested } }] })),
      ).toEqual([]);
  });

  test.each(["{{contact.first_name}} ", "STOP ", "<a href='https://bit.ly/x'>", "\u{1f600}"])(
    "10 MB of %j in every text of a workflow are analysed to their end",
    (part) => {
      const long = part.repeat(10_000_000 / part.length);
      const report = analyze({
        name: long,
        triggers: [
          {
            type: "customer_reply",
            name: long,
            conditions: [{ field: "message.body", operator: "contains", value: long }],
          },
        ],
        actions: [
          { id: "text", type: "sms", name: long, config: { body: long } },
          { id: "mail", type: "email", config: { subject: long, html: long } },
          { id: "hook", type: "webhook", config: { url: long, headers: [{ key: long, value: long }] } },
          { id: "tag", type: "add_contact_tag", config: { tags: [long] } },
          {
            id: "check",
            type: "condition",
            branches: [
              { name: long, conditions: [{ field: long, operator: long, value: long }] },
              { name: "b", conditions: [{ field: long, operator: "is", value: long }] },
            ],
          },
        ],
      });
      expect(errorsOf(report)).toEqual([]);
      expect(JSON.stringify(report).length).toBeLessThan(200_000);
    },
  );
});

test("keys that reach for prototypes change nothing and are read as plain keys", () => {
  const hostile = JSON.parse(
    `{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}, "name": "__proto__",
      "triggers": [{"type": "__proto__", "conditions": {"__proto__": "x", "constructor": "y"}}],
      "actions": [{"id": "__proto__", "type": "constructor", "config": {"__proto__": {"body": "{{__proto__.x}} {{constructor.y}}"}}},
                  {"id": "toString", "type": "sms", "config": {"body": "{{__proto__.first_name}} {{contact.__proto__}}", "hasOwnProperty": 1}},
                  {"id": "valueOf", "type": "wait", "config": {"type": "__proto__"}}]}`,
  );
  const report = analyze(hostile, {
    rules: JSON.parse('{"__proto__": {"off": true}, "constructor": {"settings": {"__proto__": 1}}}'),
    facts: JSON.parse('{"customValues": {"__proto__": "x"}, "tags": ["__proto__"]}'),
  });
  expect(errorsOf(report)).toEqual([]);
  expect(report.stats.steps).toBe(3);
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});

function deepFrozen<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  for (const inner of Object.values(value)) deepFrozen(inner);
  return Object.freeze(value);
}
