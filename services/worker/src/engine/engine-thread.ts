import { deflateRawSync } from "node:zlib";
import {
  type AnalysisReport,
  analyzeParsed,
  parseWorkflow,
  type Workflow,
  WorkflowFormatError,
} from "@workflow-debugger/engine";
import { layouts } from "@workflow-debugger/engine/layout";
import { type EngineAnswer, type EngineTask, moving } from "./messages.ts";

type Answered = Extract<EngineAnswer, { readonly answer: "report" }>;

/** Runs in a thread of its own: one definition in, one report out. Whatever it throws is a fault of the engine. */
export function analyzeDefinition(task: EngineTask): EngineAnswer {
  const start = performance.now();
  try {
    const workflow = parseWorkflow(readJson(task.definition));
    const report = analyzeParsed(workflow, readJson(task.options) as object);
    const { score, grade, summary, engineVersion } = report;
    const bytes = toBytes(JSON.stringify(report));
    const durationMs = performance.now() - start;
    const drawing = drawn(workflow, report);
    return moving<EngineAnswer>(
      {
        answer: "report",
        report: bytes,
        ...drawing,
        columns: { score, grade, summary, engineVersion },
        startedAt: performance.timeOrigin + start,
        durationMs,
      },
      drawing.layout === null ? [bytes] : [bytes, drawing.layout],
    );
  } catch (error) {
    if (!(error instanceof WorkflowFormatError)) throw error;
    return { answer: "unusable", message: error.message };
  }
}

function readJson(bytes: ArrayBuffer): unknown {
  return JSON.parse(Buffer.from(bytes).toString("utf8"));
}

/** A report without its drawing is worth more than none. */
function drawn(workflow: Workflow, report: AnalysisReport): Pick<Answered, "layout" | "layoutFailure"> {
  try {
    const text = JSON.stringify(layouts(workflow, report));
    return { layout: new Uint8Array(deflateRawSync(text)).buffer, layoutFailure: null };
  } catch (error) {
    return { layout: null, layoutFailure: String(error).slice(0, 300) };
  }
}

function toBytes(text: string): ArrayBuffer {
  // A TextEncoder's result owns its buffer, where a small Buffer shares one that must not be transferred.
  return new TextEncoder().encode(text).buffer;
}
