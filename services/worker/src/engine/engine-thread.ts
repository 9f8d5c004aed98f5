import { analyze, WorkflowFormatError } from "@workflow-debugger/engine";
import { type EngineAnswer, type EngineTask, moving } from "./messages.ts";

/** Runs in a thread of its own: one definition in, one report out. Whatever it throws is a fault of the engine. */
export function analyzeDefinition(task: EngineTask): EngineAnswer {
  const start = performance.now();
  try {
    const report = analyze(readJson(task.definition), readJson(task.options) as object);
    const { score, grade, summary, engineVersion } = report;
    const bytes = toBytes(report);
    return moving<EngineAnswer>(
      {
        answer: "report",
        report: bytes,
        layout: null,
        columns: { score, grade, summary, engineVersion },
        durationMs: performance.now() - start,
      },
      [bytes],
    );
  } catch (error) {
    if (!(error instanceof WorkflowFormatError)) throw error;
    return { answer: "unusable", message: error.message };
  }
}

function readJson(bytes: ArrayBuffer): unknown {
  return JSON.parse(Buffer.from(bytes).toString("utf8"));
}

function toBytes(value: unknown): ArrayBuffer {
  // A TextEncoder's result owns its buffer, where a small Buffer shares one that must not be transferred.
  return new TextEncoder().encode(JSON.stringify(value)).buffer;
}
