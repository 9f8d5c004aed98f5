import type { LocationFinding } from "./location-types.ts";

/** The cycles that findings tell of, each as the workflows that start each other: what a map may mark beside them. */
export function cyclesOf(findings: readonly LocationFinding[]): readonly (readonly string[])[] {
  return findings.flatMap(({ code, hops }) => (code === "XWF-001" ? [hops.map(({ workflowId }) => workflowId)] : []));
}
