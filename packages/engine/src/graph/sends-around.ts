import { Trait } from "../model/traits.ts";
import { END, type Step } from "../model/workflow.ts";
import type { View } from "../view.ts";
import { reachability } from "./reachability.ts";

/** How far to look: a burst is told by its first sends. */
const FARTHEST = 60;

/** The sends right before a step on its shortest way, and right behind it along plain next steps, with no pause between. */
export function sendsAround(
  view: View,
  step: Step,
): { readonly before: readonly Step[]; readonly after: readonly Step[] } {
  const { steps } = view.workflow;
  const { before: above } = view.derive(reachability);
  const before: Step[] = [];
  let node = above[step.index] as number;
  for (let hops = 0; node !== -1 && hops < FARTHEST; hops++) {
    const at = steps[node] as Step;
    if ((at.traits & Trait.pause) !== 0) break;
    if ((at.traits & Trait.send) !== 0) before.unshift(at);
    node = above[node] as number;
  }
  const after: Step[] = [];
  node = step.next;
  for (let hops = 0; node !== END && hops < FARTHEST; hops++) {
    const at = steps[node] as Step;
    if ((at.traits & Trait.pause) !== 0) break;
    if ((at.traits & Trait.send) !== 0) after.push(at);
    node = at.type === "goto" ? at.jump : at.next;
  }
  return { before, after };
}
