import { type LocationOptions, type LocationProgress, locationSteps } from "@workflow-debugger/engine";
import { locationLayouts } from "@workflow-debugger/engine/layout";
import { auditEntries } from "@workflow-debugger/shared/contract";
import { uuidv7 } from "uuidv7";
import { drawn } from "./drawing.ts";
import { fromBytes, packed, toBytes } from "./packing.ts";
import type { MadeAnalysis, RunAnswer, RunTask } from "./run-messages.ts";

type Result = Extract<RunAnswer, { readonly answer: "result" }>;

/** Audits a location: every workflow for itself, and all of them together. */
export function audit({
  definitions,
  request,
  now,
  progress,
}: RunTask): Pick<Result, "parts" | "analyses" | "engineVersion"> {
  const options = { ...(fromBytes(request) as { readonly options: LocationOptions }).options, now };
  const done = new Int32Array(progress);
  const analyses: MadeAnalysis[] = [];
  const steps = locationSteps(definitions.map(fromBytes), options);
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) {
    const made = analysisOf(step.value);
    if (made !== null) analyses.push(made);
    Atomics.store(done, 0, step.value.done);
  }
  const { references, ...report } = step.value;
  const ids = new Map(analyses.map(({ position, id }) => [position, id]));
  return {
    parts: {
      overview: packed({ ...report, workflows: auditEntries(report.workflows, ids) }),
      references: packed(references),
      report: packed(step.value, "fast"),
      layouts: packed(locationLayouts(step.value)),
    },
    analyses,
    engineVersion: report.engineVersion,
  };
}

function analysisOf({ entry, workflow }: LocationProgress): MadeAnalysis | null {
  if (entry.status === "failed" || workflow === null) return null;
  const { report, index: position } = entry;
  const { score, grade, summary, engineVersion } = report;
  return {
    id: uuidv7(),
    position,
    workflowId: report.workflow.id,
    workflowName: report.workflow.name,
    report: toBytes(JSON.stringify(report)),
    ...drawn(workflow, report),
    columns: { score, grade, summary, engineVersion },
  };
}
