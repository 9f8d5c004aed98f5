import { END, type Workflow } from "../model/workflow.ts";

export interface Way {
  /** Index of the step it leads to. */
  readonly target: number;
  /** The branch's name, or "". */
  readonly label: string;
  /** Leads somewhere by reference (Go To), not by the flow of the drawing. */
  readonly jump: boolean;
}

/** The ways out of a step as a person sees them in the builder, in order; ways that end the run are left out. */
export function waysOut(workflow: Workflow, index: number): Way[] {
  const step = workflow.steps[index];
  if (step === undefined) return [];
  const ways: Way[] = [];
  for (const branch of step.branches) {
    if (branch.target !== END) ways.push({ target: branch.target, label: branch.name, jump: false });
  }
  if (step.next !== END) ways.push({ target: step.next, label: "", jump: false });
  if (step.jump !== END) {
    ways.push({ target: step.jump, label: step.type === "goto" ? "" : "date already passed", jump: true });
  }
  return ways;
}
