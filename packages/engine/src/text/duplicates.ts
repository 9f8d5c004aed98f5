import { stepTypeOf } from "../domain/step-types.ts";
import { dominators } from "../graph/dominators.ts";
import { Trait } from "../model/traits.ts";
import type { Step } from "../model/workflow.ts";
import type { Analysis, View } from "../view.ts";
import { sameWords } from "./phrase-scan.ts";
import { type StepText, texts } from "./texts.ts";

/** Two messages of one channel that say the same. */
export interface Duplicate {
  readonly first: StepText;
  readonly second: StepText;
  /** The split test whose paths they stand on; null: the second comes behind the first. */
  readonly split: Step | null;
}

/** Shorter ones are confirmations, which may be repeated. */
const SHORTEST_LETTERS = 40;

/**
 * Messages whose words a contact has already got, and equal texts on two paths of a split. Messages are grouped by the hash of
 * their words, and of each group every one is compared with the nearest before it on its way.
 */
export const duplicateMessages: Analysis<readonly Duplicate[]> = (view) => {
  const shared = view.derive(texts);
  const compared: StepText[] = [];
  for (const text of shared.messages)
    if (
      text.role === "message" &&
      (text.step.traits & Trait.send) !== 0 &&
      shared.reading(text).letters >= SHORTEST_LETTERS
    )
      compared.push(text);
  const hashes = Int32Array.from(compared, (text) => shared.reading(text).wordsHash);
  if (!holdsRepeat(hashes)) return [];
  const groups = new Map<number, StepText[]>();
  compared.forEach((text, at) => {
    const hash = hashes[at] as number;
    const group = groups.get(hash);
    if (group === undefined) groups.set(hash, [text]);
    else group.push(text);
  });
  return [...groups.values()].flatMap((group) => (group.length < 2 ? [] : duplicatesIn(view, group)));
};

/** Most workflows repeat nothing, and that is told by their sorted hashes. */
function holdsRepeat(hashes: Int32Array): boolean {
  const sorted = hashes.slice().sort();
  for (let at = 1; at < sorted.length; at++) if (sorted[at] === sorted[at - 1]) return true;
  return false;
}

function duplicatesIn(view: View, group: readonly StepText[]): readonly Duplicate[] {
  const { order, dominates } = view.derive(dominators);
  const place = ({ step }: StepText) => order[step.index] as number;
  const reached = group.filter((text) => place(text) >= 0).sort((a, b) => place(a) - place(b));
  const found: Duplicate[] = [];
  const above: StepText[] = [];
  let lastApart: StepText | undefined;
  for (const text of reached) {
    let before = above.at(-1);
    while (before !== undefined && !dominates(before.step.index, text.step.index)) {
      above.pop();
      before = above.at(-1);
    }
    above.push(text);
    if (before !== undefined) {
      if (before.step !== text.step && isSame(view, before, text))
        found.push({ first: before, second: text, split: null });
      continue;
    }
    const split = lastApart === undefined ? null : splitBetween(view, lastApart.step, text.step);
    if (lastApart !== undefined && split !== null && isSame(view, lastApart, text))
      found.push({ first: lastApart, second: text, split });
    lastApart = text;
  }
  return found;
}

function isSame(view: View, a: StepText, b: StepText): boolean {
  const { visible } = view.derive(texts);
  return stepTypeOf(a.step.type)?.channel === stepTypeOf(b.step.type)?.channel && sameWords(visible(a), visible(b));
}

/** The split test on two paths of which the steps stand, or null. */
function splitBetween(view: View, a: Step, b: Step): Step | null {
  const { dominates } = view.derive(dominators);
  for (const split of view.stepsOfType("workflow_split")) {
    const pathOf = (step: Step) =>
      split.branches.findIndex(({ target }) => target >= 0 && dominates(target, step.index));
    const left = pathOf(a);
    const right = pathOf(b);
    if (left >= 0 && right >= 0 && left !== right) return split;
  }
  return null;
}
