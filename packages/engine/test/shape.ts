import type { Workflow } from "../src/parse.ts";

/** What a workflow does, without where it stood in its document. */
export function shape(workflow: Workflow) {
  return workflow.steps.map(({ id, type, next, jump, branches }) => ({
    id,
    type,
    next,
    jump,
    branches: branches.map(({ name, kind, target }) => `${kind} ${name} -> ${target}`),
  }));
}
