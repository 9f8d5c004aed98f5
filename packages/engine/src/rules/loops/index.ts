/** The rules of this group; adding a rule adds a line here and touches no other file. */
import type { Rule } from "../rule.ts";

export const loopsRules: readonly Rule[] = [];
