import type { Rule } from "../src/rules/rule.ts";
import { contentsPage } from "./contents.ts";
import { runExample } from "./example.ts";
import { drawingOf, rulePage } from "./page.ts";

/** Every generated file under docs/rules, by its path there: a page and two drawings for each rule, and the index. */
export function rulePages(registry: readonly Rule[]): ReadonlyMap<string, string> {
  const rules = registry.toSorted((a, b) => (a.meta.code < b.meta.code ? -1 : 1));
  const pages = new Map([["README.md", contentsPage(rules.map(({ meta }) => meta))]]);
  for (const rule of rules) {
    const [wrong, right] = [rule.wrong()[0], rule.right()[0]].map((example) =>
      example === undefined ? null : runExample(rule, example),
    );
    pages.set(`${rule.meta.code}.md`, rulePage(rule, wrong ?? null, right ?? null));
    if (wrong) pages.set(drawingOf(rule.meta, "wrong"), wrong.drawing);
    if (right) pages.set(drawingOf(rule.meta, "right"), right.drawing);
  }
  return pages;
}
