import type { Branch, Step } from "../model/workflow.ts";
import type { View } from "../view.ts";
import type { Place } from "./rule.ts";

/** Most steps that one finding names; the evidence carries the full count. */
const MOST_PLACES = 50;

/** Steps by index, as the places a finding names. */
export function stepsAt(view: View, indexes: Iterable<number>): readonly Step[] {
  const found: Step[] = [];
  for (const index of indexes) {
    const step = view.workflow.steps[index];
    if (step !== undefined) found.push(step);
    if (found.length === MOST_PLACES) break;
  }
  return found;
}

/** A branch as a place, so that it can be accepted there; none when the document gives it no id. */
export function placeOfBranch(branch: Branch): readonly Place[] {
  return branch.id === null ? [] : [{ id: branch.id, name: branch.name, type: "branch" }];
}

const LONGEST_QUOTE = 60;

/** A step's name for a sentence. */
export function quoted({ name }: { readonly name: string }): string {
  const flat = name.slice(0, 400).replace(/\s+/g, " ").trim();
  return flat.length > LONGEST_QUOTE ? `"${flat.slice(0, LONGEST_QUOTE - 1)}…"` : `"${flat}"`;
}

/** "a", "a and b", "a, b and 3 more". */
export function listed(names: readonly string[], most = 4): string {
  if (names.length <= 1) return names[0] ?? "";
  const shown = names.length > most ? names.slice(0, most - 1) : names.slice(0, -1);
  const last = names.length > most ? `${names.length - shown.length} more` : names.at(-1);
  return `${shown.join(", ")} and ${last}`;
}

/** "1 step", "3 steps". */
export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
