import { isRecord } from "../../model/attributes.ts";
import { pointerOf, settingPointer } from "../../model/pointer.ts";
import type { Branch, Step } from "../../model/workflow.ts";
import type { JsonPatchOperation } from "../../report/types.ts";

/**
 * Puts a branch of a builder If/Else right in front of another: in the list of conditions, which is the order they are
 * tested in, and in `next`, which lists the ways out in the same order. null when the document does not hold both lists.
 */
export function moveBranch(step: Step, branch: Branch, before: Branch): readonly JsonPatchOperation[] | null {
  const conditions = settingPointer(step, "branches");
  if (conditions === null || step.raw["attributes"] !== step.attributes) return null;
  const ids = listIds(step.attributes["branches"]);
  const ways = listIds(step.raw["next"]);
  const moved = [move(ids, conditions, branch, before), move(ways, `${pointerOf(step)}/next`, branch, before)];
  return moved.every((operation) => operation !== null) ? moved : null;
}

function listIds(list: unknown): readonly unknown[] {
  return Array.isArray(list) ? list.map((item) => (isRecord(item) ? item["id"] : item)) : [];
}

function move(ids: readonly unknown[], list: string, branch: Branch, before: Branch): JsonPatchOperation | null {
  const from = ids.indexOf(branch.id);
  const to = ids.indexOf(before.id);
  if (branch.id === null || before.id === null || to < 0 || from <= to) return null;
  return { op: "move", from: `${list}/${from}`, path: `${list}/${to}` };
}
