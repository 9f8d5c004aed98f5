import type { Hop, LocationFinding } from "../report/location-types.ts";
import type { Finding } from "../report/types.ts";
import { quoted } from "../words.ts";

/**
 * A finding between workflows in the shape of one within a workflow, for what is written of either: its hops stand as its path, each
 * under the id of its workflow, and its places carry their workflow's id in front.
 */
export function withHopsAsPath(finding: LocationFinding): Finding {
  const { hops, workflows: _named, steps, ...rest } = finding;
  return {
    ...rest,
    steps: steps.map(({ workflowId, ...step }) => ({ ...step, id: `${workflowId}/${step.id}` })),
    path: hops.map((hop) => ({ stepId: hop.workflowId, via: hopInWords(hop), elapsedSeconds: hop.delaySeconds })),
  };
}

/** `"Sales takes over", by "Tag added" (tags just added contains "hot"): "Mark as touched" adds the tag "sales-touched"`. */
export function hopInWords({ workflowName, trigger, filter, stepId, stepName, effect, reentry }: Hop): string {
  const by = trigger === null ? "" : `, by ${quoted(trigger)}${filter === "" ? "" : ` (${filter})`}`;
  const step = stepId === null ? "" : `${quoted({ name: stepName })} `;
  const once = reentry === false ? "; re-entry is off" : "";
  return `${quoted({ name: workflowName })}${by}: ${step}${effect}${once}`;
}
