import type { Branch } from "../model/workflow.ts";
import type { Analysis } from "../view.ts";
import { atomsOf } from "./ast.ts";
import { branchConditions } from "./branch-conditions.ts";

/** What a branch asks for, in the words of its name and its conditions. */
export type BranchWords = (branch: Branch) => string;

export const branchWords: Analysis<BranchWords> = (view) => {
  const conditionOf = view.derive(branchConditions);
  return (branch) => {
    if (branch.condition === null) return branch.name;
    const rows = atomsOf(conditionOf(branch)).map(
      ({ field, values }) => `${field.key} ${field.label} ${values.join(" ")}`,
    );
    return `${branch.name} ${rows.join(" ")}`;
  };
};
