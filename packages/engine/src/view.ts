/**
 * What a rule looks through: the workflow, its graph, the options, and every shared analysis, each computed once on first use.
 */
import { buildGraph, type Graph } from "./graph/graph.ts";
import { timingsOf, waitTimings } from "./graph/wait-timings.ts";
import type { LocationView, Member } from "./location/location-view.ts";
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
  /** All trait bits that occur. */
  readonly traits: number;
  /** The other workflows, and this one among them; null when it is analysed alone: then nothing is known of them. */
  readonly around: () => Surroundings | null;
}

export interface Surroundings {
  readonly location: LocationView;
  readonly self: Member;
}

const NO_STEPS: readonly Step[] = Object.freeze([]);

const alone = () => null;

export function createView(workflow: Workflow, options: ResolvedOptions, around: View["around"] = alone): View {
  const { steps } = workflow;
  const byType = new Map<string, Step[]>();
  let traits = 0;
  for (const step of steps) {
    traits |= step.traits;
    const list = byType.get(step.type);
    if (list === undefined) byType.set(step.type, [step]);
    else list.push(step);
  }
  const byTraits = new Map<number, readonly Step[]>();
  const timings = timingsOf(steps, byType.get("wait") ?? NO_STEPS);
  const derived = new Map<Analysis<unknown>, unknown>([[waitTimings, timings]]);
  // No getters here: V8 keeps the getter of an object literal with the literal's shape, and by it the whole workflow, until the next
  // full garbage collection.
  const view: View = {
    workflow,
    options,
    traits,
    around,
    graph: buildGraph(workflow, timings.of),
    derive<Result>(analysis: Analysis<Result>): Result {
      // The map pairs each analysis with its own result.
      if (derived.has(analysis)) return derived.get(analysis) as Result;
      const result = analysis(view);
      derived.set(analysis, result);
      return result;
    },
    stepsOfType: (type) => byType.get(type) ?? NO_STEPS,
    stepsWith(wanted) {
      if ((traits & wanted) === 0) return NO_STEPS;
      let found = byTraits.get(wanted);
      if (found === undefined) {
        found = steps.filter((step) => (step.traits & wanted) !== 0);
        byTraits.set(wanted, found);
      }
      return found;
    },
  };
  return view;
}
