import type { Workflow } from "@workflow-debugger/engine/parse";
import type { WorkflowStructure } from "@workflow-debugger/shared/contract";

type Step = Workflow["steps"][number];
type Edge = WorkflowStructure["edges"][number];
type Structure = Pick<WorkflowStructure, "status" | "format" | "triggers" | "steps" | "edges" | "settings">;

/**
 * The graph of a workflow by ids. What a step holds (texts, addresses, headers with secrets) stays where it is stored: a
 * structure is for drawing and counting.
 */
export function structureOf(workflow: Workflow): Structure {
  const { steps, triggers, settings } = workflow;
  const idOf = (index: number): string | null => steps[index]?.id ?? null;
  const edge = (
    from: string,
    target: number,
    kind: Edge["kind"],
    missing: string | null,
    branch: string | null = null,
  ) => ({ from, to: idOf(target), kind, branch, missing }) satisfies Edge;

  function edgesOf(step: Step): readonly Edge[] {
    const branches = step.branches.map(({ target, missing, name }) => edge(step.id, target, "branch", missing, name));
    const goesOn = step.branches.length === 0 || idOf(step.next) !== null || step.missing !== null;
    const next = goesOn ? [edge(step.id, step.next, "next", step.missing)] : [];
    const jumps = idOf(step.jump) !== null || step.missingJump !== null;
    return [...next, ...branches, ...(jumps ? [edge(step.id, step.jump, "jump", step.missingJump)] : [])];
  }

  return {
    status: workflow.status,
    format: workflow.format,
    triggers:
      triggers?.map(({ id, type, name, active, conditions }) => ({
        id,
        type,
        name,
        active,
        conditions: conditions.map(({ field, operator }) => ({ field, operator })),
      })) ?? null,
    steps: steps.map(({ id, type, name, disabled }) => ({ id, type, name, disabled })),
    edges: [
      ...(triggers ?? []).map(({ id, target, missing }) => edge(id, target, "trigger", missing)),
      ...steps.flatMap(edgesOf),
    ],
    settings: {
      reentry: settings.reentry,
      multipleOpportunities: settings.multipleOpportunities,
      stopOnResponse: settings.stopOnResponse,
      timezone: settings.timezone,
      window: settings.window,
      senderName: settings.senderName,
      senderEmail: settings.senderEmail,
    },
  };
}
