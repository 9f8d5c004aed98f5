import type { LocationRule } from "../src/rules/location-rule.ts";
import type { Rule } from "../src/rules/rule.ts";
import { contentsPage } from "./contents.ts";
import { type RunExample, runExample, runLocationExample } from "./example.ts";
import { type DrawingKind, drawingsOf, type Paged, rulePage } from "./page.ts";

/**
 * Every generated file under docs/rules, by its path there: a page and drawings for each rule, and the index. `parts`: what rules of
 * one workflow see between the workflows, on the same pages.
 */
export function rulePages(
  registry: readonly Rule[],
  locationRegistry: readonly LocationRule[],
  parts: readonly LocationRule[],
): ReadonlyMap<string, string> {
  const between = new Map(parts.map((part) => [part.meta.code, ofLocation(part)]));
  const rules = [...registry.map(ofWorkflow), ...locationRegistry.map(ofLocation)].sort((a, b) =>
    a.rule.meta.code < b.rule.meta.code ? -1 : 1,
  );
  const pages = new Map([["README.md", contentsPage(rules.map(({ rule }) => rule.meta))]]);
  for (const one of rules) {
    const { code } = one.rule.meta;
    const part = between.get(code);
    pages.set(`${code}.md`, rulePage(one, part));
    addDrawings(pages, one, "wrong", "right");
    if (part !== undefined) addDrawings(pages, part, "location-wrong", "location-right");
  }
  return pages;
}

function addDrawings(
  pages: Map<string, string>,
  { rule: { meta }, wrong, right }: Paged,
  ...[ofWrong, ofRight]: readonly [DrawingKind, DrawingKind]
): void {
  for (const [kind, run] of [
    [ofWrong, wrong],
    [ofRight, right],
  ] as const)
    if (run !== null)
      drawingsOf(meta, kind, run).forEach((file, at) => {
        pages.set(file, run.drawings[at] ?? "");
      });
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
