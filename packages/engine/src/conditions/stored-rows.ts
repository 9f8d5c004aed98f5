import { isRecord } from "../model/attributes.ts";
import { settingPointer } from "../model/pointer.ts";
import type { Attributes, Branch, Step } from "../model/workflow.ts";

/** A row of a condition as the document holds it, and its JSON Pointer. */
export interface StoredRow {
  readonly row: Attributes;
  readonly pointer: string;
}

/**
 * The rows of a branch whose conditions stand in the `branches` of its step's settings, as the builder stores them; none where they
 * stand elsewhere. For fixes: it reads the document anew.
 */
export function storedRows(step: Step, branch: Branch): readonly StoredRow[] {
  const { branches } = step.attributes;
  const at = Array.isArray(branches) ? branches.indexOf(branch.condition) : -1;
  const pointer = at < 0 ? null : settingPointer(step, "branches", at);
  if (pointer === null || branch.condition === null) return [];
  const rows: StoredRow[] = [];
  const groups: StoredRow[] = [{ row: branch.condition, pointer }];
  for (let group = groups.pop(); group !== undefined; group = groups.pop()) {
    // Read as readCondition does: segments first, and conditions only where there are none.
    const key = Array.isArray(group.row["segments"]) ? "segments" : "conditions";
    const members: unknown = group.row[key];
    if (!Array.isArray(members)) continue;
    for (const [place, row] of members.entries()) {
      if (!isRecord(row)) continue;
      const member = { row, pointer: `${group.pointer}/${key}/${place}` };
      (key === "segments" || Array.isArray(row["conditions"]) ? groups : rows).push(member);
    }
  }
  return rows;
}
