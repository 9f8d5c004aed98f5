/**
 * What a rule looks through: the workflow, its graph, the options, and every shared analysis, each computed once on first use.
 */
import type { Graph } from "./graph/graph.ts";
import type { Step, Workflow } from "./model/workflow.ts";
import type { ResolvedOptions } from "./options.ts";

/** A named fact about a workflow, in a file of its own: a pure function of the view. */
export type Analysis<Result> = (view: View) => Result;

export interface View {
  readonly workflow: Workflow;
  readonly graph: Graph;
  readonly options: ResolvedOptions;
  /** The analysis' result, computed on the first call and kept. Call it once per `find`, not once per step. */
  readonly derive: <Result>(analysis: Analysis<Result>) => Result;
  /** Steps of a HighLevel type identifier, in document order. */
  readonly stepsOfType: (type: string) => readonly Step[];
  /** Steps with at least one of the trait bits, in document order. */
  readonly stepsWith: (traits: number) => readonly Step[];
}
