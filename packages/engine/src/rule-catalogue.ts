/** The door to the rule catalogue: what every rule looks for and why. It runs no analysis. */

import { locationRegistry } from "./rules/location-registry.ts";
import type { LocationExample } from "./rules/location-rule.ts";
import { registry } from "./rules/registry.ts";
import type { Example, RuleMeta } from "./rules/rule.ts";

export type { LocationExample } from "./rules/location-rule.ts";
export type { Example, RuleMeta, RuleScope, RuleSetting } from "./rules/rule.ts";

const everyRule = [...registry, ...locationRegistry];

/** Every rule that exists, in code order. */
export const rules: readonly RuleMeta[] = everyRule
  .map((rule) => rule.meta)
  .sort((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0));

type AnyExample = Example | LocationExample;

/** The examples of a rule, by code: what it reports and what it leaves alone; null for a code that no rule has. */
export function ruleExamples(
  code: string,
): { readonly wrong: readonly AnyExample[]; readonly right: readonly AnyExample[] } | null {
  const rule = everyRule.find(({ meta }) => meta.code === code);
  return rule === undefined ? null : { wrong: rule.wrong(), right: rule.right() };
}
