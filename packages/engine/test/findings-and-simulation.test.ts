import { expect, test } from "vitest";
import { analyzeWith } from "../src/analyze.ts";
import { parseWorkflow } from "../src/index.ts";
import { registry } from "../src/rules/registry.ts";
import type { Example } from "../src/rules/rule.ts";
import { observable, run, unobservable } from "./observable-effects.ts";

const codes = registry.map(({ meta }) => meta.code);

test("of every rule it is said what can be seen of it in a dry run, or why nothing can", () => {
  expect([...Object.keys(observable), ...Object.keys(unobservable)].sort()).toEqual([...codes].sort());
});

test("what is set apart is an example, and has a reason", () => {
  for (const rule of registry) {
    const titles = [...rule.wrong(), ...rule.right()].map(({ title }) => title);
    for (const [title, reason] of Object.entries(observable[rule.meta.code]?.apart ?? {})) {
      expect(titles).toContain(title);
      expect(reason).not.toBe("");
    }
  }
});

for (const rule of registry) {
  const { code } = rule.meta;
  const seen = observable[code];
  if (seen === undefined) continue;
  const { effect, scripts = () => [{}], shows, apart = {} } = seen;
  const happens = (example: Example, steps: ReadonlySet<string> | null) => {
    const workflow = parseWorkflow(example.workflow);
    const traces = scripts(workflow, example).map((script) => run(example, script));
    return shows({ traces, steps, workflow, example });
  };
  for (const example of rule.wrong()) {
    if (Object.hasOwn(apart, example.title)) continue;
    test(`${code}: ${effect}: ${example.title}`, () => {
      const report = analyzeWith([rule], example.workflow, example.options ?? {});
      const findings = [...report.issues, ...report.notes];
      expect(findings).not.toEqual([]);
      for (const { steps } of findings) expect(happens(example, new Set(steps.map(({ id }) => id)))).toBe(true);
    });
  }
  for (const example of rule.right()) {
    if (Object.hasOwn(apart, example.title)) continue;
    test(`${code}: not so: ${example.title}`, () => {
      expect(happens(example, null)).toBe(false);
    });
  }
}
