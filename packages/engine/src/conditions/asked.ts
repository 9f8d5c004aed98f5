import { Trait } from "../model/traits.ts";
import type { Step } from "../model/workflow.ts";
import type { Analysis } from "../view.ts";
import type { Condition, Field, FieldKind } from "./ast.ts";
import { branchConditions } from "./branch-conditions.ts";

/** What the branches of all decisions ask for, taken together: it mostly says at once that there is nothing to look for. */
export interface Asked {
  readonly fields: readonly Field[];
  readonly kinds: ReadonlySet<FieldKind>;
  /** Keys of the fields. */
  readonly keys: ReadonlySet<string>;
  /** How many branches hold a row that cannot be read. */
  readonly unreadable: number;
  /** Decisions with a branch that asks for more than one thing, or for a range: only these can contradict themselves. */
  readonly involved: readonly Step[];
}

export const asked: Analysis<Asked> = (view) => {
  const conditionOf = view.derive(branchConditions);
  const fields = new Set<Field>();
  const involved: Step[] = [];
  let unreadable = 0;
  const stack: Condition[] = [];
  /** Notes the fields of a condition; answers whether a row cannot be read. */
  const note = (condition: Condition): boolean => {
    let unread = false;
    stack.push(condition);
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      if (node.kind === "atom") fields.add(node.atom.field);
      else if (node.kind === "unreadable") unread = true;
      else if (node.kind !== "never") for (const part of node.of) stack.push(part);
    }
    return unread;
  };
  for (const step of view.stepsWith(Trait.decide)) {
    let plain = true;
    for (const branch of step.branches) {
      if (branch.condition === null) continue;
      const condition = conditionOf(branch);
      if (condition.kind === "atom") {
        fields.add(condition.atom.field);
        if (condition.atom.test.kind === "range") plain = false;
      } else if (condition.kind !== "never") {
        if (note(condition)) unreadable++;
        plain = false;
      }
    }
    if (!plain) involved.push(step);
  }
  const kinds = new Set<FieldKind>();
  const keys = new Set<string>();
  for (const { kind, key } of fields) {
    kinds.add(kind);
    keys.add(key);
  }
  return { fields: [...fields], kinds, keys, unreadable, involved };
};
