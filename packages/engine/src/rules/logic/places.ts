import type { Branch } from "../../model/workflow.ts";
import type { Place } from "../rule.ts";

/** A branch as a place a finding points at, so that it can be accepted there; none when the document gives no id. */
export function placeOfBranch(branch: Branch): readonly Place[] {
  return branch.id === null ? [] : [{ id: branch.id, name: branch.name, type: "branch" }];
}
