import { isRecord } from "../model/attributes.ts";
import type { Branch, Step } from "../model/workflow.ts";
import type { Analysis } from "../view.ts";
import { anyOf, type Condition } from "./ast.ts";
import { fieldReader } from "./fields.ts";
import { readCondition } from "./read-condition.ts";

/** Reads a branch's condition when it is first asked for, and keeps it. */
export type BranchConditions = (branch: Branch) => Condition;

export const branchConditions: Analysis<BranchConditions> = (view) => {
  const fields = fieldReader(view.options.location);
  const read = new Map<Branch, Condition>();
  return (branch) => {
    const known = read.get(branch);
    if (known !== undefined) return known;
    const condition = readCondition(branch.condition, fields);
    // A blank one is read as fast as it is looked up.
    if (condition.kind !== "never") read.set(branch, condition);
    return condition;
  };
};

/** What a condition wait waits for: any of its branches. null: another kind of wait, or not set up. */
export const waitConditions: Analysis<(step: Step) => Condition | null> = (view) => {
  const fields = fieldReader(view.options.location);
  return ({ attributes }) => {
    if (attributes["type"] !== "condition") return null;
    const source = attributes["condition"];
    const branches = isRecord(source) ? source["branches"] : attributes["branches"];
    if (!Array.isArray(branches)) return null;
    const read = branches.filter(isRecord).map((branch) => readCondition(branch, fields));
    return read.length === 0 ? null : anyOf(read);
  };
};
