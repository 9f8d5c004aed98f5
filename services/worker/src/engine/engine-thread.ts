import { analyzeParsed, parseWorkflow, SimulationInputError, WorkflowFormatError } from "@workflow-debugger/engine";
import { audit } from "./audit-thread.ts";
import { drawn } from "./drawing.ts";
import { buffersOf, type EngineAnswer, type EngineTask, moving } from "./messages.ts";
import { fromBytes, toBytes } from "./packing.ts";
import type { RunAnswer, RunTask } from "./run-messages.ts";
import { simulation } from "./simulation-thread.ts";

/** Runs in a thread of its own: one definition in, one report out. Whatever it throws is a fault of the engine. */
export function analyzeDefinition(task: EngineTask): EngineAnswer {
  const answer = analyse(task);
  return moving(answer, buffersOf(answer));
}

/** The same for several small ones, one after the other; the answers stand in their order. */
export function analyzeDefinitions(tasks: readonly EngineTask[]): readonly EngineAnswer[] {
  const answers = tasks.map(analyse);
  return moving(answers, answers.flatMap(buffersOf));
}

function analyse(task: EngineTask): EngineAnswer {
  const start = performance.now();
  return usable(() => {
    const workflow = parseWorkflow(fromBytes(task.definition));
    const report = analyzeParsed(workflow, fromBytes(task.options) as object);
    const { score, grade, summary, engineVersion } = report;
    const bytes = toBytes(JSON.stringify(report));
    const durationMs = performance.now() - start;
    return {
      answer: "report",
      report: bytes,
      ...drawn(workflow, report),
      columns: { score, grade, summary, engineVersion },
      startedAt: performance.timeOrigin + start,
      durationMs,
    };
  });
}

/** The same for a run over many workflows. */
export function runLocation(task: RunTask): RunAnswer {
  const start = performance.now();
  return usable<RunAnswer>(() => {
    const result = task.kind === "audit" ? audit(task) : simulation(task);
    const buffers = [
      ...Object.values(result.parts),
      ...result.analyses.flatMap(({ report, layout }) => (layout === null ? [report] : [report, layout])),
    ];
    const times = { startedAt: performance.timeOrigin + start, durationMs: performance.now() - start };
    return moving<RunAnswer>({ answer: "result", ...result, ...times }, buffers);
  });
}

function usable<Answer>(work: () => Answer): Answer | { readonly answer: "unusable"; readonly message: string } {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof WorkflowFormatError || error instanceof SimulationInputError)) throw error;
    return { answer: "unusable", message: error.message };
  }
}
