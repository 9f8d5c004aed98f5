import { expect, test } from "vitest";
import { analyzeWith } from "../analyze.ts";
import type { Step } from "../model/workflow.ts";
import { registry } from "./registry.ts";
import { defineRule, type Rule, type RuleMeta } from "./rule.ts";

const meta: RuleMeta = {
  code: "GRAPH-999",
  id: "test-rule",
  category: "graph",
  severity: "low",
  scope: "W",
  title: "Test",
  summary: "Test.",
  why: "Test.",
  fix: "Test.",
  sources: ["reasoned"],
};

const everyStep = (override: Partial<Rule<Step>> = {}): Rule =>
  defineRule<Step>({
    meta,
    sees: "workflow",
    *find({ workflow }) {
      yield* workflow.steps;
    },
    tell: (step) => ({ message: "m", impact: "i", fix: "f", steps: [step], evidence: {} }),
    wrong: () => [],
    right: () => [],
    ...override,
  });

const chain = (length: number) =>
  Array.from({ length }, (_, at) => ({
    id: `s${at}`,
    type: "sms",
    attributes: { body: "Hi" },
    next: `s${at + 1}`,
  })).map((step, at) => (at === length - 1 ? { ...step, next: null } : step));

test("a rule that throws becomes a visible note, and the rest of the report stands", () => {
  const failing = everyStep({
    tell() {
      throw new Error("no words");
    },
  });
  const other = everyStep();
  const report = analyzeWith([failing, { ...other, meta: { ...meta, code: "GRAPH-998", id: "other" } }], chain(2));
  expect(report.notes.map(({ rule, evidence }) => [rule, evidence["reason"]])).toEqual([["rule-error", "no words"]]);
  expect(report.issues.map(({ code }) => code)).toEqual(["GRAPH-998", "GRAPH-998"]);
  expect(report.notChecked).toEqual([{ rule: "test-rule", reason: "the rule failed on this workflow" }]);
});

test("a rule reports at most 50 findings, and the last says how many more there are", () => {
  const { issues } = analyzeWith([everyStep()], chain(73));
  expect(issues).toHaveLength(50);
  expect(issues.map(({ evidence }) => evidence["more"])).toEqual([...Array(49).fill(undefined), 23]);
});

test("a path holds at most 32 hops and says how many steps it leaves out", () => {
  const last = everyStep({
    *find({ workflow }) {
      const step = workflow.steps.at(-1);
      if (step !== undefined) yield step;
    },
  });
  const [finding] = analyzeWith([last], {
    templates: chain(100),
    triggers: [{ id: "t", type: "form_submission" }],
  }).issues;
  expect(finding?.path).toEqual([
    { stepId: "t", via: "Form Submitted", elapsedSeconds: 0 },
    { skipped: 99 },
    { stepId: "s99", via: 'then: "Send SMS"', elapsedSeconds: 0 },
  ]);
});

test("a rule costs nothing when there is nothing it wants to see, and vouches for nothing either", () => {
  const blind = everyStep({
    sees: { types: ["wait"] },
    find() {
      throw new Error("must not run");
    },
  });
  const report = analyzeWith([blind], chain(1));
  expect([report.notes, report.notChecked, report.categories["graph"]]).toEqual([
    [],
    [],
    { score: 0, assessed: false },
  ]);
});

test("a category of which nothing could be checked is not assessed and never scores", () => {
  const report = analyzeWith([everyStep({ unchecked: () => "needs location facts: users" })], chain(1));
  expect(report.categories).toEqual({ graph: { score: 0, assessed: false } });
  expect(report.notChecked).toEqual([{ rule: "test-rule", reason: "needs location facts: users" }]);
});

test("options switch a rule off, change its severity, and quiet profiles leave out what is minor", () => {
  const count = (options: Parameters<typeof analyzeWith>[2]) =>
    analyzeWith([everyStep()], chain(1), options).issues.length;
  expect(count({})).toBe(1);
  expect(count({ rules: { "GRAPH-999": { off: true } } })).toBe(0);
  expect(count({ rules: { "test-rule": { severity: "info" } } })).toBe(0);
  expect(count({ profile: "quiet" })).toBe(0);
});

test("drafts say that it would happen when published", () => {
  const [finding] = analyzeWith([everyStep()], { status: "draft", templates: chain(1) }).issues;
  expect(finding?.impact).toBe("Would happen when published: i");
});

test("the report does not depend on the order of the rules, nor on what was analysed before", () => {
  const examples = registry.flatMap((rule) => [...rule.wrong(), ...rule.right()]);
  const shuffled = registry.toReversed();
  const first = examples.map(({ workflow, options }) => JSON.stringify(analyzeWith(registry, workflow, options)));
  const second = examples.map(({ workflow, options }) =>
    JSON.stringify(analyzeWith(shuffled, deepFreeze(workflow), options)),
  );
  expect(second).toEqual(first);
});

test("fingerprints survive when the builder lists the same steps in another order", () => {
  for (const rule of registry) {
    for (const { workflow, options, title } of rule.wrong()) {
      const document = structuredClone(workflow) as { workflow?: { workflowData?: { templates?: { id: unknown }[] } } };
      const data = document.workflow?.workflowData;
      if (data?.templates === undefined) continue;
      const ids = data.templates.map(({ id }) => id);
      if (new Set(ids).size < ids.length) continue;
      const [first, ...rest] = data.templates;
      data.templates = [first, ...rest.toReversed()].filter((node) => node !== undefined);
      const prints = (input: unknown) =>
        analyzeWith(registry, input, options)
          .issues.map((issue) => issue.fingerprint)
          .sort();
      expect(prints(document), `${rule.meta.code} ${title}`).toEqual(prints(workflow));
    }
  }
});

test("codes and ids are unique and each rule has at least one example of either kind", () => {
  const codes = registry.map((rule) => rule.meta.code);
  expect(new Set(codes).size).toBe(codes.length);
  expect(new Set(registry.map((rule) => rule.meta.id)).size).toBe(codes.length);
  for (const rule of registry) {
    expect(rule.wrong().length, rule.meta.code).toBeGreaterThan(0);
    expect(rule.right().length, rule.meta.code).toBeGreaterThan(0);
  }
});

function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}
