import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readFixture, scenarios } from "../fixtures/scenarios.ts";
import schema from "../schema/workflow.schema.json" with { type: "json" };
import { analyze } from "../src/analyze.ts";
import { checkWorkflow, parseWorkflow, WorkflowFormatError } from "../src/parse.ts";
import { mutated } from "./arbitrary-mutation.ts";

const valid = new Ajv2020({ allErrors: true }).compile(schema);
const files = readdirSync(join(import.meta.dirname, "../fixtures/formats"));
const examples = files.map((file) => readFixture(`formats/${file}`));

test.each(files)("the published schema accepts the example %s, and every step of it is understood", (file) => {
  const document = readFixture(`formats/${file}`);
  expect([valid(document), valid.errors]).toEqual([true, null]);
  const { stats } = analyze(document);
  expect(stats.stepsUnderstood).toBe(stats.steps);
});

test("the schema refuses misspelt keys, ways without ends, and unknown settings", () => {
  for (const document of [
    {},
    { nodes: [{ id: "a", type: "sms", next: "b" }] },
    { nodes: [{ id: "a" }] },
    { nodes: [], connections: [{ from: "a" }] },
    { actions: [{ id: "", type: "sms" }] },
    { actions: [], settings: { timezone: "Europe/Berlin" } },
    { actions: [], settings: { window: { start: "9:00", end: "25:00" } } },
    { nodes: [], actions: [] },
  ]) {
    expect(valid(document), JSON.stringify(document)).toBe(false);
  }
});

test("what the schema accepts, the parser reads", () => {
  let accepted = 0;
  fc.assert(
    fc.property(mutated(examples), (document) => {
      if (!valid(document)) return;
      accepted++;
      expect(parseWorkflow(document).steps.length).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 1000 },
  );
  expect(accepted).toBeGreaterThan(100);
});

test("the same workflow as graph and as action list gets the same report", () => {
  const report = (file: string) => {
    const { workflow, ...rest } = analyze(readFixture(`formats/${file}`));
    return { ...rest, workflow: { ...workflow, format: null } };
  };
  expect(report("webinar-follow-up.graph.json")).toEqual(report("webinar-follow-up.actions.json"));
});

interface Export {
  readonly workflow: Readonly<Record<string, unknown>> & { readonly workflowData: { readonly templates: unknown[] } };
  readonly triggers: readonly unknown[];
}

const wrappings: Readonly<Record<string, (given: Export) => unknown>> = {
  "the bare document with its triggers inside": ({ workflow, triggers }) => ({ ...workflow, triggers }),
  "the answer with includeTriggers": ({ workflow, triggers }) => ({
    workflowData: workflow,
    permissionMeta: {},
    triggers,
    dependentAssets: [],
  }),
  "triggers as rows": ({ workflow, triggers }) => ({ workflow, triggers: { rows: triggers } }),
};

for (const [name, wrap] of Object.entries(wrappings)) {
  test(`findings do not depend on the wrapping: ${name}`, () => {
    for (const { file, options } of scenarios) {
      const given = readFixture(file) as Export;
      const found = (document: unknown) => analyze(document, options).issues.map(({ fingerprint }) => fingerprint);
      expect(found(wrap(given)), file).toEqual(found(given));
    }
  });
}

test("without triggers nothing is said about them; without settings nothing is assumed of them", () => {
  for (const { file } of scenarios) {
    const { workflow } = readFixture(file) as Export;
    const { templates } = workflow.workflowData;
    for (const document of [workflow, { templates }, templates]) {
      const codes = analyze(document).issues.map(({ code }) => code);
      expect(codes.filter((code) => ["GRAPH-001", "GRAPH-002", "LOOP-006", "XWF-010"].includes(code))).toEqual([]);
    }
  }
});

test("a check refuses what parsing refuses, in the same words, and tells the same of what it lets pass", () => {
  const outcomeOf = (read: typeof checkWorkflow, document: unknown) => {
    try {
      const { id, name, status } = read(document);
      return { id, name, status };
    } catch (error) {
      return error;
    }
  };
  let refused = 0;
  fc.assert(
    fc.property(mutated(examples), (document) => {
      const outcome = outcomeOf(checkWorkflow, document);
      expect(outcome).toEqual(outcomeOf(parseWorkflow, document));
      if (outcome instanceof WorkflowFormatError) refused++;
    }),
    { numRuns: 1000 },
  );
  expect(refused).toBeGreaterThan(100);
});
