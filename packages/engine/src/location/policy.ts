import type { WorkflowPolicy } from "../options.ts";
import type { View } from "../view.ts";

/** What the given policy asks of this workflow; undefined when it says nothing of it. */
export function ownPolicy({ workflow, options: { policy } }: View): WorkflowPolicy | undefined {
  return Object.hasOwn(policy, workflow.name) ? policy[workflow.name] : undefined;
}
