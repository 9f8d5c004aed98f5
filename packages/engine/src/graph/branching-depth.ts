import { Trait } from "../model/traits.ts";
import { int32s } from "../number-arrays.ts";
import type { Analysis } from "../view.ts";
import { components } from "./components.ts";

/** Most decisions that stand one behind the other on any way; a loop counts its own once. */
export const branchingDepth: Analysis<number> = (view) => {
  const { firstEdge, edgeTarget } = view.graph;
  const { count, of, members, first } = view.derive(components);
  const { steps } = view.workflow;
  const depth = int32s(count);
  let most = 0;
  // Edges never lead to a higher component, so going up meets everything behind a component before it.
  for (let component = 0; component < count; component++) {
    let behind = 0;
    let decides = 0;
    for (let at = first[component] as number; at < (first[component + 1] as number); at++) {
      const node = members[at] as number;
      if (((steps[node]?.traits ?? 0) & Trait.decide) !== 0) decides = 1;
      for (let edge = firstEdge[node] as number; edge < (firstEdge[node + 1] as number); edge++) {
        const target = of[edgeTarget[edge] as number] as number;
        if (target !== component) behind = Math.max(behind, depth[target] as number);
      }
    }
    depth[component] = behind + decides;
    most = Math.max(most, behind + decides);
  }
  return most;
};
