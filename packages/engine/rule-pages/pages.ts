import type { LocationRule } from "../src/rules/location-rule.ts";
import type { Rule } from "../src/rules/rule.ts";
import { contentsPage } from "./contents.ts";
import { type RunExample, runExample, runLocationExample } from "./example.ts";
import { drawingsOf, rulePage } from "./page.ts";

/** Every generated file under docs/rules, by its path there: a page and drawings for each rule, and the index. */
export function rulePages(
  registry: readonly Rule[],
  locationRegistry: readonly LocationRule[],
): ReadonlyMap<string, string> {
  const rules = [...registry.map(ofWorkflow), ...locationRegistry.map(ofLocation)].sort((a, b) =>
    a.rule.meta.code < b.rule.meta.code ? -1 : 1,
  );
  const pages = new Map([["README.md", contentsPage(rules.map(({ rule }) => rule.meta))]]);
  for (const { rule, wrong, right } of rules) {
    pages.set(`${rule.meta.code}.md`, rulePage(rule, wrong, right));
    for (const [kind, run] of [["wrong", wrong] as const, ["right", right] as const])
      if (run !== null)
        drawingsOf(rule.meta, kind, run).forEach((file, at) => {
          pages.set(file, run.drawings[at] ?? "");
        });
  }
  return pages;
}

function ofWorkflow(rule: Rule) {
  const run = (example: RunOf<Rule>) => (example === undefined ? null : runExample(rule, example));
  return paged(rule, rule.mend !== undefined, run);
}

function ofLocation(rule: LocationRule) {
  const run = (example: RunOf<LocationRule>) => (example === undefined ? null : runLocationExample(rule, example));
  return paged(rule, false, run);
}

type RunOf<Of extends Rule | LocationRule> = ReturnType<Of["wrong"]>[number] | undefined;

function paged<One extends { readonly title: string }>(
  rule: Pick<Rule, "meta"> & { readonly wrong: () => readonly One[]; readonly right: () => readonly One[] },
  mends: boolean,
  run: (example: One | undefined) => RunExample | null,
) {
  const [wrong, right] = [rule.wrong(), rule.right()];
  const titles = (examples: readonly One[]) => examples.map(({ title }) => title);
  return {
    rule: { meta: rule.meta, mends, wrong: titles(wrong), right: titles(right) },
    wrong: run(wrong[0]),
    right: run(right[0]),
  };
}
