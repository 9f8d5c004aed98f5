import type { Branch } from "../model/workflow.ts";
import type { Analysis } from "../view.ts";
import type { Condition } from "./ast.ts";
import { fieldReader } from "./fields.ts";
import { readCondition } from "./read-condition.ts";

/** Reads a branch's condition when it is first asked for, and keeps it. */
export type BranchConditions = (branch: Branch) => Condition;

export const branchConditions: Analysis<BranchConditions> = (view) => {
  const fields = fieldReader(view.options.facts);
  const read = new Map<Branch, Condition>();
  return (branch) => {
    const known = read.get(branch);
    if (known !== undefined) return known;
    const condition = readCondition(branch.condition, fields);
    read.set(branch, condition);
    return condition;
  };
};
