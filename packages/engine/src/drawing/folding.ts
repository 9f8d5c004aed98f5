import type { Workflow } from "../model/workflow.ts";
import type { AnalysisReport } from "../report/types.ts";
import { waysOut } from "./ways.ts";

/** How many steps around a fault stay drawn. */
const NEIGHBOURHOOD = 3;

export interface Folding {
  /** Indices of the steps that share the folded box of this step, or null when the step is drawn itself. */
  readonly stretchOf: (step: number) => readonly number[] | null;
}

/** Keeps the neighbourhood of every fault and folds each connected stretch of the rest into one box. Linear time. */
export function foldAround(workflow: Workflow, report: AnalysisReport): Folding {
  const neighbours = undirected(workflow);
  const kept = keep(workflow, report, neighbours);
  const stretches = new Map<number, readonly number[]>();
  for (let step = 0; step < workflow.steps.length; step++) {
    if (kept[step] === 1 || stretches.has(step)) continue;
    const stretch = [step];
    const seen = new Set(stretch);
    for (const member of stretch) {
      for (const next of neighbours[member] ?? []) {
        if (kept[next] === 1 || seen.has(next)) continue;
        seen.add(next);
        stretch.push(next);
      }
    }
    for (const member of stretch) stretches.set(member, stretch);
  }
  return { stretchOf: (step) => stretches.get(step) ?? null };
}

function undirected(workflow: Workflow): readonly (readonly number[])[] {
  const neighbours: number[][] = workflow.steps.map(() => []);
  for (let step = 0; step < workflow.steps.length; step++) {
    for (const { target } of waysOut(workflow, step)) {
      neighbours[step]?.push(target);
      neighbours[target]?.push(step);
    }
  }
  return neighbours;
}

/** Breadth first from every step that an issue names. */
function keep(
  workflow: Workflow,
  report: AnalysisReport,
  neighbours: readonly (readonly number[])[],
): Uint8Array<ArrayBuffer> {
  const kept = new Uint8Array(workflow.steps.length);
  const faulty = new Set(report.issues.flatMap((issue) => issue.steps.map(({ id }) => id)));
  let ring = workflow.steps.flatMap(({ id, index }) => (faulty.has(id) ? [index] : []));
  for (const step of ring) kept[step] = 1;
  for (let distance = 0; distance < NEIGHBOURHOOD; distance++) {
    const next: number[] = [];
    for (const step of ring) {
      for (const neighbour of neighbours[step] ?? []) {
        if (kept[neighbour] === 1) continue;
        kept[neighbour] = 1;
        next.push(neighbour);
      }
    }
    ring = next;
  }
  return kept;
}
