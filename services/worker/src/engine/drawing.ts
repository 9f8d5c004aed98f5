import type { AnalysisReport, Workflow } from "@workflow-debugger/engine";
import { layouts } from "@workflow-debugger/engine/layout";
import type { EngineAnswer } from "./messages.ts";
import { packed } from "./packing.ts";

type Answered = Extract<EngineAnswer, { readonly answer: "report" }>;

/** A report without its drawing is worth more than none. */
export function drawn(workflow: Workflow, report: AnalysisReport): Pick<Answered, "layout" | "layoutFailure"> {
  try {
    return { layout: packed(layouts(workflow, report), "brief"), layoutFailure: null };
  } catch (error) {
    return { layout: null, layoutFailure: String(error).slice(0, 300) };
  }
}
