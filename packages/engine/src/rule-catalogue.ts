/** The door to the rule catalogue: what every rule looks for and why. It runs no analysis. */
import { registry } from "./rules/registry.ts";
import type { RuleMeta } from "./rules/rule.ts";

export type { Example, RuleMeta, RuleScope, RuleSetting } from "./rules/rule.ts";

/** Every rule that exists, in code order. */
export const rules: readonly RuleMeta[] = registry
  .map((rule) => rule.meta)
  .sort((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0));
