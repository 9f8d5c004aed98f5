import { samples } from "@workflow-debugger/engine/samples";
import { workflowOf } from "../../test/support/workflows-to-draw.ts";

/** Workflows to submit. Each differs from every other by its name, so that none is answered from a stored result. */

/** A real business's workflow of 18 steps, about 15 kB. */
export function smallWorkflow(name: string): object {
  const sample = samples.medium as { readonly workflow: object };
  return { ...sample, workflow: { ...sample.workflow, name } };
}

interface Step {
  readonly type: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** A workflow of 3,000 steps whose emails fill the given number of megabytes; about a second of work for the engine. */
export function largeWorkflow(name: string, megabytes: number): object {
  const { nodes, ...rest } = workflowOf(3_000) as { readonly nodes: readonly Step[] };
  const emails = nodes.filter(({ type }) => type === "email").length;
  const padding = "Read on. ".repeat(Math.floor((megabytes * 1_000_000 - 1_000_000) / emails / 9));
  return {
    ...rest,
    name,
    nodes: nodes.map((node) =>
      node.type === "email"
        ? { ...node, config: { ...node.config, html: `${node.config["html"]}<p>${padding}</p>` } }
        : node,
    ),
  };
}
