import { expect, test } from "vitest";
import { analyzeWith } from "../src/analyze.ts";
import { parseWorkflow } from "../src/index.ts";
import { locationRegistry } from "../src/rules/location-registry.ts";
import type { LocationExample } from "../src/rules/location-rule.ts";
import { registry } from "../src/rules/registry.ts";
import type { Example } from "../src/rules/rule.ts";
import {
  observable,
  observableTogether,
  run,
  runTogether,
  unobservable,
  unobservableTogether,
} from "./observable-effects.ts";

const codes = registry.map(({ meta }) => meta.code);

test("of every rule it is said what can be seen of it in a dry run, or why nothing can", () => {
  expect([...Object.keys(observable), ...Object.keys(unobservable)].sort()).toEqual([...codes].sort());
  const together = [...Object.keys(observableTogether), ...Object.keys(unobservableTogether)];
  expect(together.sort()).toEqual(locationRegistry.map(({ meta }) => meta.code).sort());
});

test("what is set apart is an example, and has a reason", () => {
  for (const rule of registry) {
    const titles = [...rule.wrong(), ...rule.right()].map(({ title }) => title);
    for (const [title, reason] of Object.entries(observable[rule.meta.code]?.apart ?? {})) {
      expect(titles).toContain(title);
      expect(reason).not.toBe("");
    }
  }
  for (const rule of locationRegistry) {
    const titles = [...rule.wrong(), ...rule.right()].map(({ title }) => title);
    expect(titles).toEqual(expect.arrayContaining(Object.keys(observableTogether[rule.meta.code]?.apart ?? {})));
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

for (const rule of locationRegistry) {
  const { code } = rule.meta;
  const seen = observableTogether[code];
  if (seen === undefined) continue;
  const { effect, scripts, shows, apart = {} } = seen;
  const happens = (example: LocationExample) => {
    const workflows = example.workflows.map(parseWorkflow);
    return shows(scripts(workflows).map((script) => runTogether(example, script)));
  };
  for (const [examples, expected] of [
    [rule.wrong(), true],
    [rule.right(), false],
  ] as const)
    for (const example of examples) {
      if (Object.hasOwn(apart, example.title)) continue;
      test(`${code}: ${expected ? effect : "not so"}: ${example.title}`, () => {
        expect(happens(example)).toBe(expected);
      });
    }
}
